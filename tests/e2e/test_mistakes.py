"""What a person gets wrong: refused early, by name, with the remediation, and nothing lost."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.harness import Azure

pytestmark = pytest.mark.engine


def west_europe(config: dict[str, Any]) -> None:
    """A region without serverless Llama; and no account, whose name could not move to the right region."""
    config["azure-native:location"] = "westeurope"
    del config["azure-llama:foundry"]


def twice(config: dict[str, Any]) -> None:
    """Two serverless endpoints of one model."""
    config["azure-llama:serverless"]["llama-again"] = {"model": "Llama-3.3-70B-Instruct"}


def writes(azure: Azure) -> list[str]:
    """The paths of all PUTs that the sandbox has seen."""
    return [line["path"] for line in azure.requests() if line["method"] == "PUT"]


def test_a_first_preview_refuses_a_region_without_the_model(azure: Azure, pack: str) -> None:
    azure.change(west_europe)
    run = azure.pulumi("preview", "--policy-pack", pack, check=False)
    assert run.code != 0
    for part in (
        "serverless-region",
        "llama-33-70b",
        "Llama-3.3-70B-Instruct",
        "westeurope",
        "eastus2",
        "swedencentral",
    ):
        assert part in run.text
    assert writes(azure) == []


def test_a_first_preview_refuses_a_second_deployment_of_a_model(azure: Azure, pack: str) -> None:
    azure.change(twice)
    run = azure.pulumi("preview", "--policy-pack", pack, check=False)
    assert run.code != 0
    for part in ("serverless-one-per-model", "llama-33-70b", "llama-again", "Llama-3.3-70B-Instruct"):
        assert part in run.text
    assert writes(azure) == []


def test_a_sound_stack_passes_the_pack_on_a_first_preview(azure: Azure, pack: str) -> None:
    run = azure.pulumi("preview", "--policy-pack", pack)
    assert "can't run" not in run.text


def test_without_the_pack_azure_refuses_the_region_and_a_corrected_up_completes(azure: Azure, pack: str) -> None:
    azure.change(west_europe)
    run = azure.pulumi("up", check=False)
    assert run.code != 0
    assert "is not available in region 'West Europe'" in run.text
    assert "Traceback" not in run.text
    azure.change(lambda config: None)
    azure.pulumi("up", "--policy-pack", pack)
    azure.pulumi("up", "--expect-no-changes")


def test_without_the_pack_azure_refuses_the_second_endpoint_and_a_corrected_up_completes(azure: Azure) -> None:
    azure.change(twice)
    run = azure.pulumi("up", check=False)
    assert run.code != 0
    assert "UserError" in run.text
    azure.change(lambda config: None)
    azure.pulumi("up")
    azure.pulumi("up", "--expect-no-changes")


def test_wrong_yaml_is_reported_whole_before_anything_is_touched(azure: Azure) -> None:
    def break_it(config: dict[str, Any]) -> None:
        config["azure-llama:workspace"]["colour"] = "blue"
        config["azure-llama:serverless"]["llama-33-70b"]["contentSafety"] = "yes"
        config["azure-llama:serverless"]["a" * 60] = {"model": "Llama-3.3-70B-Instrukt"}
        blue = config["azure-llama:managed"]["llama-8b"]["deployments"]["blue"]
        blue["vmSize"] = "Standard_NC24ads_A100_v5"
        blue["traffic"] = 90

    azure.change(break_it)
    for verb in ("preview", "up"):
        run = azure.pulumi(verb, check=False)
        assert run.code != 0
        for part in (
            "azure-llama:workspace.colour",
            "azure-llama:serverless.llama-33-70b.contentSafety",
            "52",
            "Llama-3.3-70B-Instruct",
            "azure-llama:managed.llama-8b.deployments.blue.vmSize",
            "Standard_NC24ads_A100_v4",
            "90",
        ):
            assert part in run.text
        assert "Traceback" not in run.text
    assert writes(azure) == []


def test_a_misspelt_key_at_the_top_is_refused(azure: Azure) -> None:
    azure.change(lambda config: config.update({"azure-llama:serverles": {}}))
    run = azure.pulumi("preview", check=False)
    assert run.code != 0
    assert "azure-llama:serverles" in run.text
    assert "did you mean" in run.text
