"""Features of a model beyond text, and Azure's errors for unsupported ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from azure_llama.catalog.features import Feature
from azure_llama_sandbox.conditions import ModelFeatures
from azure_llama_sandbox.facts import CATALOG
from azure_llama_sandbox.inference.errors import ServerRefusalError, invalid

NO_TOOL_PARSER = '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set'
"""What vLLM answers to tools when it was started without these options (source `semantic-kernel-10221`)."""
_TOO_MANY_IMAGES = "At most {} image(s) may be provided in one request."
"""What vLLM answers to more images than it was started for (source `llama-cookbook-938`)."""


class Tools(StrEnum):
    """The handling of a request that offers tools."""

    CALLED = "called"
    IGNORED = "ignored"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Features:
    """The features of a model.

    Attributes:
        tools: Optional. What becomes of tools.
        json_object, json_schema: Optional. Whether it answers in JSON, and by a schema.
        images: Optional. How many images a request may hold; None for no limit.
    """

    tools: Tools = Tools.CALLED
    json_object: bool = True
    json_schema: bool = True
    images: int | None = None

    def check_images(self, count: int) -> None:
        """Refuse more images than the model takes.

        Raises:
            RefusalError: 400.
        """
        if self.images is not None and count > self.images:
            raise ServerRefusalError(_TOO_MANY_IMAGES.format(self.images))

    def check_format(self, name: str) -> None:
        """Refuse a response format that the model does not have.

        Raises:
            RefusalError: 422.
        """
        if not {"json_object": self.json_object, "json_schema": self.json_schema}.get(name, True):
            has = [each for each in ("json_object", "json_schema") if getattr(self, each)]
            words = ", ".join(map(repr, ["text", *has]))
            raise invalid(("response_format", "type"), name, f"the model does not support it; it supports {words}.")


OWN = Features()
"""Of a model that the catalogue does not know: nothing says that it lacks anything."""


def of_model(name: str, kind: str) -> Features:
    """The features of a model of the catalogue, on a kind of endpoint.

    Where sources contradict each other the first one counts. JSON by a schema, and tools, that no source knows of are
    not answered; no source knows of a Llama that has either.
    """
    table = CATALOG.features
    tools = table.support(name, kind, Feature.TOOLS)
    images = table.support(name, kind, Feature.IMAGES).value
    return Features(
        tools=Tools.CALLED if tools.supported else Tools.REFUSED if tools.value == "refused" else Tools.IGNORED,
        json_object=table.support(name, kind, Feature.JSON_OBJECT).supported is not False,
        json_schema=table.support(name, kind, Feature.JSON_SCHEMA).supported is True,
        images=1 if images == "1" else None,
    )


def of_server(image: str | None, variables: Mapping[str, str]) -> Features:
    """The features of a custom container.

    Args:
        image: Required. Its image; None when unknown.
        variables: Required. Its environment variables, in which servers take their options.
    """
    started = " ".join(variables.values())
    if "vllm" in (image or "").lower() and "enable-auto-tool-choice" not in started:
        return Features(tools=Tools.REFUSED)
    return OWN


def stated(features: Features, conditions: ModelFeatures | None) -> Features:
    """The features with what `conditions.yaml` states of the model."""
    if conditions is None:
        return features
    return Features(
        tools=features.tools if conditions.tools is None else Tools(conditions.tools),
        json_object=features.json_object if conditions.json_object is None else conditions.json_object,
        json_schema=features.json_schema if conditions.json_schema is None else conditions.json_schema,
        images=features.images if conditions.images is None else conditions.images,
    )
