"""What the examples read of a stack, and the page that leads to them."""

from __future__ import annotations

import importlib.util
import io
import json
import runpy
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from azure_llama.catalog.limits import REQUEST_TIMEOUT
from tests.e2e.harness import ROOT
from tests.examples.conftest import CLIENTS

KEY = "a-key-that-nobody-may-see"
MANAGED = {
    "kind": "managed",
    "uri": "https://e.eastus2.inference.ml.azure.com/score",
    "chatUrl": "https://e.eastus2.inference.ml.azure.com/v1/chat/completions",
    "completionsUrl": None,
    "openaiBaseUrl": "https://e.eastus2.inference.ml.azure.com/v1",
    "modelName": "Meta-Llama-3.1-8B-Instruct",
    "deploymentHeader": "azureml-model-deployment",
}
SERVERLESS = MANAGED | {"kind": "serverless", "uri": "https://s.eastus2.models.ai.azure.com", "deploymentHeader": None}
OUTPUTS = {"endpoints": {"e": MANAGED, "s": SERVERLESS}, "keys": {"s": {"primary": KEY, "secondary": "other"}}}


@pytest.fixture(scope="module")
def stack() -> ModuleType:
    """The module beside the examples, which is no package."""
    spec = importlib.util.spec_from_file_location("examples_clients_stack", CLIENTS / "stack.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    # Its dataclass looks its own module up.
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, spec.name, module)
        spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("name", "key", "host", "headers"),
    [
        ("e", None, "https://e.eastus2.inference.ml.azure.com", {"azureml-model-deployment": "green"}),
        ("s", KEY, "https://s.eastus2.models.ai.azure.com", {}),
    ],
)
def test_an_endpoint_is_read_from_the_outputs(
    stack: ModuleType, name: str, key: str | None, host: str, headers: dict[str, str]
) -> None:
    endpoint: Any = stack.read(name, OUTPUTS, "green")
    assert (endpoint.key, endpoint.host, endpoint.headers) == (key, host, headers)
    assert endpoint.model == "Meta-Llama-3.1-8B-Instruct"
    assert KEY not in repr(endpoint)


def test_no_header_without_a_deployment(stack: ModuleType) -> None:
    assert stack.read("e", OUTPUTS).headers == {}


def test_the_page_names_every_example() -> None:
    page = (ROOT / "docs" / "clients.md").read_text()
    examples = {path.name for path in CLIENTS.iterdir() if path.suffix in {".py", ".sh"}} - {"stack.py"}
    assert len(examples) > 8
    assert [name for name in sorted(examples) if f"`{name}`" not in page] == []


def test_langchain_waits_as_long_as_an_endpoint_may_take(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outputs = tmp_path / "outputs.json"
    outputs.write_text(json.dumps({**OUTPUTS, "keys": {"e": {"primary": KEY}}}))
    waits: list[float] = []

    def answer(_: Any, timeout: float) -> io.BytesIO:
        waits.append(timeout)
        return io.BytesIO(b'{"output": "far"}')

    monkeypatch.setattr("urllib.request.urlopen", answer)
    monkeypatch.setattr(sys, "argv", ["langchain_score.py", "e", "--outputs", str(outputs)])
    monkeypatch.syspath_prepend(CLIENTS)
    monkeypatch.delitem(sys.modules, "stack", raising=False)
    runpy.run_path(str(CLIENTS / "langchain_score.py"))
    monkeypatch.delitem(sys.modules, "stack")
    assert waits == [REQUEST_TIMEOUT.high] * 2
