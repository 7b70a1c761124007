"""`azure-llama convert --from-serverless`, as a person types it: its output is the YAML to add."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from azure_llama.cli.app import main

LLAMA_33 = "Llama-3.3-70B-Instruct"
CONFIG: Mapping[str, Any] = {
    "azure-native:location": "eastus2",
    "azure-llama:workspace": {"name": "llama-dev"},
    "azure-llama:serverless": {"llama-33-70b": {"model": LLAMA_33}},
}


def convert(folder: Path, *arguments: str, **changes: Any) -> Result:
    config = {**CONFIG, **{f"azure-llama:{key}": value for key, value in changes.items()}}
    (folder / "Pulumi.yaml").write_text("name: azure-llama\nruntime: python\n")
    (folder / "__main__.py").write_text("")
    (folder / "Pulumi.dev.yaml").write_text(yaml.safe_dump({"config": config}))
    options = ["convert", "--from-serverless", "dev", "-C", str(folder), "--as-of", "2026-11-30", *arguments]
    return CliRunner().invoke(main, options)


def accounts(result: Result) -> Any:
    return yaml.safe_load(result.stdout)["config"]["azure-llama:foundry"]


def test_an_endpoint_becomes_a_deployment_of_its_name(tmp_path: Path) -> None:
    result = convert(tmp_path)
    assert result.exit_code == 0, result.output
    deployment = {"model": LLAMA_33, "modelVersion": "9", "capacity": 200}
    assert accounts(result) == {"llama-dev-foundry": {"auth": "Key", "deployments": {"llama-33-70b": deployment}}}
    said = result.stdout
    assert "openaiBaseUrl -> https://llama-dev-foundry.openai.azure.com/openai/v1/" in said
    assert "model     any text -> 'llama-33-70b', required" in said
    assert "keys['llama-33-70b'] -> keys['llama-dev-foundry/llama-33-70b']" in said
    assert f"{LLAMA_33} version 9 on accounts retires on 2027-01-31 (litellm" in said
    assert "Keep azure-llama:workspace" in said


def test_what_is_printed_is_the_stack_to_deploy(tmp_path: Path) -> None:
    printed = accounts(convert(tmp_path))
    (tmp_path / "Pulumi.dev.yaml").write_text(yaml.safe_dump({"config": {**CONFIG, "azure-llama:foundry": printed}}))
    result = CliRunner().invoke(main, ["cost", "-C", str(tmp_path), "--stack", "dev"])
    assert "foundry.llama-dev-foundry.deployments.llama-33-70b: input tokens" in result.stdout


def test_cost_is_compared_for_the_same_tokens(tmp_path: Path) -> None:
    said = convert(tmp_path, "--tokens", "llama-33-70b=50M/10M").stdout
    before, after = said.partition("# Cost before:")[2].split("# Cost after:")
    assert "Total: 42.60 to 46.86 USD a month in eastus2" in before
    assert "Total: 42.60 USD a month in eastus2." in after


def test_a_retired_model_becomes_its_replacement(tmp_path: Path) -> None:
    result = convert(tmp_path, serverless={"old": {"model": "Meta-Llama-3.1-70B-Instruct"}})
    assert accounts(result)["llama-dev-foundry"]["deployments"]["old"]["model"] == LLAMA_33
    assert f"of {LLAMA_33} in place of Meta-Llama-3.1-70B-Instruct: evaluate it first" in result.stdout


def test_a_model_without_a_counterpart_is_named(tmp_path: Path) -> None:
    mistral = "azureml://registries/azureml-mistral/models/Mistral-large-2407"
    serverless = {**CONFIG["azure-llama:serverless"], "mistral": {"model": mistral}}
    result = convert(tmp_path, serverless=serverless)
    assert result.exit_code == 1
    assert list(accounts(result)["llama-dev-foundry"]["deployments"]) == ["llama-33-70b"]
    assert "azure-llama:serverless.mistral: no source offers Mistral-large-2407" in result.stdout
    alone = convert(tmp_path, serverless={"mistral": {"model": mistral}})
    assert alone.exit_code == 1
    assert yaml.safe_load(alone.stdout) is None, "comments alone"


def test_network_filter_secrets_and_connections_are_carried_or_named(tmp_path: Path) -> None:
    group = "/subscriptions/5a0d80c5-11a3-4a5d-9b0e-000000000001/resourceGroups/rg"
    subnet = f"{group}/providers/Microsoft.Network/virtualNetworks/v/subnets/s"
    other = f"{group}/providers/Microsoft.MachineLearningServices/workspaces/flows"
    endpoint = {"model": LLAMA_33, "contentSafety": False, "connections": {"for-flows": {"workspace": other}}}
    result = convert(
        tmp_path,
        "--account",
        "contoso-llama",
        workspace={
            "name": "llama-dev",
            "network": {"publicNetworkAccess": "Disabled", "privateEndpoint": {"subnetId": subnet}},
        },
        serverless={"chat": endpoint},
        secrets={"keyVault": "workspace", "expiresOn": "2027-06-01"},
    )
    assert result.exit_code == 0, result.output
    network = {"publicNetworkAccess": "Disabled", "privateEndpoint": {"subnetId": subnet}}
    assert accounts(result)["contoso-llama"]["network"] == network
    for words in ("filter    had none", "connection for-flows", "chat-primary-key -> contoso-llama-primary-key"):
        assert words in result.stdout


def test_the_region_of_the_stack_has_to_offer_the_model(tmp_path: Path) -> None:
    config = {**CONFIG, "azure-native:location": "southeastasia"}
    result = convert(tmp_path)
    (tmp_path / "Pulumi.dev.yaml").write_text(yaml.safe_dump({"config": config}))
    result = CliRunner().invoke(main, ["convert", "--from-serverless", "dev", "-C", str(tmp_path)])
    assert result.exit_code == 1
    assert "version 9 is not offered in southeastasia" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "changes", "words"),
    [
        ((), {"serverless": {}, "managed": {}}, "stack dev: has no serverless endpoint"),
        (("--account", "Contoso_Llama"), {}, "Contoso_Llama"),
        (("--tokens", "other=1/1"), {}, "'other' is neither"),
    ],
)
def test_wrong_usage_is_reported(
    tmp_path: Path, arguments: tuple[str, ...], changes: dict[str, Any], words: str
) -> None:
    result = convert(tmp_path, *arguments, **changes)
    assert result.exit_code == 2
    assert words in result.stderr
