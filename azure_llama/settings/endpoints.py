"""Endpoints, serverless and managed, and what a stack makes of their keys."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from azure_llama.catalog import Model, names
from azure_llama.catalog.limits import MIRROR_TRAFFIC, SHARED_QUOTA_HOURS
from azure_llama.settings import checks, endpoint_checks, relations
from azure_llama.settings.azure_checks import arm_id
from azure_llama.settings.base import CatalogModel, StrictModel, first, plain
from azure_llama.settings.deployments import DeploymentSettings, SwitchedOn

ServerlessModel = Annotated[str, AfterValidator(endpoint_checks.serverless_model)]
ServerlessName = Annotated[str, AfterValidator(checks.named(names.SERVERLESS_ENDPOINT))]
ManagedName = Annotated[str, AfterValidator(checks.named(names.ONLINE_ENDPOINT))]
DeploymentName = Annotated[str, AfterValidator(checks.named(names.ONLINE_DEPLOYMENT))]
ConnectionName = Annotated[str, AfterValidator(checks.named(names.CONNECTION))]
WorkspaceId = Annotated[
    str, AfterValidator(arm_id("Microsoft.MachineLearningServices/workspaces", "an Azure ML workspace"))
]
IdentityId = Annotated[
    str, AfterValidator(arm_id("Microsoft.ManagedIdentity/userAssignedIdentities", "a user-assigned identity"))
]
VaultId = Annotated[str, AfterValidator(endpoint_checks.vault)]
MirrorPercentage = Annotated[
    int, AfterValidator(checks.between(1, MIRROR_TRAFFIC.low, "the percentage that Azure mirrors"))
]
Day = Annotated[date, BeforeValidator(endpoint_checks.day)]
Moment = Annotated[datetime, BeforeValidator(endpoint_checks.moment)]


class ConnectionSettings(StrictModel):
    """A connection to a serverless endpoint from another workspace.

    Attributes:
        workspace: Required. ARM id of the workspace or project that is to use the endpoint; same subscription.
    """

    workspace: WorkspaceId = Field(description="the ARM id of the workspace that is to use the endpoint")


class ServerlessSettings(CatalogModel):
    """A serverless endpoint.

    Attributes:
        model: Required. A model of the catalogue, or another publisher's by its asset id without a version.
        content_safety: Optional. Whether Azure filters prompts and answers.
        auth: Optional. What callers send. `Key` is the only one that is known to work; the other two are in ARM's
            schema, and users report that endpoints of Llama refuse Entra tokens.
        connections: Optional. Connections to it in other workspaces, by name; they hold a key of the endpoint.
    """

    model: ServerlessModel = Field(description="a model of the catalogue, such as 'Llama-3.3-70B-Instruct'")
    content_safety: bool = True
    auth: Literal["Key", "AAD", "KeyAndAAD"] = "Key"
    connections: dict[ConnectionName, ConnectionSettings] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _related(self) -> Self:
        first(relations.serverless(plain(self)))
        return self

    @property
    def catalog_model(self) -> Model | None:
        """The model's entry in the catalogue; None for another publisher's model."""
        return self._catalog.find_model(self.model)

    @property
    def has_keys(self) -> bool:
        """Whether the endpoint has keys."""
        return self.auth != "AAD"


class EndpointIdentitySettings(StrictModel):
    """Who an endpoint is when it reads its model and its image.

    Attributes:
        type: Optional. `SystemAssigned` gets its roles from Azure; `UserAssigned` has those that it was given.
        id: Conditional. ARM id of the identity; required with `UserAssigned`, and not allowed without.
    """

    type: Literal["SystemAssigned", "UserAssigned"] = "SystemAssigned"
    id: IdentityId | None = None


class SharedQuotaSettings(StrictModel):
    """Azure's shared quota, for tests: no GPU quota of one's own, and the endpoint goes after 168 hours.

    Attributes:
        since: Required. When the 168 hours begin, with its time zone. Stated, since a plan may not depend on the clock.
    """

    since: Moment = Field(description="when the 168 hours begin, such as '2026-11-25T18:00:00Z'")

    @property
    def deletion(self) -> datetime:
        """When Azure deletes the endpoint, in UTC."""
        return self.since + timedelta(hours=SHARED_QUOTA_HOURS.low)


class ManagedSettings(CatalogModel):
    """A managed endpoint: one address, and the deployments behind it.

    Attributes:
        existing: Optional. Whether the endpoint is there already and not this stack's: then only `deployments` are,
            without traffic, and nothing else is said of it.
        auth: Optional. What callers send: an Entra token, an Azure ML token or a key.
        public_network_access: Optional. `Disabled`: callers come through the workspace's private endpoint.
        identity: Optional. Who the endpoint is.
        mirror_traffic: Optional. One deployment, and the percentage of requests (1 to 50) that it gets a copy of.
        content_safety: Optional. Whether the stack has an Azure AI Content Safety account for callers of this endpoint.
        shared_quota: Optional. Whether it runs on Azure's shared quota for tests.
        diagnostics: Optional. Whether its logs and metrics go to Log Analytics; as the workspace's when None.
        deployments: Required. At least one, by name.
    """

    existing: bool = False
    auth: Literal["AADToken", "AMLToken", "Key"] = "AADToken"
    public_network_access: SwitchedOn = "Enabled"
    identity: EndpointIdentitySettings = EndpointIdentitySettings()
    mirror_traffic: dict[str, MirrorPercentage] = Field(default_factory=dict)
    content_safety: bool = True
    shared_quota: SharedQuotaSettings | None = None
    diagnostics: bool | None = None
    deployments: dict[DeploymentName, DeploymentSettings] = Field(description="a map of at least one deployment")

    @model_validator(mode="after")
    def _related(self) -> Self:
        first(relations.endpoint(plain(self), self._catalog))
        return self

    @property
    def traffic(self) -> dict[str, int]:
        """The percentage of every deployment: all of it for one that leaves it out alone, else 0 where left out.

        Empty for an endpoint that exists already: its traffic is not this stack's.
        """
        if self.existing:
            return {}
        if len(self.deployments) == 1:
            return {name: 100 if each.traffic is None else each.traffic for name, each in self.deployments.items()}
        return {name: each.traffic or 0 for name, each in self.deployments.items()}

    @property
    def has_keys(self) -> bool:
        """Whether the endpoint has keys that are this stack's to read."""
        return self.auth == "Key" and not self.existing


class SecretsSettings(StrictModel):
    """Keys of endpoints as secrets of a key vault.

    Attributes:
        key_vault: Optional. `workspace` for the workspace's own, or the ARM id of another; same subscription.
        expires_on: Required. The day on which they expire; 00:00 UTC.
    """

    key_vault: VaultId = "workspace"
    expires_on: Day = Field(description="the day on which the secrets expire, such as '2027-01-01'")
