"""Part of `make bench`: the dev stack under the real engine, compared with a flat program that has its resources.

The flat program is generated from the deployed stack, so its names are the same: each is deployed alone. The engine
runs in each measured process tree; the sandbox, which emulates provider and Azure, does not.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from copy import deepcopy
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from azure_llama import engine
from azure_llama.engine.installation import POLICY_PACK_FILE
from scripts import bench_flat
from scripts.bench_process import Cost, Pair, compare, cost, summary
from tests.e2e.harness import DEV, ROOT, Azure

MANAGED = "azure-llama:managed"
MANY, MANY_PAIRS = 500, 3

_EMPTY_PACK = """
from pulumi_policy import EnforcementLevel, PolicyPack, ResourceValidationPolicy
rule = ResourceValidationPolicy(name="empty", description="Accepts everything.", validate=lambda args, report: None)
PolicyPack("empty", [rule], EnforcementLevel.MANDATORY)
"""


@dataclass(frozen=True)
class Program:
    """A program with a stack of its own.

    Attributes:
        azure: The sandbox.
        folder: The program's project.
        stack: The stack's name.
        config: Its configuration's file.
    """

    azure: Azure
    folder: Path
    stack: str
    config: Path

    def cost(self, verb: str, *arguments: str) -> Cost:
        """What a Pulumi command costs."""
        own = ("--stack", self.stack, "--config-file", str(self.config), "--non-interactive")
        yes = () if verb == "preview" else ("--yes",)
        variables = {**os.environ, **self.azure.status["environment"]}
        return cost(("pulumi", verb, *own, *yes, *arguments), self.folder, variables)

    def init(self) -> None:
        """Create the stack, from another folder: `stack init` writes a salt into the project's stack file."""
        with tempfile.TemporaryDirectory() as folder:
            shutil.copy(self.folder / "Pulumi.yaml", folder)
            self.azure.exec("pulumi", "--cwd", folder, "stack", "init", self.stack, "--non-interactive")

    def deployed(self) -> tuple[Cost, Cost]:
        """What a first `up` costs, and a preview that has nothing to change; Azure is empty before.

        It is never destroyed: a flat program cannot, since Azure keeps a deployment that has traffic.
        """
        self.azure.cli("reset")
        self.init()
        return self.cost("up"), self.cost("preview")


def compare_with_flat(azure: Azure, folder: Path, runs: int) -> dict[str, Any]:
    """Previews and updates of the dev stack over those of the flat program, and the pack over one with an empty rule.

    Args:
        azure: Required. A sandbox without stacks.
        folder: Required. A folder for the programs.
        runs: Required. How many pairs.
    """
    ours = Program(azure, ROOT, azure.stack, azure.stack_file)
    ours.init()
    azure.pulumi("up")
    state = json.loads(azure.exec("pulumi", "stack", "export", "--stack", azure.stack).text)
    resources = state["deployment"]["resources"]
    azure.cli("reset")
    ours.init()
    flat = _flat(azure, folder / "flat", resources)
    room = engine.find()
    assert room is not None
    packs = [str(room.policy_pack(pack)) for pack in (ROOT / "policies", _empty_pack(folder / "pack"))]
    with_own, with_empty = (partial(ours.cost, "preview", "--policy-pack", pack) for pack in packs)
    return {
        "preview": compare(partial(ours.cost, "preview"), partial(flat.cost, "preview"), runs),
        "pack": compare(with_own, with_empty, runs),
        "preview_many": _many(azure, folder, resources, min(runs, MANY_PAIRS)),
        **_deployed(ours, flat, runs),
    }


def _deployed(ours: Program, flat: Program, runs: int) -> dict[str, Pair]:
    """Updates and the previews after them; each pair is deployed in turn."""
    rounds = [(ours.deployed(), flat.deployed()) for _ in range(runs)]
    names = ("up", "preview_unchanged")
    return {name: summary([(a[at], b[at]) for a, b in rounds]) for at, name in enumerate(names)}


def _many(azure: Azure, folder: Path, resources: list[dict[str, Any]], pairs: int) -> Pair:
    """A first preview of many managed endpoints, over one of the flat program with each endpoint's resources."""
    name, endpoint = next(iter(DEV[MANAGED].items()))
    names = [f"llama-{number:04}" for number in range(MANY)]
    config = {**deepcopy(dict(DEV)), MANAGED: dict.fromkeys(names, endpoint)}
    path = folder / "Pulumi.many.yaml"
    # From JSON: no anchors for what is the same.
    path.write_text(json.dumps({"config": config}))
    own = [each for each in resources if "azure-llama:index:ManagedEndpoint" in each["urn"]]
    others = [each for each in resources if each not in own]
    copies = [json.loads(json.dumps(own).replace(name, other)) for other in names]
    flat = _flat(azure, folder / "many", [*others, *(each for copy in copies for each in copy)])
    ours = Program(azure, ROOT, azure.stack, path)
    return summary([(ours.cost("preview"), flat.cost("preview")) for _ in range(pairs)])


def _flat(azure: Azure, folder: Path, resources: list[dict[str, Any]]) -> Program:
    folder.mkdir()
    _project(folder / "Pulumi.yaml", name=folder.name)
    (folder / "__main__.py").write_text(bench_flat.program(resources))
    program = Program(azure, folder, "flat", azure.stack_file)
    program.init()
    return program


def _empty_pack(folder: Path) -> Path:
    """A pack that has one rule, which accepts everything, in both forms that an engine may take."""
    folder.mkdir()
    _project(folder / "PulumiPolicy.yaml", version="0.0.1")
    (folder / "__main__.py").write_text(_EMPTY_PACK)
    shutil.copy(ROOT / "policies" / POLICY_PACK_FILE, folder)
    return folder


def _project(path: Path, **fields: str) -> None:
    runtime = {"name": "python", "options": {"toolchain": "pip", "virtualenv": sys.prefix}}
    path.write_text(yaml.safe_dump({**fields, "runtime": runtime}))
