"""The example of own models and own containers on the real engine: deployed in a workspace that exists, and called."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.harness import AZURE_LLAMA, Azure
from tests.e2e.test_examples import WRITTEN, stack

pytestmark = pytest.mark.engine

VERSION = "2025-12-01"


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Azure]:
    """The example in the workspace of `defaults`, with what it expects to be there."""
    home = tmp_path_factory.mktemp("containers") / "home"
    Azure(home).start(as_of=WRITTEN)
    owner = stack(home, "defaults")
    owner.pulumi("up")
    azure = stack(home, "containers")
    workspace = owner.outputs()["workspace"]["id"]
    keys = {"authType": "CustomKeys", "category": "CustomKeys", "target": "_"}
    assets = {
        "connections/model-hubs": {**keys, "credentials": {"keys": {"NGC_API_KEY": "a-key-of-ngc"}}},
        "models/support-bot/versions/3": {"modelUri": "azureml://datastores/workspaceblobstore/paths/support-bot"},
        "codes/support-bot-scoring/versions/1": {"codeUri": "https://st.blob.core.windows.net/code/support-bot"},
    }
    for path, properties in assets.items():
        azure.put(f"{workspace}/{path}", {"properties": properties}, VERSION).raise_for_status()
    azure.pulumi("up")
    yield azure
    azure.cli("stop", check=False)


def test_it_deploys_twice_without_drift(deployed: Azure) -> None:
    deployed.pulumi("up", "--expect-no-changes")
    deployed.drift()


def test_outputs_and_callers_fit_what_runs(deployed: Azure) -> None:
    endpoints = deployed.outputs()["endpoints"]
    vllm, nim, tuned = (endpoints[name] for name in ("own-vllm", "own-nim", "own-tuned"))
    origin = "https://own-vllm.eastus2.inference.ml.azure.com"
    assert (vllm["modelName"], vllm["chatUrl"]) == ("qwen", f"{origin}/v1/chat/completions")
    assert (nim["modelName"], nim["completionsUrl"]) == ("meta/llama-3.1-8b-instruct", None)
    assert (tuned["uri"], tuned["chatUrl"]) == ("https://own-tuned.eastus2.inference.ml.azure.com/score", None)
    report = _smoke(deployed)
    assert sorted((each["name"], each["ok"]) for each in report["endpoints"]) == [
        ("own-nim", True),
        ("own-tuned", True),
        ("own-vllm", True),
    ]


def test_requests_at_once_show_the_limit(deployed: Azure) -> None:
    (tuned,) = _smoke(deployed, "--endpoint", "own-tuned", "--concurrency", "30", code=1)["endpoints"]
    last = tuned["checks"][-1]
    assert (last["name"], last["outcome"]) == ("concurrency", "failed")
    assert "2 x maxConcurrentRequestsPerInstance" in last["detail"]


def test_the_secret_is_in_neither_state_nor_log(deployed: Azure) -> None:
    assert "a-key-of-ngc" not in deployed.state()
    assert "${{azureml://connections/model-hubs/credentials/NGC_API_KEY}}" in deployed.state()


def test_another_image_is_refused_in_the_preview(deployed: Azure) -> None:
    before = deployed.stack_file.read_text()
    deployed.stack_file.write_text(before.replace("vllm-openai:v0.11.0", "vllm-openai:v0.12.0"))
    try:
        run = deployed.pulumi("preview", check=False)
    finally:
        deployed.stack_file.write_text(before)
    assert run.code != 0
    assert "Add a deployment under a new name" in run.text


def _smoke(azure: Azure, *arguments: str, code: int = 0) -> Any:
    file = Path(azure.home) / "outputs.json"
    file.write_text(json.dumps(azure.outputs()))
    run = azure.exec(str(AZURE_LLAMA), "smoke", "--outputs", str(file), "--format", "json", *arguments, check=False)
    assert run.code == code, run.text
    return json.loads(run.text[run.text.index("{\n") :])
