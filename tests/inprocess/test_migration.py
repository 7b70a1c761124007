"""Callers move from a serverless endpoint to a Foundry deployment, by the steps of docs/migration.md: no call fails."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import yaml
from click.testing import CliRunner

from azure_llama.cli.app import main
from azure_llama.stack import project
from tests.conftest import ROOT
from tests.inprocess.azure import Azure
from tests.inprocess.stack import Stack

OLD, NEW = "llama-33-70b", "llama-dev-foundry/llama-33-70b"
CONFIG: dict[str, Any] = {
    "azure-native:location": "eastus2",
    "azure-llama:workspace": {"name": "llama-dev", "diagnostics": False},
    "azure-llama:serverless": {OLD: {"model": "Llama-3.3-70B-Instruct"}},
}


class Callers:
    """Programs that call endpoints of a stack while it is deployed."""

    def __init__(self) -> None:
        self.outputs: dict[str, Any] = {}
        self.endpoints: tuple[str, ...] = ()
        self.answers: Counter[tuple[str, int]] = Counter()

    async def __call__(self, client: httpx.AsyncClient) -> None:
        """Each calls once."""
        for name in self.endpoints:
            endpoint = self.outputs["endpoints"][name]
            headers = {"Authorization": f"Bearer {self.outputs['keys'][name]['primary']}"}
            body = {"model": endpoint["modelName"], "messages": [{"role": "user", "content": "Hello"}], "max_tokens": 8}
            answer = await client.post(endpoint["chatUrl"], headers=headers, json=body)
            self.answers[name, answer.status_code] += 1


def written(folder: Path, config: dict[str, Any]) -> Path:
    """The stack's file."""
    file = folder / "Pulumi.dev.yaml"
    file.write_text(yaml.safe_dump({"config": config}))
    return file


def printed(folder: Path) -> dict[str, Any]:
    """What `azure-llama convert` prints for the stack."""
    (folder / "Pulumi.yaml").write_text("name: azure-llama\nruntime: python\n")
    (folder / "__main__.py").write_text("")
    done = CliRunner().invoke(main, ["convert", "--from-serverless", "dev", "-C", str(folder), "--as-of", "2026-11-30"])
    assert done.exit_code == 0, done.output
    config: dict[str, Any] = yaml.safe_load(done.stdout)["config"]
    return config


def test_no_call_fails_while_callers_move(azure: Azure, tmp_path: Path) -> None:
    azure.fresh()
    callers = Callers()
    stack = Stack(project.load(ROOT, "dev", written(tmp_path, CONFIG)), azure)
    run = stack.up()
    assert run.errors == []
    callers.outputs, callers.endpoints = run.outputs, (OLD,)
    with azure.beside(callers):
        _migrate(stack, callers, tmp_path)
    assert {status for _, status in callers.answers} == {200}
    assert {name for name, _ in callers.answers} == {OLD, NEW}
    assert all(count >= 10 for count in callers.answers.values()), callers.answers


def _migrate(stack: Stack, callers: Callers, tmp_path: Path) -> None:
    """Deploy the new endpoint beside the old one, move the callers, and remove the old one."""
    both = CONFIG | {"azure-llama:foundry": printed(tmp_path)["azure-llama:foundry"]}
    stack.project = project.load(ROOT, "dev", written(tmp_path, both))
    run = stack.up()
    assert run.errors == []
    assert not {"delete", "replace", "update"} & run.done.keys()

    callers.outputs, callers.endpoints = run.outputs, (OLD, NEW)
    assert stack.drift().resources == ()

    callers.endpoints = (NEW,)
    stack.project = project.load(
        ROOT, "dev", written(tmp_path, {k: v for k, v in both.items() if k != "azure-llama:serverless"})
    )
    run = stack.up()
    assert run.errors == []
    assert run.done.keys() == {"delete"}
