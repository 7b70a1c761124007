"""Creates a gateway's arguments from its settings, with endpoints of this and other stacks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi
from pulumi import Input, Output

from azure_llama.settings import GatewayMemberSettings, GatewayModelSettings, GatewaySettings, Settings
from azure_llama.stack.gateway_members import find_member, misfit
from azure_llama_components.endpoint import EndpointComponent
from azure_llama_components.gateway import Gateway, GatewayArgs
from azure_llama_components.gateway_backends import BreakerArgs, MemberArgs, PoolArgs
from azure_llama_components.gateway_service import ExistingServiceArgs, ServiceArgs
from azure_llama_components.gateway_teams import TeamArgs
from azure_llama_components.stack_group import Home, workspace_of


def make_gateway(settings: Settings, home: Home, endpoints: Mapping[str, EndpointComponent]) -> Gateway | None:
    """The gateway of a stack; None when it asks for none.

    Args:
        settings: Required. The stack's settings.
        home: Required. Where it is.
        endpoints: Required. The stack's own endpoints, by name.
    """
    asked = settings.gateway
    if asked is None:
        return None
    members = Members(endpoints)
    insights, after = asked.application_insights, None
    if insights == "workspace":
        workspace = workspace_of(home)
        group = f"/subscriptions/{home.subscription_id}/resourceGroups/{home.resource_group_name}"
        insights = f"{group}/providers/Microsoft.Insights/components/{workspace.names.application_insights}"
        after = workspace.resource
    return Gateway(
        "gateway",
        GatewayArgs(
            service=_service(asked, settings.tags),
            home=home,
            models={name: members.pool(name, model) for name, model in asked.models.items()},
            teams={name: TeamArgs(**team.model_dump()) for name, team in asked.teams.items()},
            vault_id=asked.key_vault,
            insights_id=insights,
            insights_after=after,
            timeout_seconds=asked.timeout_seconds,
        ),
    )


class Members:
    """Finds the endpoints of a gateway's models.

    Args:
        endpoints: Required. Those of this stack, by name.
    """

    def __init__(self, endpoints: Mapping[str, EndpointComponent]) -> None:
        self._endpoints = endpoints
        self._stacks: dict[str, Output[Any]] = {}

    def pool(self, name: str, model: GatewayModelSettings) -> PoolArgs:
        """The endpoints of one model.

        Args:
            name: Required. The model's name.
            model: Required. The model.
        """
        return PoolArgs(
            kind=model.endpoint_kind,
            members={key: self._member(name, key, model, each) for key, each in model.members.items()},
            deployment=model.deployment,
            audience=model.token_audience,
            breaker=BreakerArgs(**model.breaker.model_dump()),
        )

    def _member(self, name: str, key: str, model: GatewayModelSettings, asked: GatewayMemberSettings) -> MemberArgs:
        url, id_ = self._own(name, model, asked) if asked.stack is None else self._other(name, key, model, asked)
        return MemberArgs(
            owner="/".join(filter(None, (asked.stack, asked.endpoint))),
            url=url,
            endpoint_id=id_,
            priority=asked.priority,
            weight=asked.weight,
            secret=asked.secret,
            after=self._endpoints[asked.endpoint] if asked.stack is None else None,
        )

    def _own(self, name: str, model: GatewayModelSettings, asked: GatewayMemberSettings) -> tuple[Input[str], str]:
        endpoint = self._endpoints[asked.endpoint]
        entries = endpoint.entries(asked.endpoint)
        entry = entries.get(f"{asked.endpoint}/{model.deployment or name}") or entries[asked.endpoint]
        return entry["openaiBaseUrl"], endpoint.arm_id

    def _other(
        self, name: str, key: str, model: GatewayModelSettings, asked: GatewayMemberSettings
    ) -> tuple[Output[str], Output[str]]:
        stack = asked.stack or ""
        if stack not in self._stacks:
            self._stacks[stack] = pulumi.StackReference(stack).get_output("endpoints")
        deployment, where = model.deployment or name, f"azure-llama:gateway.models.{name}.members.{key}"
        entry = self._stacks[stack].apply(lambda endpoints: find_entry(endpoints, where, deployment, model, asked))
        return entry.apply(lambda known: known["openaiBaseUrl"]), entry.apply(lambda known: known["id"])


def find_entry(
    endpoints: Mapping[str, Mapping[str, Any]] | None,
    where: str,
    deployment: str,
    model: GatewayModelSettings,
    asked: GatewayMemberSettings,
) -> Mapping[str, Any]:
    """A member's entry in the output `endpoints` of its stack.

    Raises:
        pulumi.RunError: there is none, or it is not what the model needs.
    """
    what = f"{where}: endpoint {asked.endpoint!r} of stack {asked.stack}"
    if not endpoints:
        raise pulumi.RunError(
            f"{what} does not exist: the stack has no endpoints, because it is not deployed or has been destroyed."
            " Remove the member, or deploy that stack with `pulumi up` first."
        )
    found = find_member(endpoints, deployment, asked)
    if found is None:
        raise pulumi.RunError(
            f"{what}: its outputs have no model {deployment!r} there. Its endpoints: {', '.join(endpoints)}. Set"
            " endpoint and deployment to what it has."
        )
    problem = misfit(found, deployment, model)
    if problem is not None:
        raise pulumi.RunError(f"{what} {problem.rule}; {problem.remedy}")
    return found


def _service(asked: GatewaySettings, tags: Mapping[str, str]) -> ServiceArgs | ExistingServiceArgs:
    if asked.id is not None:
        return ExistingServiceArgs(id=asked.id)
    return ServiceArgs(
        name=asked.called,
        # The settings reject a service without them.
        publisher_name=asked.publisher_name or "",
        publisher_email=asked.publisher_email or "",
        sku=asked.sku,
        capacity=asked.capacity,
        tags={**tags, **asked.tags},
    )
