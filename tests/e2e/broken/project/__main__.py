"""Registers the resources of a JSON file, in its order: type, props, dependsOn, protect; then its outputs.

A text `${name.output}` is the output of a resource that came before.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pulumi

_OUTPUT = re.compile(r"\$\{([^.}]+)\.(\w+)\}")


class Raw(pulumi.CustomResource):
    """A resource of any type, with any properties."""

    def __init__(self, type_: str, name: str, props: dict[str, Any], opts: pulumi.ResourceOptions) -> None:
        super().__init__(type_, name, props, opts)


def value(given: Any) -> Any:
    """The value with outputs in the places where the file names them."""
    if isinstance(given, dict):
        return {key: value(each) for key, each in given.items()}
    if isinstance(given, list):
        return [value(each) for each in given]
    match = _OUTPUT.fullmatch(given) if isinstance(given, str) else None
    return getattr(made[match[1]], match[2]) if match else given


given = json.loads(Path(pulumi.Config().require("file")).read_text())
made: dict[str, Raw] = {}
for name, each in given["resources"].items():
    made[name] = Raw(
        f"azure-native:{each['type']}",
        name,
        value(each["props"]),
        pulumi.ResourceOptions(
            depends_on=[made[other] for other in each.get("dependsOn", ())], protect=each.get("protect")
        ),
    )
for name, output in given.get("outputs", {}).items():
    pulumi.export(name, value(output))
