"""The table against the SDK that it stands for and against ARM's own contracts."""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Callable
from typing import Any

import pytest

from azure_llama_sandbox.provider.resource_type import ResourceType
from azure_llama_sandbox.provider.resource_types import RESOURCE_TYPES
from azure_llama_sandbox.provider.shapes import Property, Shape
from azure_llama_sandbox.provider.validation import problems
from tests.sandbox.provider.examples import (
    api_management,
    core,
    governance,
    machine_learning,
    monitor,
    network,
    services,
)

ROWS = [pytest.param(row, id=row.pulumi_type) for row in RESOURCE_TYPES.values()]
EXAMPLES = {
    name: inputs
    for module in (api_management, core, machine_learning, network, services, monitor, governance)
    for name, inputs in module.EXAMPLES.items()
}


def sdk(row: ResourceType) -> tuple[Any, Any, Any]:
    """The SDK's module, resource and arguments of a row."""
    module_name, name = row.pulumi_type.split(":")
    module = importlib.import_module(f"pulumi_azure_native.{module_name}")
    # A resource whose plain name is also that of an input has its arguments under another one.
    args = getattr(module, f"{name}InitArgs", None) or getattr(module, f"{name}Args")
    return module, getattr(module, name), args


def properties(of: Any) -> dict[str, str]:
    """Names on the wire and annotations of an SDK class."""
    return {
        getattr(value.fget, "_pulumi_name", name): str(value.fget.__annotations__.get("return"))
        for name, value in vars(of).items()
        if isinstance(value, property)
    }


def required(of: Any) -> set[str]:
    """Wire names that the SDK demands."""
    parameters = inspect.signature(of.__init__).parameters.values()
    demanded = {parameter.name for parameter in parameters if parameter.default is inspect.Parameter.empty}
    return {
        getattr(value.fget, "_pulumi_name", name)
        for name, value in vars(of).items()
        if isinstance(value, property) and name in demanded
    }


def one(pattern: str, annotation: str, where: Any) -> Any:
    """The one class that an annotation names; None when there is none or a choice."""
    names = set(re.findall(pattern, annotation))
    return getattr(where, names.pop(), None) if len(names) == 1 else None


TYPES = {
    "typing.Sequence[": "array",
    "typing.Mapping[": "object",
    "bool": "boolean",
    "int": "integer",
    "float": "number",
    "typing.Any": "",
}


def json_type(annotation: str) -> str:
    """JSON schema's name of an input's type in the SDK."""
    first = annotation.removeprefix("typing.Union[").removeprefix("typing.Optional[")
    return next((name for start, name in TYPES.items() if first.startswith(start)), "string")


def complaints(row: ResourceType) -> list[str]:
    """Where the row and the SDK differ."""
    module, resource, args = sdk(row)
    outputs = importlib.import_module(f"{module.__name__}.outputs")

    def walk(shape: Shape, out: Any, into: Any, prefix: str) -> list[str]:
        outs, ins = properties(out), properties(into)
        found = []
        if missing := (outs.keys() | ins.keys()) - shape.properties.keys() - {"urn" if prefix else "id"}:
            found.append(f"{prefix}: the SDK has {sorted(missing)}")
        for p in shape.properties.values():
            path = f"{prefix}{p.name}"
            if (p.name in outs, p.name in ins) != (p.readable, p.writable):
                found.append(f"{path}: SDK output {p.name in outs}, input {p.name in ins}")
            if p.name in required(into) and not p.required:
                found.append(f"{path}: the SDK requires it")
            nested_out = one(r"outputs\.(\w+)", outs.get(p.name, ""), outputs)
            nested_in = one(r"(\w+Args)\b", ins.get(p.name, ""), module)
            leaf = p.name in ins and p.shape is None and not re.search(r"Args\b", ins[p.name])
            if leaf and p.type != json_type(ins[p.name]):
                found.append(f"{path}: the SDK says {json_type(ins[p.name])!r}, not {p.type!r}")
            if nested_out and nested_in:
                if p.shape is None:
                    found.append(f"{path}: an object in the SDK")
                elif not p.shape.open:
                    found += walk(p.shape, nested_out, nested_in, f"{path}.")
        return found

    return walk(row.shape, resource, args, "")


@pytest.mark.parametrize("row", ROWS)
def test_the_sdk_has_the_same_inputs_and_outputs(row: ResourceType) -> None:
    assert complaints(row) == []


@pytest.mark.parametrize("row", ROWS)
def test_the_api_version_is_the_one_that_the_sdk_says_it_sends(row: ResourceType) -> None:
    _, resource, _ = sdk(row)
    assert f"Uses Azure REST API version {row.api_version}." in inspect.getsource(resource)


def test_every_row_has_an_example() -> None:
    assert set(EXAMPLES) == {row.pulumi_type for row in RESOURCE_TYPES.values()}


@pytest.mark.parametrize("row", ROWS)
def test_bodies_keep_arms_contract(row: ResourceType, contract_errors: Callable[[str, str, Any], list[str]]) -> None:
    inputs = EXAMPLES[row.pulumi_type]
    assert list(problems(row.shape, row.limits, inputs)) == []
    steps = row.path.partition("/providers/")[2].split("/")
    arm_type = "/".join([steps[0], *steps[1::2]]) if steps[0] else "Microsoft.Resources/resourceGroups"
    assert contract_errors(arm_type, row.api_version, row.body(inputs)) == []


@pytest.mark.parametrize("row", ROWS)
def test_what_goes_out_comes_back(row: ResourceType) -> None:
    inputs = EXAMPLES[row.pulumi_type]
    resource_id = row.id(inputs, "s")
    outputs = row.outputs(row.body(inputs) | {"id": resource_id, "name": inputs[row.name_input]})
    imported = row.inputs_of(resource_id, outputs)

    def readable(shape: Shape, values: dict[str, Any], path_inputs: tuple[str, ...] = ()) -> dict[str, Any]:
        def kept(p: Property | None, value: Any) -> Any:
            return readable(p.shape, value) if p and p.shape and isinstance(value, dict) else value

        return {
            name: kept(p, value)
            for name, value in values.items()
            if (p := shape.properties.get(name)) is None or p.readable or name in path_inputs
        }

    expected = readable(row.shape, inputs, row.path_inputs)
    for name in {"scope", "resourceUri"} & set(row.path_inputs):
        expected[name] = expected[name].removeprefix("/")
    assert imported == expected
