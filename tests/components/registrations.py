"""What the program of each example registers: `make generate` records it in `programs/`.

A stack that release 0.1 deployed must show no change with today's components: the records were made from 0.1. A line
that changes in a record is a resource that Pulumi updates, replaces or deletes in the stacks of users.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from unittest.mock import patch

from google.protobuf.json_format import MessageToDict

from azure_llama.stack import monitor, program, project
from azure_llama_policies.resource_types import STACK
from tests.conftest import ROOT

RECORDS = Path(__file__).resolve().with_name("programs")
STACKS = {
    "dev": ROOT / "Pulumi.dev.yaml",
    **{
        name: ROOT / "examples" / name / f"Pulumi.{name}.yaml"
        for name in ("containers", "defaults", "foundry", "gateway", "hardened", "max")
    },
}
"""The stacks that the repository shows, and their files."""
OPTIONS = ("protect", "deleteBeforeReplace", "ignoreChanges", "deletedWith", "customTimeouts", "importId", "hooks")
"""What the engine keeps of a resource beside its inputs, by the names of the wire."""


def registered(stack: str) -> list[str]:
    """What the program of a stack registers: a line of JSON for each resource, sorted by URN."""
    lines: list[str] = []

    class Recorder(monitor.Monitor):
        def RegisterResource(self, request: Any) -> Any:
            response = super().RegisterResource(request)
            if request.type == STACK:
                return response
            sent = MessageToDict(request)
            resource = {
                "urn": response.urn,
                "parent": _short(request.parent),
                "dependsOn": sorted(map(_short, request.dependencies)),
                **{name: sent[name] for name in OPTIONS if sent.get(name)},
                "inputs": sent.get("object", {}),
            }
            lines.append(json.dumps(resource, ensure_ascii=False))
            return response

    with patch.object(monitor, "Monitor", Recorder):
        program.run(project.load(ROOT, stack, STACKS[stack]))
    return sorted(lines)


def _short(urn: str) -> str:
    """Type and name of a resource, which say as much within one stack as its URN."""
    *_, types, name = urn.split("::")
    return f"{types.rsplit('$', 1)[-1].removeprefix('azure-native:')}::{name}"


def generated() -> dict[Path, str]:
    """The record of each stack, by its path in the repository."""
    return {RECORDS.relative_to(ROOT) / f"{stack}.jsonl": "\n".join(registered(stack)) + "\n" for stack in STACKS}
