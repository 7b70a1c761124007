"""A gateway: one address for models that several regions serve, with limits for each team."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field

from azure_llama.catalog import names
from azure_llama.catalog.arm_ids import ArmId, parse_arm_id
from azure_llama.catalog.gateways import SKUS, USABLE
from azure_llama.settings import checks, ids
from azure_llama.settings.base import StrictModel, in_each, relation
from azure_llama.settings.gateway_models import GatewayModelSettings, MemberName, PublicName
from azure_llama.settings.problems import Violation, below, listed, misspelt
from azure_llama.settings.values import TagName, TagValue, VaultId
from azure_llama.settings.wire import Wire, decides

SERVICE = "apimanagement:ApiManagementService"
PRODUCT_POLICY = "apimanagement:ProductPolicy"
API_POLICY = "apimanagement:ApiPolicy"
LOGGER = "apimanagement:Logger"
_BUILT_IN = frozenset({"master", "starter", "unlimited"})
"""Names of a subscription and of products that services have from the start."""
_OF_THE_SERVICE = frozenset({"sku", "capacity", "publisherName", "publisherEmail", "tags"})
"""Keys that describe the service itself, not what is in it."""


def _sku(text: str) -> str:
    """A SKU that has what a gateway of models needs."""
    if text in USABLE:
        return text
    if text in SKUS:
        raise Violation(f"{SKUS[text].missing}, which a gateway of models needs", f"set one of {listed(USABLE)}").error
    raise misspelt(text, USABLE, "is not a SKU of API Management", f"set one of {listed(USABLE)}").error


_service_id = ids.arm_id("Microsoft.ApiManagement/service", "an API Management service")
_insights_id = ids.arm_id("Microsoft.Insights/components", "an Application Insights component")
_INSIGHTS = ids.Refers("an Application Insights component", form="or workspace")


def _insights(text: str) -> str:
    """The workspace's own Application Insights, or another by its ARM id."""
    return text if text == "workspace" else _insights_id(text)


_email = checks.matching(r"[^\s@]+@[^\s@]+\.[^\s@]+", "is not an e-mail address", "set one such as 'ai@contoso.com'")
_publisher = checks.matching(r"\S(.{0,98}\S)?", "is not 1 to 100 characters", "set the name of your organization")
GatewayName = Annotated[str, AfterValidator(checks.named(names.API_MANAGEMENT))]
GatewaySkuName = Annotated[str, AfterValidator(checks.Check(_sku, {"enum": list(USABLE)}))]
Tokens = Annotated[int, AfterValidator(checks.at_least(1, "limit of tokens"))]


class TeamSettings(StrictModel):
    """Who calls the gateway with a key of their own.

    Attributes:
        tokens_per_minute: Optional. More are answered with 429 and `Retry-After`; no limit when not set.
        tokens_per_month: Optional. More are answered with 403; no limit when not set.
        models: Optional. The models of the gateway that the team can call; all of them when empty.
    """

    wire_resource: ClassVar[str] = PRODUCT_POLICY

    tokens_per_minute: Annotated[Tokens | None, decides("value")] = None
    tokens_per_month: Annotated[Tokens | None, decides("value")] = None
    models: Annotated[list[PublicName], decides("value")] = Field(default_factory=list)

    @relation
    def _models_are_different(self) -> Iterator[Violation]:
        yield from checks.repeated(self.models, ("models",))

    @relation
    def _a_minute_is_within_the_month(self) -> Iterator[Violation]:
        minute, month = self.tokens_per_minute, self.tokens_per_month
        if minute is not None and month is not None and minute > month:
            yield Violation(f"is above tokensPerMonth, {month}", "lower it", at=("tokensPerMinute",))


class GatewaySettings(StrictModel):
    """One address for models that several regions serve.

    Attributes:
        name: Conditional. The name of the API Management service, which is part of its address:
            `https://NAME.azure-api.net`. Required without `id`.
        id: Optional. ARM id of a service that exists already, in the stack's subscription and with a system-assigned
            identity: then the stack only creates what is in it.
        sku: Optional. `BasicV2`, `StandardV2`, `Developer` (no SLA) or `Premium`.
        capacity: Optional. Units of the SKU.
        publisher_name: Conditional. Your organization. Required without `id`.
        publisher_email: Conditional. Where Azure sends notifications about the service. Required without `id`.
        key_vault: Conditional. ARM id of the key vault with the keys of members. Required where a model has
            `auth: keys`, and only there.
        timeout_seconds: Optional. How many seconds a member has to begin its answer. Azure's network may end a longer
            wait than 240 seconds.
        application_insights: Optional. Where tokens are counted by team and model: ARM id of an Application Insights
            component, or `workspace` for that of the stack's own workspace; nowhere when not set.
        models: Required. The models, by the names that clients send as `model`.
        teams: Required. Who calls it, by name; each team has its own key.
        tags: Optional. Tags of the service, beside those of the stack.
    """

    wire_resource: ClassVar[str] = SERVICE

    name: Annotated[GatewayName | None, decides("serviceName")] = None
    id: Annotated[str, AfterValidator(_service_id)] | None = None
    sku: Annotated[Annotated[str, AfterValidator(checks.Check(_sku, {"enum": list(USABLE)}))], Wire("sku.name")] = (
        "StandardV2"
    )
    capacity: Annotated[Annotated[int, AfterValidator(checks.at_least(1, "capacity"))], Wire("sku.capacity")] = 1
    publisher_name: Annotated[Annotated[str, AfterValidator(_publisher)] | None, Wire("publisherName")] = None
    publisher_email: Annotated[Annotated[str, AfterValidator(_email)] | None, Wire("publisherEmail")] = None
    key_vault: VaultId | None = None
    timeout_seconds: Annotated[
        Annotated[int, AfterValidator(checks.between(1, 1800, "seconds of a timeout"))], decides("value", API_POLICY)
    ] = 240
    application_insights: Annotated[
        Annotated[str, AfterValidator(_insights), _INSIGHTS] | None, decides("credentials", LOGGER)
    ] = None
    models: dict[PublicName, GatewayModelSettings] = Field(description="a map of at least one model")
    teams: dict[MemberName, TeamSettings] = Field(description="a map of at least one team")
    tags: Annotated[dict[TagName, TagValue], decides("tags")] = Field(default_factory=dict)

    @relation
    def _is_named(self) -> Iterator[Violation]:
        if "id" in self.set_keys():
            for key in sorted((_OF_THE_SERVICE | {"name"}) & self._stated()):
                rule = "cannot be combined with id: the stack does not change a service that exists"
                yield Violation(rule, "remove it, or remove id", at=(key,), shown="")
            return
        for key, what in (("name", "name"), ("publisherName", "organization"), ("publisherEmail", "e-mail address")):
            if key not in self.set_keys():
                yield Violation("is missing", f"set the {what}, or id for a service that exists", at=(key,), shown="")

    @relation
    def _models_and_teams_exist(self) -> Iterator[Violation]:
        for key, what in (("models", "model"), ("teams", "team")):
            if not getattr(self, key):
                yield Violation(f"must have at least one {what}", "add one, or remove the gateway", at=(key,))

    @relation
    def _units_of_the_sku(self) -> Iterator[Violation]:
        most = SKUS[self.sku].most_units
        if most is not None and self.capacity > most:
            yield Violation(f"is above {most}, the most units of {self.sku}", "lower it", at=("capacity",))

    @relation
    def _names_differ(self) -> Iterator[Violation]:
        yield from below(("models",), checks.same_but_for_case(self.models, "model"))
        yield from below(("teams",), checks.same_but_for_case(self.teams, "team"))
        for team in self.teams:
            if team.lower() in _BUILT_IN:
                rule = "is the name of a product or subscription that each service has from the start"
                yield Violation(rule, "rename it", at=("teams", team))

        def members(model: GatewayModelSettings) -> Iterator[Violation]:
            yield from below(("members",), checks.same_but_for_case(model.members, "member"))

        yield from in_each("models", self.models, members)

    @relation
    def _models_of_teams(self) -> Iterator[Violation]:
        def check(team: TeamSettings) -> Iterator[Violation]:
            for index, name in enumerate(team.models):
                if name not in self.models:
                    rule, otherwise = "is not a model of the gateway", f"set one of {listed(list(self.models))}"
                    found = misspelt(name, self.models, rule, otherwise)
                    yield Violation(found.rule, found.remedy, found.nearest, at=("models", str(index)))

        yield from in_each("teams", self.teams, check)

    @relation
    def _keys_have_a_vault(self) -> Iterator[Violation]:
        needed = any(model.auth == "keys" for model in self.models.values())
        if needed and self.key_vault is None:
            rule = "is missing, and a model has auth: keys"
            yield Violation(rule, "set the ARM id of the vault with the members' keys", at=("keyVault",), shown="")
        if not needed and self.key_vault is not None:
            yield Violation("has no effect: no model has auth: keys", "remove it", at=("keyVault",), shown="")

    def _stated(self) -> frozenset[str]:
        return frozenset(type(self).model_fields[name].alias or name for name in self.model_fields_set)

    @property
    def existing(self) -> ArmId | None:
        """The parts of `id`; None for a service of the stack's own."""
        return None if self.id is None else parse_arm_id(self.id)

    @property
    def called(self) -> str:
        """The service's name, its own or that in `id`."""
        return self.name or (self.existing.name if self.existing else "")
