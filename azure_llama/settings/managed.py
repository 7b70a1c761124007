"""Managed endpoints: identity, traffic and mirroring over their deployments, and shared quota."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from azure_llama.catalog import names
from azure_llama.catalog.kinds import MANAGED
from azure_llama.catalog.limits import DEPLOYMENTS_PER_ENDPOINT, MIRROR_TRAFFIC, SHARED_QUOTA_HOURS
from azure_llama.settings import checks
from azure_llama.settings.base import StrictModel, in_each, relation
from azure_llama.settings.deployments import DeploymentSettings
from azure_llama.settings.kinds import EndpointSettings
from azure_llama.settings.problems import Violation, below, listed, misspelt, show
from azure_llama.settings.times import Moment
from azure_llama.settings.values import Access, IdentityId, TagName, TagValue
from azure_llama.settings.wire import Wire, decides, unless_empty

if TYPE_CHECKING:
    from azure_llama.settings.workspace import WorkspaceSettings

ManagedName = Annotated[str, AfterValidator(checks.named(names.ONLINE_ENDPOINT))]
DeploymentName = Annotated[str, AfterValidator(checks.named(names.ONLINE_DEPLOYMENT))]
MirrorPercentage = Annotated[
    int, AfterValidator(checks.between(1, MIRROR_TRAFFIC.low, "the percentage that Azure can mirror"))
]
_OF_THE_ENDPOINT = frozenset(
    {"auth", "publicNetworkAccess", "identity", "mirrorTraffic", "sharedQuota", "diagnostics"}
    | {"description", "properties", "stopped"}
)
"""Keys that describe the endpoint itself, not its deployments."""


class EndpointIdentitySettings(StrictModel):
    """The identity of an endpoint; a managed endpoint reads its model and its image with it.

    Attributes:
        type: Optional. `SystemAssigned` gets its roles from Azure. `UserAssigned` has the roles that you give it: for a
            managed endpoint Storage Blob Data Reader on the workspace's storage account and AcrPull on its registry.
        id: Conditional. ARM id of the identity. Required with `UserAssigned`, and only then.
    """

    type: Literal["SystemAssigned", "UserAssigned"] = "SystemAssigned"
    id: IdentityId | None = None

    @relation
    def _id_is_of_a_user_assigned_identity(self) -> Iterator[Violation]:
        has_id = "id" in self.set_keys()
        if self.type == "UserAssigned" and not has_id:
            rule = "is missing, and type: UserAssigned requires an identity that exists"
            yield Violation(rule, "set its ARM id", at=("id",), shown="")
        elif self.type == "SystemAssigned" and has_id:
            rule = "requires type: UserAssigned"
            yield Violation(rule, "set type: UserAssigned, or remove it", at=("id",), shown="")


class SharedQuotaSettings(StrictModel):
    """Azure's shared quota, for tests: no GPU quota of your own, and Azure deletes the endpoint after 168 hours.

    Attributes:
        since: Required. When the 168 hours begin, with its time zone; not in the future. Explicit, since a plan must
            not depend on the clock.
    """

    since: Moment = Field(description="when the 168 hours begin, such as '2026-11-25T18:00:00Z'")

    @property
    def deletion(self) -> datetime:
        """When Azure deletes the endpoint, in UTC."""
        return self.since + timedelta(hours=SHARED_QUOTA_HOURS.low)


class ManagedSettings(EndpointSettings):
    """A managed endpoint: one address, and the deployments behind it.

    Attributes:
        existing: Optional. Whether the endpoint exists already, outside this stack: then only `deployments` can be set,
            without traffic.
        stopped: Optional. Whether all its deployments are stopped. The endpoint keeps its name, URL and keys, and
            answers 404 meanwhile.
        auth: Optional. What callers send: `AADToken` (Entra ID; there are no keys), `AMLToken` or `Key`.
        public_network_access: Optional. `Disabled`: callers come through the workspace's private endpoint.
        identity: Optional. The identity with which the endpoint reads its model and its image.
        mirror_traffic: Optional. One deployment, and the percentage of requests, 1 to 50, that it gets a copy of. Its
            answers are discarded. It must not have live traffic.
        content_safety: Optional. Managed endpoints have no filter of their own. Unless each of them sets `false`, the
            stack has one Azure AI Content Safety account for their callers.
        shared_quota: Optional. Azure's shared quota, for tests without GPU quota of your own.
        diagnostics: Optional. Whether logs (traffic, console, events) and metrics go to the stack's Log Analytics; as
            for the workspace when not set.
        description: Optional. For people.
        tags: Optional. Tags of the endpoint and its deployments, beside those of the stack.
        properties: Optional. Entries of the endpoint's own map in Azure, which an endpoint made elsewhere may have. Set
            them, `description` and `tags` for an endpoint that you adopt: the stack states the whole endpoint.
        deployments: Required. At least one and at most 20, by names like the endpoint's.
    """

    wire_resource: ClassVar[str] = MANAGED.endpoint_type

    existing: bool = False
    stopped: bool = False
    auth: Annotated[Literal["AADToken", "AMLToken", "Key"], Wire("properties.authMode")] = "AADToken"
    public_network_access: Annotated[Access, Wire("properties.publicNetworkAccess")] = "Enabled"
    identity: Annotated[EndpointIdentitySettings, decides("identity")] = EndpointIdentitySettings()
    mirror_traffic: Annotated[dict[str, MirrorPercentage], Wire("properties.mirrorTraffic", unless_empty)] = Field(
        default_factory=dict
    )
    content_safety: bool = True
    shared_quota: Annotated[SharedQuotaSettings | None, decides("properties.properties")] = None
    diagnostics: bool | None = None
    description: Annotated[str | None, Wire("properties.description")] = None
    tags: Annotated[dict[TagName, TagValue], decides("tags")] = Field(default_factory=dict)
    properties: Annotated[dict[str, str], Wire("properties.properties", unless_empty)] = Field(default_factory=dict)
    deployments: dict[DeploymentName, DeploymentSettings] = Field(description="a map of at least one deployment")

    @relation
    def _number_of_deployments(self) -> Iterator[Violation]:
        most = DEPLOYMENTS_PER_ENDPOINT.low
        number = len(self.deployments)
        if not number:
            remedy = "add a deployment, or remove the endpoint"
            yield Violation("must have at least one deployment", remedy, at=("deployments",))
        if number > most:
            rule = f"has {number} deployments, and an endpoint has {most} at most"
            yield Violation(rule, f"remove {number - most}", at=("deployments",), shown="")

    @relation
    def _names_of_deployments(self) -> Iterator[Violation]:
        yield from below(("deployments",), checks.same_but_for_case(self.deployments, "deployment"))

    @relation
    def _existing_is_not_changed(self) -> Iterator[Violation]:
        rule, remedy = "cannot be set when existing: true", "remove it, or remove existing"

        def check(deployment: DeploymentSettings) -> Iterator[Violation]:
            if "traffic" in deployment.set_keys():
                yield Violation(rule, remedy, at=("traffic",), shown="")

        if self.existing:
            stated = {type(self).model_fields[name].alias for name in self.model_fields_set}
            for key in sorted(_OF_THE_ENDPOINT & stated):
                yield Violation(rule, remedy, at=(key,), shown="")
            yield from in_each("deployments", self.deployments, check)

    @relation
    def _traffic_is_complete(self) -> Iterator[Violation]:
        if self.existing:
            return
        running = self.running or self.deployments
        yield from below(("deployments",), _sums({name: each.traffic for name, each in running.items()}))
        idle = not any(self.traffic[name] for name in running)
        for name in (name for name, each in self.deployments.items() if idle and name not in running and each.traffic):
            rule = "goes to a deployment that is stopped, and the running ones have none"
            remedy = "give traffic to one that runs, or set stopped: true on the endpoint"
            yield Violation(rule, remedy, at=("deployments", name, "traffic"))

    @relation
    def _mirrors_to_one(self) -> Iterator[Violation]:
        if not self.existing and len(self.mirror_traffic) > 1:
            rule = f"has {len(self.mirror_traffic)} deployments, and Azure mirrors to one"
            yield Violation(rule, "keep one of them", at=("mirrorTraffic",), shown="")

    @relation
    def _mirrors_to_an_idle_deployment(self) -> Iterator[Violation]:
        for name in () if self.existing else self.mirror_traffic:
            where = ("mirrorTraffic", name)
            if name not in self.deployments:
                remedy = f"name one of {listed(list(self.deployments))}"
                violation = misspelt(name, self.deployments, "is not a deployment of this endpoint", remedy)
                yield replace(violation, at=where, shown=show(name))
            elif self.deployments[name].stopped and not self.stopped:
                yield Violation("is stopped", "mirror to one that runs", at=where, shown=show(name))
            elif len(self.deployments) == 1 or self.deployments[name].traffic:
                rule = "has live traffic, and Azure gives a deployment live or mirrored traffic, not both"
                yield Violation(rule, "set its traffic to 0, or mirror to another one", at=where, shown=show(name))

    @relation
    def _models_are_on_shared_quota(self) -> Iterator[Violation]:
        """Only models that are known not to be served on shared quota are rejected."""

        def check(deployment: DeploymentSettings) -> Iterator[Violation]:
            model = deployment.reference.model
            if model is not None and model.managed.shared_quota is False:
                rule = f"is not served on shared quota (source {model.managed.source})"
                yield Violation(rule, "remove sharedQuota", at=("model",))

        if "sharedQuota" in self.set_keys():
            yield from in_each("deployments", self.deployments, check)

    @property
    def traffic(self) -> dict[str, int]:
        """The percentage of every deployment: 100 for a single one that does not set it, else 0 where it is not set.

        A deployment that is stopped gets it when it is started. Empty for an endpoint that exists already: this stack
        does not set its traffic.
        """
        if self.existing:
            return {}
        usual = 100 if len(self.deployments) == 1 else 0
        return {name: usual if each.traffic is None else each.traffic for name, each in self.deployments.items()}

    @property
    def running(self) -> dict[str, DeploymentSettings]:
        """The deployments that are not stopped."""
        return {} if self.stopped else {name: each for name, each in self.deployments.items() if not each.stopped}

    @property
    def has_keys(self) -> bool:
        """Whether the endpoint has keys that this stack can read."""
        return self.auth == "Key" and not self.existing

    @property
    def exists(self) -> bool:
        """Whether the endpoint exists already, outside this stack."""
        return self.existing

    @property
    def url_is_known(self) -> bool:
        """Whether this stack knows its address."""
        return not self.existing

    @property
    def machines(self) -> Mapping[str, DeploymentSettings]:
        """Its deployments that are not stopped, by name."""
        return self.running

    @property
    def stopped_machines(self) -> tuple[str, ...]:
        """All, when the endpoint is stopped."""
        return tuple(name for name in self.deployments if name not in self.running)

    @property
    def shares_quota(self) -> bool:
        """Whether its deployments are on Azure's shared quota."""
        return self.shared_quota is not None

    @property
    def assigned_identity(self) -> str | None:
        """ARM id of its user-assigned identity; None when it has none."""
        return self.identity.id

    @property
    def needs_content_safety(self) -> bool:
        """Whether the stack has an Azure AI Content Safety account for callers of this endpoint."""
        return self.content_safety

    def violations_in(self, workspace: WorkspaceSettings | None) -> Iterator[Violation]:
        """Diagnostics need the Log Analytics of the stack's own workspace."""
        if workspace is not None and "id" in workspace.set_keys() and self.diagnostics:
            rule = "requires Log Analytics, which this stack creates only with a workspace of its own"
            yield Violation(rule, "remove it", at=("diagnostics",))


def _sums(weights: dict[str, int | None]) -> Iterator[Violation]:
    """The traffic of an endpoint's deployments, each a percentage or None where it is not set, is 100 or 0 in all."""
    stated = {name: weight for name, weight in weights.items() if weight is not None}
    if not stated and len(weights) > 1:
        remedy = "set a percentage for each, 100 in all, or 0 for each"
        yield Violation("have no traffic, and one of them must answer", remedy, shown="")
    total = sum(stated.values())
    if total not in (0, 100):
        parts = listed([f"{weight} of {show(name)}" for name, weight in stated.items()], " + ")
        rule = f"traffic sums to {total} ({parts}), and must sum to 100, or to 0 for none"
        yield Violation(rule, f"{'add' if total < 100 else 'remove'} {abs(100 - total)}", shown="")
