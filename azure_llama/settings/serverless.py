"""Serverless endpoints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from azure_llama.catalog import Model, names
from azure_llama.catalog.kinds import SERVERLESS
from azure_llama.catalog.llama_models import ModelReference
from azure_llama.settings import checks, ids
from azure_llama.settings.base import CatalogModel, StrictModel, relation
from azure_llama.settings.kinds import EndpointSettings
from azure_llama.settings.problems import Violation
from azure_llama.settings.values import WorkspaceId
from azure_llama.settings.wire import Wire, enabled

ServerlessModel = Annotated[
    str,
    AfterValidator(checks.model("serverless endpoints always serve the newest; set {model}")),
    ids.Refers("a model", "model"),
]
ServerlessName = Annotated[str, AfterValidator(checks.named(names.SERVERLESS_ENDPOINT))]
ConnectionName = Annotated[str, AfterValidator(checks.named(names.CONNECTION))]


class ConnectionSettings(StrictModel):
    """A connection to a serverless endpoint from another workspace.

    Attributes:
        workspace: Required. ARM id of the workspace or project that is to use the endpoint, in the same subscription.
    """

    workspace: WorkspaceId = Field(description="the ARM id of the workspace that is to use the endpoint")


class ServerlessSettings(EndpointSettings, CatalogModel):
    """A serverless endpoint.

    Attributes:
        model: Required. A model of the catalogue by its name, or one of another publisher by its asset id without
            `/versions/N`: serverless endpoints always serve the newest version.
        content_safety: Optional. Whether Azure filters prompts and answers.
        auth: Optional. What callers send. Only `Key` is known to work: the other two are in ARM's schema, and users
            report that endpoints of Llama reject Entra tokens. With `AAD` there are no keys to list.
        connections: Optional. Connections to it in other workspaces, by name (3 to 33 letters, digits, dashes and
            underscores); they hold a key of the endpoint.
    """

    wire_resource: ClassVar[str] = SERVERLESS.endpoint_type

    model: Annotated[ServerlessModel, Wire("properties.modelSettings.modelId")] = Field(
        description="a model of the catalogue, such as 'Llama-3.3-70B-Instruct'"
    )
    content_safety: Annotated[bool, Wire("properties.contentSafety.contentSafetyStatus", enabled)] = True
    auth: Annotated[Literal["Key", "AAD", "KeyAndAAD"], Wire("properties.authMode")] = "Key"
    connections: dict[ConnectionName, ConnectionSettings] = Field(default_factory=dict)

    @property
    def connected_to(self) -> Mapping[str, str]:
        """ARM ids of the workspaces that have a connection to it, by the connection's name."""
        return {name: connection.workspace for name, connection in self.connections.items()}

    @relation
    def _connections_need_a_key(self) -> Iterator[Violation]:
        if self.connections and not self.has_keys:
            rule = "cannot be combined with auth: AAD, because an Azure ML connection holds a key of its endpoint"
            yield Violation(rule, "set auth: KeyAndAAD or Key, or remove them", at=("connections",), shown="")

    @cached_property
    def reference(self) -> ModelReference:
        """The value of `model`: a model of the catalogue, or the asset id of another publisher's."""
        return self._catalog.reference(self.model)

    @property
    def catalog_model(self) -> Model | None:
        """The model's entry in the catalogue; None for another publisher's model."""
        return self.reference.model

    @property
    def answers_openai(self) -> bool:
        """Whether the model is known to answer a route of OpenAI's API."""
        model = self.catalog_model
        return model is not None and (model.chat or model.completions)

    @property
    def has_keys(self) -> bool:
        """Whether the endpoint has keys."""
        return self.auth != "AAD"
