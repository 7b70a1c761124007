from __future__ import annotations

from typing import Any

import pytest
from pulumi import ResourceHookArgs

from azure_llama_components import ManagedDeploymentArgs
from azure_llama_components.managed_deployment import FIXED

LLAMA = "azureml://registries/azureml-meta/models/Meta-Llama-3.1-8B-Instruct/versions/4"
BLUE = {"model": LLAMA, "instanceType": "Standard_NC24ads_A100_v4", "description": "one"}


def change(**properties: Any) -> ResourceHookArgs:
    return ResourceHookArgs(
        "urn",
        "id",
        "llama-8b.blue",
        "azure-native:machinelearningservices:OnlineDeployment",
        old_inputs={"properties": BLUE, "sku": {"capacity": 1}},
        new_inputs={"properties": {**BLUE, **properties}, "sku": {"capacity": 2}},
    )


def test_a_size_is_never_changed_in_place() -> None:
    with pytest.raises(ValueError, match="Add a deployment under a new name") as refused:
        FIXED.check(change(instanceType="Standard_NC48ads_A100_v4"))
    for part in ("llama-8b.blue", "vmSize", "'Standard_NC24ads_A100_v4'", "'Standard_NC48ads_A100_v4'"):
        assert part in str(refused.value)
    assert "model" not in str(refused.value).split(":")[1]


def test_a_model_is_never_changed_in_place_not_even_its_version() -> None:
    with pytest.raises(ValueError, match="versions/5"):
        FIXED.check(change(model=LLAMA.replace("versions/4", "versions/5")))


def test_both_are_named_in_one_refusal() -> None:
    with pytest.raises(ValueError, match=r"model .* and vmSize"):
        FIXED.check(change(model="another", instanceType="another"))


def test_everything_else_is() -> None:
    FIXED.check(change())
    FIXED.check(change(description="two", appInsightsEnabled=False))


def test_the_outputs_are_what_the_stack_asked_for() -> None:
    args = ManagedDeploymentArgs(
        model="meta-llama-3.1-8b-instruct", vm_size="Standard_NC24ads_A100_v4", instances=2, traffic=100
    )
    assert args.outputs == {
        "model": "Meta-Llama-3.1-8B-Instruct",
        "vmSize": "Standard_NC24ads_A100_v4",
        "instances": 2,
        "traffic": 100,
    }
