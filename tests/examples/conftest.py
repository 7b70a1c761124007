"""The dev stack with more endpoints beside it, deployed once, and the examples run against it as a person runs them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.harness import ROOT, Azure, Run

CLIENTS = ROOT / "examples" / "clients"
FORMS = {"answer", "stream", "async answer", "async stream", "score"}
SIZE = "Standard_NC24ads_A100_v4"


def deployment(model: str, traffic: int) -> dict[str, Any]:
    """A deployment in the stack's YAML."""
    return {"model": model, "vmSize": SIZE, "instances": 1, "traffic": traffic}


def more_endpoints(config: dict[str, Any]) -> None:
    """To the dev stack's serverless endpoint (keys) and managed one (Entra ID): a managed one with keys, a base model.

    No traffic goes to llama-8b's green: only the header leads there.
    """
    managed = config["azure-llama:managed"]
    managed["llama-8b"]["deployments"]["green"] = deployment("Meta-Llama-3.1-8B-Instruct", 0)
    managed["llama-8b-key"] = {
        "auth": "Key",
        "deployments": {"green": deployment("Meta-Llama-3.1-8B-Instruct", 100)},
    }
    managed["llama-base"] = {"auth": "Key", "deployments": {"blue": deployment("Meta-Llama-3-8B", 100)}}


@dataclass
class Stack:
    """A deployed stack.

    Attributes:
        azure: Required. The sandbox that it is in.
        file: Required. The stack's outputs, secrets in clear.
    """

    azure: Azure
    file: Path

    @property
    def keys(self) -> list[str]:
        """Every key of every endpoint."""
        pairs = json.loads(self.file.read_text())["keys"].values()
        return [key for pair in pairs for key in pair.values()]

    def run(self, example: str, *arguments: str, check: bool = True) -> Run:
        """Run an example with the stack's outputs, as `azure-llama sandbox exec` runs any command."""
        return self.azure.exec("python", str(CLIENTS / example), *arguments, "--outputs", str(self.file), check=check)


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The stack, deployed by the real engine."""
    azure = Azure(tmp_path_factory.mktemp("examples") / "home")
    azure.change(more_endpoints)
    azure.start()
    try:
        azure.init()
        azure.pulumi("up")
        file = azure.home / "outputs.json"
        file.write_text(json.dumps(azure.outputs()))
        yield Stack(azure, file)
    finally:
        azure.cli("stop", check=False)


@pytest.fixture(scope="session")
def spoken() -> Callable[[str], dict[str, dict[str, str]]]:
    """What an example printed: endpoint -> form (`answer`, `async stream`, ...) -> text."""

    def parse(text: str) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = {}
        forms: dict[str, str] = {}
        for line in text.splitlines():
            if line.startswith("[") and line.endswith("]"):
                forms = found[line[1:-1]] = {}
            elif ": " in line:
                form, _, said = line.partition(": ")
                if form in FORMS:  # aiohttp tells of LiteLLM's own unclosed connections
                    forms[form] = said.strip()
        return found

    return parse
