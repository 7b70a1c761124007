"""A gateway: one address for models that several regions serve, on API Management."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pulumi import ComponentResource, InvokeOutputOptions, Output, Resource, ResourceOptions
from pulumi_azure_native import apimanagement, applicationinsights

from azure_llama.catalog.arm_ids import parse_arm_id
from azure_llama_components.azure_calls import answered
from azure_llama_components.gateway_backends import Backends, PoolArgs, pool_id
from azure_llama_components.gateway_policy import KEY_HEADER, MODELS_OPERATION, Route, api_policy
from azure_llama_components.gateway_service import (
    ExistingServiceArgs,
    Service,
    ServiceArgs,
    create_service,
    existing_service,
)
from azure_llama_components.gateway_teams import TeamArgs, create_team
from azure_llama_components.stack_group import Home

API = "openai"
"""The id of the gateway's API."""
PATH = "openai/v1"
"""What the address ends in, so that clients of OpenAI work."""
OPERATIONS = {"chat-completions": ("POST", "/chat/completions"), MODELS_OPERATION: ("GET", "/models")}
"""Method and path of each operation, by its id. None that members answer with 404: it would trip all their breakers."""


@dataclass(frozen=True, kw_only=True)
class GatewayArgs:
    """Arguments of a gateway.

    Attributes:
        service: Required. Its API Management service.
        home: Required. Where it is: a workspace, for its resource group, or the resource group of the stack.
        models: Required. The pool behind each model, by the name that clients send.
        teams: Required. Who calls it, by name.
        vault_id: Conditional. ARM id of the vault with the members' keys. Required where a pool takes keys.
        insights_id: Optional. ARM id of an Application Insights component that counts tokens by team and model.
        insights_after: Optional. What has to exist before that component is read.
        timeout_seconds: Optional. How long a member has to begin its answer.
    """

    service: ServiceArgs | ExistingServiceArgs
    home: Home
    models: Mapping[str, PoolArgs]
    teams: Mapping[str, TeamArgs]
    vault_id: str | None = None
    insights_id: str | None = None
    insights_after: Resource | None = None
    timeout_seconds: int = 240


class Gateway(ComponentResource):
    """A gateway: a service, a pool for each model, one API with one policy, and a product for each team.

    Attributes:
        arm_id: ARM id of the service, as a plain value.
        resource: The service itself; None when it existed already.
        keys: primary and secondary of each team, as one secret.
        outputs: id, name, url, baseUrl (what OpenAI clients call `base_url`), keyHeader, models and teams.

    Raises:
        pulumi.RunError: a service that exists is not in the stack's subscription, or has no identity.
    """

    def __init__(self, name: str, args: GatewayArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("azure-llama:index:Gateway", name, {}, opts)
        service = (
            create_service(name, args.service, args.home, self)
            if isinstance(args.service, ServiceArgs)
            else existing_service(args.service, args.home, self)
        )
        self.arm_id, self.resource = service.arm_id, service.resource
        backends = Backends(name, service, args.vault_id)
        for model, pool in args.models.items():
            backends.pool(model, pool)
        api = self._api(name, args, service, backends)
        keys = {team: create_team(name, team, each, service, api) for team, each in args.teams.items()}
        self.keys: Output[dict[str, dict[str, str | None]]] = Output.secret(Output.all(**keys))
        self.outputs = _outputs(args, service)
        self.register_outputs({**self.outputs, "keys": self.keys})

    def _api(self, name: str, args: GatewayArgs, service: Service, backends: Backends) -> apimanagement.Api:
        api = apimanagement.Api(
            f"{name}-api",
            api_id=API,
            display_name="Models",
            path=PATH,
            protocols=["https"],
            api_type="http",
            subscription_required=True,
            subscription_key_parameter_names=apimanagement.SubscriptionKeyParameterNamesContractArgs(
                header=KEY_HEADER, query=KEY_HEADER
            ),
            **service.place,
            opts=service.options(),
        )
        for operation, (method, path) in OPERATIONS.items():
            apimanagement.ApiOperation(
                f"{name}-{operation}",
                operation_id=operation,
                api_id=API,
                display_name=operation,
                method=method,
                url_template=path,
                **service.place,
                opts=service.options(api),
            )
        counted = [self._metrics(name, args, service, api)] if args.insights_id else []
        apimanagement.ApiPolicy(
            f"{name}-policy",
            policy_id="policy",
            api_id=API,
            format="xml",
            value=api_policy(_routes(args), timeout=args.timeout_seconds, metrics=bool(args.insights_id)),
            **service.place,
            opts=service.options(api, *backends.made, *counted),
        )
        return api

    def _metrics(self, name: str, args: GatewayArgs, service: Service, api: apimanagement.Api) -> Resource:
        """Where the policy counts tokens."""
        component = parse_arm_id(args.insights_id or "")
        assert component is not None, "the settings let through a component without an id"
        read = answered(
            f"gateway {service.name!r}: read the Application Insights component {component.name}",
            applicationinsights.get_component_output(
                resource_name=component.name,
                resource_group_name=component.resource_group,
                opts=InvokeOutputOptions(
                    parent=self, depends_on=[args.insights_after] if args.insights_after else None
                ),
            ),
            after=args.insights_after,
        )
        connection: Output[str] = Output.secret(read.apply(lambda known: known.connection_string))
        logger = apimanagement.Logger(
            f"{name}-logger",
            logger_id="applicationinsights",
            logger_type="applicationInsights",
            resource_id=str(component),
            credentials={"connectionString": connection},
            **service.place,
            opts=service.options(),
        )
        return apimanagement.ApiDiagnostic(
            f"{name}-diagnostic",
            diagnostic_id="applicationinsights",
            api_id=API,
            logger_id=logger.id,
            metrics=True,
            **service.place,
            opts=service.options(api, logger),
        )


def _routes(args: GatewayArgs) -> list[Route]:
    return [
        Route(
            model=model,
            pool=pool_id(model),
            members=len(pool.members),
            audience=pool.audience,
            deployment=pool.deployment,
        )
        for model, pool in args.models.items()
    ]


def _outputs(args: GatewayArgs, service: Service) -> dict[str, Any]:
    id_ = service.resource.id if service.resource else service.arm_id
    return {
        "id": id_,
        "name": service.name,
        "url": service.url,
        "baseUrl": service.url.apply(lambda url: f"{url}/{PATH}/"),
        "keyHeader": KEY_HEADER,
        "models": {
            model: {"kind": pool.kind.name, "deployment": pool.deployment or model, "members": sorted(pool.members)}
            for model, pool in args.models.items()
        },
        "teams": {
            team: {
                "tokensPerMinute": each.tokens_per_minute,
                "tokensPerMonth": each.tokens_per_month,
                "models": list(each.models or args.models),
            }
            for team, each in args.teams.items()
        },
    }
