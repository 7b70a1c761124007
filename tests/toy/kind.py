"""A third kind of endpoint: one row of the catalogue, and what each package does with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal

from pulumi import CustomResource, Output, ResourceOptions
from pydantic import AfterValidator, Field

from azure_llama.catalog import Catalog, EndpointKind, Meter
from azure_llama.catalog import kinds as catalog_kinds
from azure_llama.catalog.llama_models import ModelReference
from azure_llama.catalog.names import ONLINE_ENDPOINT
from azure_llama.check import kinds as check_kinds
from azure_llama.check.kinds import EndpointPlaces
from azure_llama.inference import kinds as inference_kinds
from azure_llama.inference.kinds import EndpointAccess
from azure_llama.preflight import kinds as preflight_kinds
from azure_llama.preflight.kinds import EndpointQuestions
from azure_llama.preflight.plan import Plan
from azure_llama.preflight.reader import Reader
from azure_llama.preflight.results import Result, passed
from azure_llama.pricing import Line, PriceBook, Volume
from azure_llama.pricing import kinds as pricing_kinds
from azure_llama.pricing.lines import tokens
from azure_llama.settings import EndpointSettings, Settings, StackEndpoint, checks
from azure_llama.settings.base import CatalogModel
from azure_llama.settings.wire import Wire
from azure_llama_components import EndpointComponent, Workspace
from azure_llama_components import kinds as component_kinds

TYPE = "machinelearningservices:ToyEndpoint"
TOY = EndpointKind(
    name="toy",
    setting="azure-llama:toy",
    title="toy endpoint",
    collection="toyEndpoints",
    resources={TYPE: "Microsoft.MachineLearningServices/workspaces/{workspaceName}/toyEndpoints/{toyName}"},
    hosts=("toys.example",),
    auth_modes=("Key",),
    meter=Meter.TOKENS,
)
CATALOG = Catalog(kinds=(*catalog_kinds.KINDS, TOY))

ToyName = Annotated[str, AfterValidator(checks.named(ONLINE_ENDPOINT))]
ToyModel = Annotated[str, AfterValidator(checks.model("set {model}"))]


class ToyEndpointSettings(EndpointSettings, CatalogModel):
    """Settings of the kind."""

    wire_resource: ClassVar[str] = TYPE

    model: Annotated[ToyModel, Wire("properties.modelId")]
    colour: Annotated[Literal["red", "blue"], Wire("properties.paint.colour")] = "red"

    @property
    def has_keys(self) -> bool:
        """It has."""
        return True

    @property
    def reference(self) -> ModelReference:
        """What `model` names."""
        return self._catalog.reference(self.model)


class ToySettings(Settings):
    """Settings of a stack that may have the kind."""

    toy: dict[ToyName, ToyEndpointSettings] = Field(default_factory=dict)


class ToyEndpoint(EndpointComponent):
    """Component of the kind."""

    def __init__(self, name: str, asked: ToyEndpointSettings, workspace: Workspace, tags: Mapping[str, str]) -> None:
        super().__init__("azure-llama:index:ToyEndpoint", name)
        self.arm_id = f"{workspace.id}/{TOY.collection}/{name}"
        properties = {
            "toyName": name,
            "workspaceName": workspace.name,
            "resourceGroupName": workspace.resource_group_name,
            "location": workspace.location,
            "tags": dict(tags),
            "properties": {"modelId": asked.model, "paint": {"colour": asked.colour}},
        }
        opts = ResourceOptions(parent=self, depends_on=workspace.depends_on)
        self.resource = CustomResource(f"azure-native:{TYPE}", name, properties, opts)
        self.keys = Output.secret({"primary": None, "secondary": None})
        self.outputs = {"kind": TOY.name, "uri": f"https://{name}.toys.example", "model": asked.model, "auth": "Key"}
        self.register_outputs(self.outputs)


def make(settings: Settings, workspace: Workspace, _: Any) -> dict[str, EndpointComponent]:
    """Components of the kind."""
    assert isinstance(settings, ToySettings)
    return {name: ToyEndpoint(name, asked, workspace, settings.tags) for name, asked in settings.toy.items()}


def estimate(
    endpoint: StackEndpoint[ToyEndpointSettings], region: str, volumes: Mapping[str, Volume], prices: PriceBook
) -> Iterator[Line]:
    """Costs of the kind."""
    yield from tokens(endpoint.place, endpoint.settings.reference, region, volumes.get(endpoint.name), prices)


class ToyQuestions(EndpointQuestions[ToyEndpointSettings]):
    """Preflight of the kind."""

    async def lifecycle(
        self, plan: Plan, azure: Reader, endpoint: StackEndpoint[ToyEndpointSettings]
    ) -> Sequence[Result]:
        """Toys do not age."""
        return [passed(endpoint.place, f"{endpoint.settings.model} is a toy")]


MAKERS = {**component_kinds.KINDS, TOY.name: make}
ESTIMATES = {**pricing_kinds.KINDS, TOY.name: estimate}
QUESTIONS = {**preflight_kinds.KINDS, TOY.name: ToyQuestions()}
ACCESS = {**inference_kinds.KINDS, TOY.name: EndpointAccess(requests_per_minute=60)}
PLACES = {
    **check_kinds.KINDS,
    TOY.name: EndpointPlaces(component="ToyEndpoint", settings=(ToyEndpointSettings,)),
}
