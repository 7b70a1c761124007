"""The configuration of a stack, typed.

Every field's description is what a report tells people to write where it is missing.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from azure_llama.catalog import names
from azure_llama.catalog.limits import INSTANCES_PER_DEPLOYMENT
from azure_llama.settings import checks, relations
from azure_llama.settings.access import AccessSettings
from azure_llama.settings.base import StrictModel, TagName, TagValue, first
from azure_llama.settings.budget import BudgetSettings
from azure_llama.settings.workspace import WorkspaceSettings

RegionName = Annotated[str, AfterValidator(checks.region)]
ModelName = Annotated[str, AfterValidator(checks.model)]
ModelVersion = Annotated[str, AfterValidator(checks.model_version)]
VmSize = Annotated[str, AfterValidator(checks.vm_size)]
ServerlessName = Annotated[str, AfterValidator(checks.named(names.SERVERLESS_ENDPOINT))]
ManagedName = Annotated[str, AfterValidator(checks.named(names.ONLINE_ENDPOINT))]
DeploymentName = Annotated[str, AfterValidator(checks.named(names.ONLINE_DEPLOYMENT))]
Percentage = Annotated[int, AfterValidator(checks.between(0, 100, "a percentage"))]
Instances = Annotated[
    int, AfterValidator(checks.between(1, INSTANCES_PER_DEPLOYMENT.low, "the instances that Azure gives a deployment"))
]


class ServerlessSettings(StrictModel):
    """A serverless endpoint.

    Attributes:
        model: Required. A model of the catalogue.
        content_safety: Optional. Whether Azure filters prompts and answers.
    """

    model: ModelName = Field(description="a model of the catalogue, such as 'Llama-3.3-70B-Instruct'")
    content_safety: bool = True


class DeploymentSettings(StrictModel):
    """A deployment behind a managed endpoint.

    Attributes:
        model: Required. A model of the catalogue.
        model_version: Optional. Its version, as a text; the newest that the catalogue knows when None. Conditional:
            required where the catalogue knows none.
        vm_size: Required. A GPU size that Azure ML serves.
        instances: Optional. Virtual machines, 1 to 50.
        traffic: Optional. Percentage of the endpoint's requests, 0 to 100; see `ManagedSettings.traffic`.
    """

    model: ModelName = Field(description="a model of the catalogue, such as 'Meta-Llama-3.1-8B-Instruct'")
    model_version: ModelVersion | None = None
    vm_size: VmSize = Field(description="a GPU size, such as 'Standard_NC24ads_A100_v4'")
    instances: Instances = 1
    traffic: Percentage | None = None

    @model_validator(mode="after")
    def _related(self) -> Self:
        first(relations.version({"model": self.model, "modelVersion": self.model_version}))
        return self


class ManagedSettings(StrictModel):
    """A managed endpoint: one address, and the deployments behind it.

    Attributes:
        auth: Optional. What callers send: an Entra token, an Azure ML token or a key.
        deployments: Required. At least one, by name.
    """

    auth: Literal["AADToken", "AMLToken", "Key"] = "AADToken"
    deployments: dict[DeploymentName, DeploymentSettings] = Field(description="a map of at least one deployment")

    @model_validator(mode="after")
    def _related(self) -> Self:
        plain = {name: {"traffic": each.traffic} for name, each in self.deployments.items()}
        first(relations.endpoint({"deployments": plain}))
        return self

    @property
    def traffic(self) -> dict[str, int]:
        """The percentage of every deployment: all of it for one that leaves it out alone, else 0 where left out."""
        if len(self.deployments) == 1:
            return {name: 100 if each.traffic is None else each.traffic for name, each in self.deployments.items()}
        return {name: each.traffic or 0 for name, each in self.deployments.items()}


class Settings(StrictModel):
    """Everything that a stack asks for.

    Attributes:
        location: Required. ARM name of the region (`azure-native:location`).
        workspace: Required. The workspace.
        serverless: Optional. Serverless endpoints by name.
        managed: Optional. Managed endpoints by name.
        access: Optional. Roles that the stack gives.
        budget: Optional. What it may cost, and who hears of it.
        tags: Optional. Tags of every resource.
        required_tags: Optional. Names that `tags` must have, with a value each.
    """

    location: RegionName = Field(description="the region of the workspace, such as 'eastus2'")
    workspace: WorkspaceSettings = Field(description="a map with the workspace's name")
    serverless: dict[ServerlessName, ServerlessSettings] = Field(default_factory=dict)
    managed: dict[ManagedName, ManagedSettings] = Field(default_factory=dict)
    access: AccessSettings = AccessSettings()
    budget: BudgetSettings | None = None
    tags: dict[TagName, TagValue] = Field(default_factory=dict)
    required_tags: list[TagName] = Field(default_factory=list)

    @model_validator(mode="after")
    def _related(self) -> Self:
        first(relations.endpoints(self.serverless, self.managed))
        first(relations.tags(self.tags))
        first(relations.required_tags(self.required_tags, self.tags))
        first(relations.placed(self.workspace.kind, self.serverless, self.managed))
        return self
