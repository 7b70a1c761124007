"""The backends of a gateway: one for each member, a pool for each model, and the roles to call them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pulumi import Input, Output, Resource
from pulumi_azure_native import apimanagement, authorization

from azure_llama.catalog import EndpointKind
from azure_llama.catalog.arm_ids import parse_arm_id
from azure_llama.settings.wire import seconds
from azure_llama_components import names
from azure_llama_components.assignments import Grantee, assign, built_in_role, definition_id
from azure_llama_components.gateway_service import Service

VAULT_ROLE = "Key Vault Secrets User"
"""The built-in role that lets the gateway read the members' keys."""
FAILURES = ((401, 401), (403, 404), (429, 429), (500, 599))
"""The answers, from one status to another, that count against a member; those that the policy retries."""


@dataclass(frozen=True, kw_only=True)
class BreakerArgs:
    """The circuit breaker of a member.

    Attributes:
        failures: Optional. After how many answers with 401, 403, 404, 429 or 5xx.
        interval_seconds: Optional. Within how many seconds they count.
        trip_seconds: Optional. For how many seconds, unless the member's answer has `Retry-After`.
    """

    failures: int = 1
    interval_seconds: int = 60
    trip_seconds: int = 60


@dataclass(frozen=True, kw_only=True)
class MemberArgs:
    """An endpoint that serves a model.

    Attributes:
        owner: Required. The endpoint with its stack, as a plain value: `contoso/llama/eastus2/contoso-eastus2`.
        url: Required. What OpenAI clients call `base_url`.
        endpoint_id: Required. ARM id of the endpoint; the role of callers is given there.
        priority: Optional. Members of the lowest number get all requests, as long as one of them works.
        weight: Optional. The member's part of the requests of its priority.
        secret: Conditional. The name of the secret with its key. Required where the gateway sends keys.
        after: Optional. The endpoint, where it is of the same stack: it has to exist before its role and the backend.
    """

    owner: str
    url: Input[str]
    endpoint_id: Input[str]
    priority: int = 1
    weight: int = 1
    secret: str | None = None
    after: Resource | None = None


@dataclass(frozen=True, kw_only=True)
class PoolArgs:
    """A model of a gateway.

    Attributes:
        kind: Required. The kind of its endpoints.
        members: Required. The endpoints, by name.
        deployment: Optional. The name that they have for the model; the model's when None.
        audience: Optional. What the token of the gateway's identity is for; None where it sends keys.
        breaker: Optional. When a member gets no requests for a while.
    """

    kind: EndpointKind
    members: Mapping[str, MemberArgs]
    deployment: str | None = None
    audience: str | None = None
    breaker: BreakerArgs = BreakerArgs()


def pool_id(model: str) -> str:
    """The id of the pool of a model."""
    return names.backend_id("pool", model)


def member_id(model: str, member: str) -> str:
    """The id of a member's backend, and of the named value with its key."""
    return names.backend_id("member", model, member)


class Backends:
    """Creates the backends of a gateway.

    Attributes:
        made: What the policy of the API refers to.
        roles: The roles of the gateway's identity, by what they are given on.
    """

    def __init__(self, logical: str, service: Service, vault_id: str | None) -> None:
        self._logical, self._service, self._vault_id = logical, service, vault_id
        self._grantee = Grantee(id=service.principal_id, name=service.arm_id)
        self.made: list[Resource] = []
        self.roles: dict[str, Resource] = {}

    def pool(self, model: str, args: PoolArgs) -> apimanagement.Backend:
        """The pool of a model, with its members."""
        members = {key: self._member(model, key, each, args) for key, each in args.members.items()}
        pool = apimanagement.Backend(
            f"{self._logical}-{model}",
            backend_id=pool_id(model),
            type="Pool",
            pool=apimanagement.BackendBaseParametersPoolArgs(
                services=[
                    apimanagement.BackendPoolItemArgs(id=members[key].id, priority=each.priority, weight=each.weight)
                    for key, each in args.members.items()
                ]
            ),
            **self._service.place,
            opts=self._service.options(*members.values()),
        )
        self.made.append(pool)
        return pool

    def _member(self, model: str, key: str, args: MemberArgs, pool: PoolArgs) -> apimanagement.Backend:
        credentials = None
        needs = [args.after] if args.after else []
        if pool.audience is None:
            needs.append(self._key(model, key, args))
            credentials = _credentials(pool.kind, member_id(model, key))
        else:
            # A member gets requests once the gateway may call it.
            needs.append(self._let_call(args, pool.kind))
        return apimanagement.Backend(
            f"{self._logical}-{model}.{key}",
            backend_id=member_id(model, key),
            type="Single",
            url=args.url.rstrip("/") if isinstance(args.url, str) else _without_slash(args.url),
            protocol="http",
            credentials=credentials,
            circuit_breaker=_breaker(pool.breaker),
            **self._service.place,
            opts=self._service.options(*needs),
        )

    def _key(self, model: str, key: str, args: MemberArgs) -> apimanagement.NamedValue:
        """The key of a member, which stays in its vault."""
        vault = parse_arm_id(self._vault_id or "")
        assert vault is not None, "the settings let through keys without a vault"
        role = self.roles.get(str(vault)) or assign(
            f"{self._logical}-vault",
            subscription_id=vault.subscription,
            scope=str(vault),
            role=built_in_role(VAULT_ROLE),
            to=self._grantee,
            opts=self._service.role_options(),
        )
        self.roles[str(vault)] = role
        return apimanagement.NamedValue(
            f"{self._logical}-{model}.{key}-key",
            named_value_id=member_id(model, key),
            display_name=member_id(model, key),
            secret=True,
            key_vault=apimanagement.KeyVaultContractCreatePropertiesArgs(
                secret_identifier=f"https://{vault.name.lower()}.vault.azure.net/secrets/{args.secret}"
            ),
            **self._service.place,
            opts=self._service.options(role),
        )

    def _let_call(self, args: MemberArgs, kind: EndpointKind) -> Resource:
        """Give the gateway's identity the role of callers on a member, once: it may serve several models."""
        if args.owner in self.roles:
            return self.roles[args.owner]
        role, endpoint = built_in_role(kind.caller_role), Output.from_input(args.endpoint_id)
        # The id of an endpoint of another stack is an output, and so is the subscription that it is in.
        self.roles[args.owner] = authorization.RoleAssignment(
            f"{self._logical}-calls-{args.owner.replace('/', '.')}",
            role_assignment_name=endpoint.apply(lambda id_: names.guid("assignment", id_, role, self._grantee.name)),
            scope=args.endpoint_id,
            role_definition_id=endpoint.apply(lambda id_: definition_id(id_.split("/")[2], role)),
            principal_id=self._grantee.id,
            principal_type=self._grantee.type,
            opts=self._service.role_options(*([args.after] if args.after else [])),
        )
        return self.roles[args.owner]


def _without_slash(url: Input[str]) -> Output[str]:
    known: Output[str] = Output.from_input(url)
    return known.apply(lambda text: text.rstrip("/"))


def _credentials(kind: EndpointKind, named_value: str) -> apimanagement.BackendCredentialsContractArgs:
    prefix = "Bearer " if kind.key_header == "Authorization" else ""
    return apimanagement.BackendCredentialsContractArgs(
        header={kind.key_header: [f"{prefix}{{{{{named_value}}}}}"]},
    )


def _breaker(args: BreakerArgs) -> apimanagement.BackendCircuitBreakerArgs:
    ranges: list[Any] = [
        apimanagement.FailureStatusCodeRangeArgs(min=lowest, max=highest) for lowest, highest in FAILURES
    ]
    return apimanagement.BackendCircuitBreakerArgs(
        rules=[
            apimanagement.CircuitBreakerRuleArgs(
                name="failures",
                failure_condition=apimanagement.CircuitBreakerFailureConditionArgs(
                    count=args.failures, interval=seconds(args.interval_seconds), status_code_ranges=ranges
                ),
                trip_duration=seconds(args.trip_seconds),
                accept_retry_after=True,
            )
        ]
    )
