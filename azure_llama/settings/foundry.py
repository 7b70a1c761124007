"""Microsoft Foundry accounts, and the models that are deployed on them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from ipaddress import IPv4Network
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from azure_llama.catalog import names
from azure_llama.catalog.arm_ids import ArmId, parse_arm_id
from azure_llama.catalog.foundry import BUILT_IN_FILTERS
from azure_llama.catalog.kinds import FOUNDRY
from azure_llama.catalog.limits import DEPLOYMENTS_PER_ACCOUNT
from azure_llama.settings import checks, ids
from azure_llama.settings.base import InvalidValueError, StrictModel, in_each, relation
from azure_llama.settings.foundry_deployments import DEPLOYMENT, FILTER, FilterSettings, FoundryDeploymentSettings
from azure_llama.settings.kinds import EndpointSettings
from azure_llama.settings.managed import EndpointIdentitySettings
from azure_llama.settings.network import PrivateEndpointSettings
from azure_llama.settings.problems import Violation, below, listed, misspelt
from azure_llama.settings.values import Access, TagName, TagValue
from azure_llama.settings.wire import Wire, decides
from azure_llama.settings.workspace import EncryptionSettings

if TYPE_CHECKING:
    from azure_llama.settings.workspace import WorkspaceSettings

PROJECT = "cognitiveservices:Project"

_ACCOUNTS = "Microsoft.CognitiveServices/accounts"
_LOGS = "Microsoft.OperationalInsights/workspaces"
_OF_THE_ACCOUNT = frozenset(
    {"auth", "project", "network", "encryption", "identity", "diagnostics", "logAnalyticsId", "lock", "tags"}
)
"""Keys that describe the account itself, not what is in it."""

AccountName = Annotated[str, AfterValidator(checks.named(names.FOUNDRY_ACCOUNT))]
ChildName = Annotated[str, AfterValidator(checks.named(names.FOUNDRY_CHILD))]
AccountId = Annotated[
    str, AfterValidator(ids.arm_id(_ACCOUNTS, "a Foundry account", in_region=True, in_subscription=True))
]
LogsId = Annotated[str, AfterValidator(ids.arm_id(_LOGS, "a Log Analytics workspace"))]


def _range(text: str) -> str:
    """An IPv4 address, or a range of them, as Azure AI services take it."""
    with suppress(ValueError):
        if str(IPv4Network(text)) in (text, f"{text}/32"):
            return text
    rule = "is not an IPv4 address or a range of them"
    raise Violation(rule, "write it as '203.0.113.7' or '203.0.113.0/24'").error


IpRange = Annotated[str, AfterValidator(_range)]


class FoundryNetworkSettings(StrictModel):
    """Who reaches a Foundry account.

    Attributes:
        public_network_access: Optional. `Disabled`: the account answers only through private endpoints.
        ip_ranges: Optional. IPv4 addresses and ranges that reach it over the public network; all do when empty.
        private_endpoint: Optional. An address of the account in a virtual network.
    """

    public_network_access: Annotated[Access, Wire("properties.publicNetworkAccess")] = "Enabled"
    ip_ranges: Annotated[
        list[IpRange], decides("properties.networkAcls.ipRules"), decides("properties.networkAcls.defaultAction")
    ] = Field(default_factory=list)
    private_endpoint: PrivateEndpointSettings | None = None

    @relation
    def _ranges_need_public_access(self) -> Iterator[Violation]:
        if self.ip_ranges and self.public_network_access == "Disabled":
            rule = "cannot be combined with publicNetworkAccess: Disabled, which no address reaches"
            yield Violation(rule, "remove one of them", at=("ipRanges",), shown="")

    @relation
    def _ranges_are_different(self) -> Iterator[Violation]:
        yield from checks.repeated(self.ip_ranges, ("ipRanges",))


class FoundrySettings(EndpointSettings):
    """A Microsoft Foundry account: one address, and the deployments on it.

    Attributes:
        id: Optional. ARM id of an account that exists already, in the stack's subscription: then only `deployments`
            and `filters` can be set.
        sub_domain: Optional. The sub-domain of the addresses of an account that exists already; its name when not set.
        auth: Optional. What callers send: `AADToken` (Entra ID; the account has no keys), or `Key`.
        project: Optional. The name of a project of the account. Calls of a model need none.
        network: Optional. Who reaches the account.
        encryption: Optional. A key of your own; Microsoft's when not set. Only one that exists, which requires a
            user-assigned identity with access to it.
        identity: Optional. The identity of the account.
        diagnostics: Optional. Whether logs and metrics go to Log Analytics; as for the workspace when not set, and not
            without a workspace.
        log_analytics_id: Optional. ARM id of the Log Analytics workspace for them; that of the stack's workspace when
            not set.
        lock: Optional. A lock on the account. Remove it before you remove a deployment or a caller.
        filters: Optional. Content filters of the account's own, by name.
        tags: Optional. Tags of the account and its project, beside those of the stack.
        deployments: Required. At least one and at most 32, by the names that callers send as `model`.
    """

    wire_resource: ClassVar[str] = FOUNDRY.endpoint_type

    id: AccountId | None = None
    sub_domain: AccountName | None = None
    auth: Annotated[
        Literal["AADToken", "Key"], Wire("properties.disableLocalAuth", lambda auth: auth == "AADToken")
    ] = "AADToken"
    project: Annotated[ChildName | None, decides("projectName", PROJECT)] = None
    network: FoundryNetworkSettings = FoundryNetworkSettings()
    encryption: Annotated[EncryptionSettings | None, decides("properties.encryption")] = None
    identity: Annotated[EndpointIdentitySettings, decides("identity")] = EndpointIdentitySettings()
    diagnostics: bool | None = None
    log_analytics_id: LogsId | None = None
    lock: Literal["None", "CanNotDelete"] = "None"
    filters: Annotated[dict[ChildName, FilterSettings], decides("raiPolicyName", FILTER)] = Field(default_factory=dict)
    tags: Annotated[dict[TagName, TagValue], decides("tags")] = Field(default_factory=dict)
    deployments: Annotated[dict[ChildName, FoundryDeploymentSettings], decides("deploymentName", DEPLOYMENT)] = Field(
        description="a map of at least one deployment"
    )

    @relation
    def _number_of_deployments(self) -> Iterator[Violation]:
        most, number = DEPLOYMENTS_PER_ACCOUNT.low, len(self.deployments)
        if not number:
            remedy = "add a deployment, or remove the account"
            yield Violation("must have at least one deployment", remedy, at=("deployments",))
        if number > most:
            rule = f"has {number} deployments, and an account has {most} at most"
            yield Violation(rule, f"remove {number - most}", at=("deployments",), shown="")

    @relation
    def _names_within_the_account(self) -> Iterator[Violation]:
        yield from below(("deployments",), checks.same_but_for_case(self.deployments, "deployment"))
        yield from below(("filters",), checks.same_but_for_case(self.filters, "content filter"))

    @relation
    def _existing_is_not_changed(self) -> Iterator[Violation]:
        if "id" in self.set_keys():
            stated = {type(self).model_fields[name].alias for name in self.model_fields_set}
            for key in sorted(_OF_THE_ACCOUNT & stated):
                rule = "cannot be combined with id: the stack does not change an account that exists"
                yield Violation(rule, "remove it, or remove id", at=(key,), shown="")

    @relation
    def _sub_domain_is_of_an_existing_account(self) -> Iterator[Violation]:
        if "subDomain" in self.set_keys() and "id" not in self.set_keys():
            rule = "requires id: the sub-domain of an account of the stack is its name"
            yield Violation(rule, "remove it", at=("subDomain",))

    @relation
    def _logs_are_written(self) -> Iterator[Violation]:
        if self.diagnostics is False and self.log_analytics_id is not None:
            rule = "has no effect with diagnostics: false"
            yield Violation(rule, "remove it, or remove diagnostics", at=("logAnalyticsId",), shown="")

    @relation
    def _filters_are_known(self) -> Iterator[Violation]:
        known = (*BUILT_IN_FILTERS, *self.filters)

        def check(deployment: FoundryDeploymentSettings) -> Iterator[Violation]:
            if deployment.content_filter not in known:
                rule, otherwise = "is not a content filter of the account", f"set one of {listed(list(known))}"
                found = misspelt(deployment.content_filter, known, rule, otherwise)
                yield Violation(found.rule, found.remedy, found.nearest, at=("contentFilter",))

        if "id" not in self.set_keys():
            yield from in_each("deployments", self.deployments, check)

    @relation
    def _filters_start_from_a_built_in_one(self) -> Iterator[Violation]:
        def check(asked: FilterSettings) -> Iterator[Violation]:
            if asked.base not in BUILT_IN_FILTERS:
                rule, otherwise = "is not a built-in content filter", f"set one of {listed(list(BUILT_IN_FILTERS))}"
                found = misspelt(asked.base, BUILT_IN_FILTERS, rule, otherwise)
                yield Violation(found.rule, found.remedy, found.nearest, at=("base",))

        built_in = {name.casefold() for name in BUILT_IN_FILTERS}
        for name in self.filters:
            if name.casefold() in built_in:
                rule = "is the name of a built-in content filter, which every account has"
                yield Violation(rule, "rename it", at=("filters", name), shown="")
        yield from in_each("filters", self.filters, check)

    @relation
    def _key_exists_and_is_reached(self) -> Iterator[Violation]:
        if self.encryption is None:
            return
        with suppress(InvalidValueError):
            if self.encryption.create:
                rule = "cannot be set for an account, which takes a key that exists"
                yield Violation(rule, "set keyVaultId and keyIdentifier", at=("encryption", "create"), shown="")
        if self.identity.type != "UserAssigned":
            rule = "requires a user-assigned identity, which has access to the key before the account exists"
            yield Violation(rule, "set identity: {type: UserAssigned, id: ...}", at=("encryption",), shown="")

    @property
    def existing(self) -> ArmId | None:
        """The parts of `id`; None for an account of the stack's own."""
        return None if self.id is None else parse_arm_id(self.id)

    @property
    def exists(self) -> bool:
        """Whether the account exists already, outside this stack."""
        return self.id is not None

    @property
    def existing_account(self) -> str | None:
        """`id`."""
        return self.id

    @property
    def has_keys(self) -> bool:
        """Whether the account has keys that this stack can read."""
        return self.auth == "Key" and not self.exists

    @property
    def lock_level(self) -> Literal["None", "CanNotDelete"]:
        """The lock on the account."""
        return self.lock

    @property
    def assigned_identity(self) -> str | None:
        """ARM id of its user-assigned identity; None when it has none."""
        return self.identity.id

    @property
    def model_names(self) -> tuple[str, ...]:
        """The names of its deployments."""
        return tuple(self.deployments)

    def names_by_token(self, name: str) -> tuple[str, ...]:
        """Its deployments, but for those with throughput units."""
        return tuple(f"{name}/{key}" for key, each in self.deployments.items() if not each.paid_by_unit)

    def violations_in(self, workspace: WorkspaceSettings | None) -> Iterator[Violation]:
        """Diagnostics need a Log Analytics."""
        own = workspace is not None and "id" not in workspace.set_keys()
        if self.diagnostics and not own and self.log_analytics_id is None:
            rule = "requires Log Analytics, which this stack creates only with a workspace of its own"
            yield Violation(rule, "set logAnalyticsId, or remove it", at=("diagnostics",))
