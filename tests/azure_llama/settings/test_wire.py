"""From settings to the JSON of a resource."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Annotated, ClassVar

from pydantic import Field

from azure_llama.settings.base import StrictModel
from azure_llama.settings.wire import Option, Wire, body, decides, enabled, options, seconds, unless_empty


class Probe(StrictModel):
    period_seconds: Annotated[int, Wire("period", seconds)] = 10


class Part(StrictModel):
    wire_resource: ClassVar[str] = "a:Part"

    weight: Annotated[int, Wire("properties.weights.*", resource="a:Whole")] = 0
    probe: Annotated[Probe | None, Wire("properties.probe")] = None
    size: Annotated[str, Wire("properties.size")] = "small"


class Whole(StrictModel):
    wire_resource: ClassVar[str] = "a:Whole"

    safety: Annotated[bool, Wire("properties.safety", enabled)] = True
    labels: Annotated[list[str], Wire("properties.labels", unless_empty)] = Field(default_factory=list)
    names: Annotated[list[str], Wire("properties.logs", lambda names: {name: {"on": True} for name in names})] = Field(
        default_factory=list
    )
    rate: Annotated[float | None, Wire("properties.logs.*.rate")] = None
    kind: Annotated[str, decides("kind")] = "plain"
    parts: dict[str, Part] = Field(default_factory=dict)


def paths(option: Option) -> list[str]:
    return [f"{wire.resource}/{wire.path}" for wire in option.wires]


def test_the_options_of_a_class_have_whole_paths() -> None:
    found = {".".join(option.keys): paths(option) for option in options(Whole)}
    assert found == {
        "safety": ["a:Whole/properties.safety"],
        "labels": ["a:Whole/properties.labels"],
        "names": ["a:Whole/properties.logs"],
        "rate": ["a:Whole/properties.logs.*.rate"],
        "kind": ["a:Whole/kind"],
        "parts": [],
        "parts.*.weight": ["a:Whole/properties.weights.*"],
        "parts.*.probe": ["a:Part/properties.probe"],
        "parts.*.probe.periodSeconds": ["a:Part/properties.probe.period"],
        "parts.*.size": ["a:Part/properties.size"],
    }


def test_a_body_has_the_encoded_values_of_its_own_resource() -> None:
    whole = Whole(safety=False, names=["a", "b"], rate=0.5, parts={"one": Part(weight=3), "two": Part(weight=4)})
    assert body(Whole, whole) == {
        "properties": {
            "safety": "Disabled",
            "logs": {"a": {"on": True, "rate": 0.5}, "b": {"on": True, "rate": 0.5}},
            "weights": {"one": 3, "two": 4},
        }
    }


def test_a_section_that_is_not_set_is_left_out() -> None:
    assert body(Part, Part()) == {"properties": {"size": "small"}}
    assert body(Part, Part(probe=Probe())) == {"properties": {"probe": {"period": "PT10S"}, "size": "small"}}


def test_values_can_be_any_object_with_the_names_of_the_settings() -> None:
    assert body(Part, SimpleNamespace(size="large", probe=None)) == {"properties": {"size": "large"}}
