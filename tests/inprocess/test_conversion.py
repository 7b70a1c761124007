"""Files for `az ml`, converted and deployed: what `convert` asks for is filled in, and nothing else is changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from azure_llama.check.checking import check
from azure_llama.check.judging import Terms
from azure_llama.cli.app import main
from azure_llama.stack import project
from tests.azure_llama.conversion.harness import FILES
from tests.conftest import ROOT
from tests.inprocess.azure import Azure
from tests.inprocess.stack import Stack

VERSION = "2025-12-01"
AS_OF = date(2026, 11, 30)
BLOBS = "azureml://datastores/workspaceblobstore/paths"
GPU = "Standard_NC24ads_A100_v4"
CASES = {path.name: path for path in sorted(FILES.iterdir())}
FILLED: Mapping[str, Mapping[str, Any]] = {
    "04-vllm": {"conv-vllm.current.environmentVariables.HF_TOKEN": "hf_token_of_a_test"},
    "07-mlflow": {"conv-mlflow.mlflow-deployment.vmSize": GPU},
    "08-script-and-conda": {"conv-script.blue.vmSize": GPU},
    "09-registered-assets": {
        "conv-assets.blue.model": "azureml:support-bot:3",
        "conv-assets.blue.environment": "azureml:support-bot-env:4",
    },
    "18-kubernetes": {"conv-arc.blue.vmSize": GPU},
    "20-deployments-alone": {"conv-alone.blue.traffic": 100, "conv-alone.green.traffic": 0},
}
"""What a person sets after the conversion, by endpoint, deployment and key; each is named by a note."""
ASSETS: Mapping[str, Mapping[str, Any]] = {
    "connections/model-hubs": {
        "authType": "CustomKeys",
        "category": "CustomKeys",
        "target": "_",
        "credentials": {"keys": {"NGC_API_KEY": "a-key-of-ngc"}},
    },
    **{
        f"models/{name}/versions/{version}": {"modelUri": f"{BLOBS}/{name}"}
        for name, version in (
            *(("support-bot", 3), ("sample-densenet-onnx-model", 1), ("mir-sample-mlflow-ncd-model", 1)),
            *(("conv-script-blue", 1), ("tfserving-mounted", 1)),
        )
    },
    **{
        f"codes/{name}/versions/1": {"codeUri": f"https://st.blob.core.windows.net/code/{name}"}
        for name in ("support-bot-scoring", "conv-script-blue")
    },
    **{
        f"environments/{name}/versions/{version}": {"image": "mcr.microsoft.com/azureml/inference-base:1"}
        for name, version in (("support-bot-env", 4), ("conv-script-blue", 1), ("conv-build-blue", 1))
    },
}
"""What is in the workspace: what the files name, and what the notes say to register."""

OWNER: Mapping[str, Any] = {
    "azure-native:location": "eastus2",
    "azure-llama:workspace": {"name": "llama-defaults", "kind": "Project"},
}
IDENTITY = "Microsoft.ManagedIdentity/userAssignedIdentities/callers"


@pytest.fixture(scope="module")
def workspace(azure: Azure, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A workspace with the assets; its id."""
    file = tmp_path_factory.mktemp("owner") / "Pulumi.owner.yaml"
    file.write_text(yaml.safe_dump({"config": OWNER}))
    run = Stack(project.load(ROOT, "owner", file), azure).up()
    assert run.errors == []
    id_: str = run.outputs["workspace"]["id"]
    for path, properties in ASSETS.items():
        azure.put(f"{id_}/{path}", VERSION, {"properties": properties})
    group = id_.partition("/providers/")[0]
    azure.put(f"{group}/providers/{IDENTITY}", "2023-01-31", {"location": "eastus2"})
    return id_


def convert(folder: Path, workspace: str) -> dict[str, Any]:
    """What `azure-llama convert --format json` prints."""
    files = [str(path) for path in sorted(folder.iterdir())]
    options = ["--workspace", workspace, "--location", "eastus2", "--format", "json"]
    result = CliRunner().invoke(main, ["convert", *files, *options])
    assert result.exit_code in (0, 1), result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def fill(printed: dict[str, Any], case: str) -> None:
    """Set what the notes ask for."""
    asked = {note["key"] for note in printed["notes"] if note["about"] in ("fill", "refused")}
    places = set()
    for place, value in FILLED.get(case, {}).items():
        endpoint, deployment, *keys = place.split(".")
        places.add(".".join(("azure-llama:managed", endpoint, "deployments", deployment, *keys)))
        entry = printed["config"]["azure-llama:managed"][endpoint]["deployments"][deployment]
        for key in keys[:-1]:
            entry = entry[key]
        assert keys[-1] in entry
        entry[keys[-1]] = value
    assert places == asked


@pytest.mark.parametrize("case", CASES)
def test_it_deploys(case: str, azure: Azure, workspace: str, tmp_path: Path) -> None:
    printed = convert(CASES[case], workspace)
    fill(printed, case)
    assert "<" not in json.dumps(printed["config"]), "a placeholder that no note names"
    file = tmp_path / "Pulumi.converted.yaml"
    file.write_text(yaml.safe_dump({"config": printed["config"]}))
    found = project.load(ROOT, "converted", file)
    report = check(found, Terms(AS_OF, project=ROOT, catalog=found.catalog))
    failing = {item.finding.rule.id for item in report.violations if item.failing}
    assert failing == set()
    stack = Stack(found, azure)
    assert stack.up().errors == []
    assert stack.up().done == {}
    assert stack.destroy().errors == []


TAGS = {"stage": "production"}
PROBE = {"failureThreshold": 30, "initialDelay": "PT10S", "period": "PT10S", "successThreshold": 1, "timeout": "PT2S"}


def made_by_az(workspace: str, azure: Azure) -> None:
    """Make the endpoint whose files are those of `az ml online-endpoint show`."""
    endpoint = f"{workspace}/onlineEndpoints/conv-shown"
    stated = {"authMode": "Key", "description": "Made in the studio.", "publicNetworkAccess": "Enabled"}
    body = {"location": "eastus2", "identity": {"type": "SystemAssigned"}, "kind": "Managed", "properties": stated}
    azure.put(endpoint, VERSION, body)
    deployment = {
        "endpointComputeType": "Managed",
        "model": f"{workspace}/models/support-bot/versions/3",
        "environmentId": f"{workspace}/environments/support-bot-env/versions/4",
        "codeConfiguration": {
            "codeId": f"{workspace}/codes/support-bot-scoring/versions/1",
            "scoringScript": "score.py",
        },
        "instanceType": GPU,
        "appInsightsEnabled": False,
        "egressPublicNetworkAccess": "Enabled",
        "livenessProbe": PROBE,
        "readinessProbe": PROBE,
        "requestSettings": {
            "maxConcurrentRequestsPerInstance": 1,
            "maxQueueWait": "PT0.5S",
            "requestTimeout": "PT5S",
        },
        "scaleSettings": {"scaleType": "Default"},
    }
    made = {"location": "eastus2", "sku": {"name": "Default", "capacity": 1}, "kind": "Managed", "tags": TAGS}
    azure.put(f"{endpoint}/deployments/blue", VERSION, {**made, "properties": deployment})
    azure.put(endpoint, VERSION, {**body, "properties": {**stated, "traffic": {"blue": 100}}})


def test_an_endpoint_that_az_made_is_adopted_as_it_is(azure: Azure, workspace: str, tmp_path: Path) -> None:
    made_by_az(workspace, azure)
    file = tmp_path / "Pulumi.adopted.yaml"
    file.write_text(yaml.safe_dump({"config": convert(CASES["13-shown-by-az"], workspace)["config"]}))
    stack = Stack(project.load(ROOT, "adopted", file), azure)
    stack.import_(stack.import_file())
    assert stack.preview().done == {"create": ["resources:Deployment conv-shown-traffic"]}
    assert stack.up().errors == []
    assert stack.drift().resources == ()
    assert stack.destroy().errors == []


def test_there_are_twenty_of_them() -> None:
    assert len(CASES) >= 20
    assert FILLED.keys() <= CASES.keys()
