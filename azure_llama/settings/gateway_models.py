"""The models of a gateway: the pool of endpoints behind each, and their circuit breakers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from azure_llama.catalog import EndpointKind
from azure_llama.catalog.kinds import FOUNDRY
from azure_llama.settings import checks
from azure_llama.settings.base import CatalogModel, StrictModel, relation
from azure_llama.settings.problems import Violation, show
from azure_llama.settings.wire import decides

BACKEND = "apimanagement:Backend"
LONGEST_MODEL = 50
LONGEST_LABEL = 24
"""Characters of a member's and of a team's name."""
MOST_MEMBERS = 30
"""Members of a pool, which API Management limits."""


PublicName = Annotated[
    str,
    AfterValidator(
        checks.matching(
            rf"[A-Za-z0-9][A-Za-z0-9._-]{{0,{LONGEST_MODEL - 1}}}",
            f"is not 1 to {LONGEST_MODEL} letters, digits, dots, dashes and underscores",
            "rename it, for example to 'llama-33-70b'",
        )
    ),
]
"""What a client sends as `model`."""
MemberName = Annotated[
    str,
    AfterValidator(
        checks.matching(
            rf"[A-Za-z]([A-Za-z0-9-]{{0,{LONGEST_LABEL - 2}}}[A-Za-z0-9])?",
            f"is not 1 to {LONGEST_LABEL} letters, digits and dashes that begin with a letter and end with no dash",
            "rename it, for example to 'eastus2'",
        )
    ),
]
"""A member of a pool, or a team: part of the names of resources in API Management."""
StackName = Annotated[
    str,
    AfterValidator(
        checks.matching(
            r"[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+",
            "is not the full name of a stack",
            "write it as ORG/PROJECT/STACK, with 'organization' as ORG for a backend other than Pulumi Cloud",
        )
    ),
]
SecretName = Annotated[
    str,
    AfterValidator(
        checks.matching("[A-Za-z0-9-]{1,127}", "is not the name of a secret", "set 1 to 127 letters, digits and dashes")
    ),
]
KindName = Annotated[str, AfterValidator(checks.kind)]
EndpointName = Annotated[
    str,
    AfterValidator(
        checks.matching(r"[^\s/]{1,64}", "is not the name of an endpoint", "set the name that its stack has")
    ),
]
DeploymentName = Annotated[
    str,
    AfterValidator(
        checks.matching(
            r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", "is not the name of a deployment", "set the one that all members have"
        )
    ),
]
Audience = Annotated[
    str,
    AfterValidator(
        checks.matching(
            r"(https|api)://[A-Za-z0-9./_-]+", "is not an audience", "set a URL such as 'https://ai.azure.com'"
        )
    ),
]
Share = Annotated[int, AfterValidator(checks.between(1, 100, "the weights of a pool"))]
Priority = Annotated[int, AfterValidator(checks.between(1, 100, "the priorities of a pool"))]


class BreakerSettings(StrictModel):
    """When a member gets no requests for a while: after answers with 401, 403, 404, 429 or 5xx.

    Attributes:
        failures: Optional. After how many of them.
        interval_seconds: Optional. Within how many seconds they count.
        trip_seconds: Optional. For how many seconds the member gets no requests; the member's `Retry-After` instead,
            where its answer has one.
    """

    failures: Annotated[
        Annotated[int, AfterValidator(checks.between(1, 10000, "failures"))],
        decides("rules.0.failureCondition.count"),
    ] = 1
    interval_seconds: Annotated[
        Annotated[int, AfterValidator(checks.between(1, 86400, "seconds of an interval"))],
        decides("rules.0.failureCondition.interval"),
    ] = 60
    trip_seconds: Annotated[
        Annotated[int, AfterValidator(checks.between(1, 86400, "seconds without requests"))],
        decides("rules.0.tripDuration"),
    ] = 60


class GatewayMemberSettings(StrictModel):
    """An endpoint that serves a model of the gateway.

    Attributes:
        endpoint: Required. The endpoint's name in its stack; for Foundry that of the account.
        stack: Optional. The stack that has it, as ORG/PROJECT/STACK; this stack when not set.
        priority: Optional. Members of the lowest number get all requests, as long as one of them works.
        weight: Optional. The member's part of the requests, relative to the others of its priority.
        secret: Conditional. The name of the secret of `keyVault` that holds the member's key. Required with
            `auth: keys`.
    """

    endpoint: Annotated[EndpointName, decides("url")] = Field(description="the name of an endpoint")
    stack: StackName | None = None
    priority: Annotated[Priority, decides("pool.services")] = 1
    weight: Annotated[Share, decides("pool.services")] = 1
    secret: Annotated[SecretName | None, decides("credentials")] = None


class GatewayModelSettings(CatalogModel):
    """A model of the gateway, and the endpoints that serve it.

    Attributes:
        kind: Optional. The kind of all its endpoints.
        deployment: Optional. The name that all its endpoints have for the model: the deployment of a Foundry account,
            what callers of the other kinds send as `model`. The model's name when not set.
        auth: Optional. What the gateway sends to the endpoints: a token of its `identity`, or their `keys`.
        audience: Optional. What the token is for; that of the kind when not set. Microsoft's pages also have
            `https://ai.azure.com` for Foundry.
        breaker: Optional. When an endpoint gets no requests for a while.
        members: Required. The endpoints, by names of your own.
    """

    wire_resource: ClassVar[str] = BACKEND

    kind: KindName = FOUNDRY.name
    deployment: DeploymentName | None = None
    auth: Annotated[Literal["identity", "keys"], decides("credentials")] = "identity"
    audience: Audience | None = None
    breaker: Annotated[BreakerSettings, decides("circuitBreaker")] = BreakerSettings()
    members: dict[MemberName, GatewayMemberSettings] = Field(description="a map of at least one endpoint")

    @relation
    def _has_members(self) -> Iterator[Violation]:
        if not self.members:
            yield Violation("must have at least one member", "add one, or remove the model", at=("members",))
        if len(self.members) > MOST_MEMBERS:
            rule = f"must have at most {MOST_MEMBERS} members, and has {len(self.members)}"
            yield Violation(rule, "remove the others", at=("members",), shown="")

    @relation
    def _members_are_different(self) -> Iterator[Violation]:
        seen: dict[tuple[str | None, str], str] = {}
        for name, member in self.members.items():
            first = seen.setdefault((member.stack, member.endpoint.casefold()), name)
            if first != name:
                rule = f"is the endpoint of {show(first)}, too"
                yield Violation(
                    rule, "remove one of them; set weight for more requests", at=("members", name), shown=""
                )

    @relation
    def _priorities_begin_with_one(self) -> Iterator[Violation]:
        lowest = min((member.priority for member in self.members.values()), default=1)
        if lowest > 1:
            for name, member in self.members.items():
                if member.priority == lowest:
                    rule = "is the lowest of the pool, and the first priority is 1"
                    yield Violation(rule, "set 1", at=("members", name, "priority"))

    @relation
    def _weights_have_others(self) -> Iterator[Violation]:
        groups: dict[int, list[str]] = {}
        for name, member in self.members.items():
            groups.setdefault(member.priority, []).append(name)
        for names in groups.values():
            if len(names) == 1 and "weight" in self.members[names[0]].set_keys():
                rule = "has no effect: the member is the only one of its priority"
                yield Violation(rule, "remove it", at=("members", names[0], "weight"))

    @relation
    def _secrets_are_of_keys(self) -> Iterator[Violation]:
        for name, member in self.members.items():
            at = ("members", name, "secret")
            if self.auth == "keys" and member.secret is None:
                yield Violation("is missing, and auth is keys", "set the name of the key's secret", at=at, shown="")
            if self.auth == "identity" and member.secret is not None:
                yield Violation("requires auth: keys", "remove it, or set auth: keys", at=at)

    @relation
    def _audience_is_of_the_identity(self) -> Iterator[Violation]:
        if self.auth == "keys" and self.audience is not None:
            yield Violation("requires auth: identity", "remove it", at=("audience",))

    @property
    def endpoint_kind(self) -> EndpointKind:
        """The kind of its endpoints."""
        return next(kind for kind in self._catalog.kinds if kind.name == self.kind)

    @property
    def token_audience(self) -> str | None:
        """The audience of the token of the gateway's identity; None with keys."""
        return None if self.auth == "keys" else self.audience or self.endpoint_kind.audience
