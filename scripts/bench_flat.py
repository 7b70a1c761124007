"""A flat program with a deployed stack's resources: literal inputs, plain azure-native classes, no component.

    python -m scripts.bench_flat STATE.json PROGRAM.py

STATE.json is what `pulumi stack export` writes. `make bench` compares the dev stack's program with it.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

PACKAGE = "azure-native:"


def program(resources: Sequence[Mapping[str, Any]]) -> str:
    """Python source that creates the azure-native resources of a state, with the dependencies stated in it."""
    custom = [resource for resource in resources if resource["type"].startswith(PACKAGE)]
    names = {resource["urn"]: f"resource_{number}" for number, resource in enumerate(custom)}
    modules = sorted({_module(resource) for resource in custom})
    lines = ["import pulumi", f"from pulumi_azure_native import {', '.join(modules)}", ""]
    lines += [_statement(resource, names) for resource in custom]
    return "\n".join(lines) + "\n"


def _module(resource: Mapping[str, Any]) -> str:
    return str(resource["type"]).split(":")[1]


def _statement(resource: Mapping[str, Any], names: Mapping[str, str]) -> str:
    urn: str = resource["urn"]
    # The class states the API version itself.
    inputs = {
        name: value for name, value in resource["inputs"].items() if name not in ("azureApiVersion", "__defaults")
    }
    arguments = [f"{_snake(name)}={value!r}" for name, value in inputs.items()]
    after = ", ".join(names[other] for other in resource.get("dependencies", ()) if other in names)
    options = f"opts=pulumi.ResourceOptions(depends_on=[{after}])"
    _, module, kind = resource["type"].split(":")
    return f"{names[urn]} = {module}.{kind}({', '.join([repr(urn.split('::')[-1]), *arguments, options])})"


def _snake(name: str) -> str:
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
    # The first parameter of every class has this name already.
    return "resource_name_" if snake == "resource_name" else snake


def main(state: str, target: str) -> None:
    """Write the program of a state."""
    Path(target).write_text(program(json.loads(Path(state).read_text())["deployment"]["resources"]))


if __name__ == "__main__":
    main(*sys.argv[1:])
