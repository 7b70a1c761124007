"""Every example stack on the real engine: deployed, deployed again, refreshed, destroyed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from azure_llama.engine import find
from tests.e2e.harness import AZURE_LLAMA, ROOT, Azure
from tests.e2e.test_dev_stack import arm_type
from tests.e2e.test_drift import ML, by_hand, resource, restored

pytestmark = pytest.mark.engine

EXAMPLES = ROOT / "examples"
RULES_OF_A_REVIEW = ROOT / "policies" / "configs" / "hardened.json"
WRITTEN = "2026-11-25"
"""The day that the examples were written for: a shared quota ends a week after it."""

_LEFT = "2021-04-01"


def example(name: str) -> dict[str, Any]:
    """The configuration of an example, as it stands."""
    config: dict[str, Any] = yaml.safe_load((EXAMPLES / name / f"Pulumi.{name}.yaml").read_text())["config"]
    return config


def stack(home: Path, name: str) -> Azure:
    """An example's stack in a sandbox that runs."""
    azure = Azure(home, name, example(name))
    azure.stack_file.write_text((EXAMPLES / name / f"Pulumi.{name}.yaml").read_text())
    azure.init()
    return azure


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A running sandbox, shared by the examples: `max` has a connection in the workspace of `defaults`."""
    home = tmp_path_factory.mktemp("examples") / "home"
    sandbox = Azure(home)
    sandbox.start(as_of=WRITTEN)
    yield home
    sandbox.cli("stop", check=False)


def test_the_examples_deploy_twice_without_drift_and_leave_nothing(home: Path, contract_errors: Any) -> None:
    stacks = [stack(home, name) for name in ("defaults", "max", "foundry")]
    for azure in stacks:
        _deploys_and_stays(azure)
    _keeps_the_contract(stacks[0], contract_errors)
    most = stacks[1]
    endpoint = resource(most, "machinelearningservices:OnlineEndpoint")
    instance = resource(most, "machinelearningservices:Compute")
    stated = most.arm(endpoint).json()["properties"]
    by_hand(most, endpoint, ML, publicNetworkAccess="Disabled", traffic=dict.fromkeys(stated["traffic"], 0))
    restored(most)
    actual = most.arm(endpoint).json()["properties"]
    assert all(actual[name] == stated[name] for name in ("publicNetworkAccess", "traffic"))
    most.pulumi("up", "--expect-no-changes")
    assert most.arm(instance).status_code == 200
    assert _cores_in_use(most) > 0
    for azure in reversed(stacks):
        azure.pulumi("destroy")
    assert most.arm(instance).status_code == 404
    assert _cores_in_use(most) == 0
    assert _left(stacks[0]) == []
    _is_deployed_again_after_a_purge(stacks[2])


def test_hardened_passes_every_rule_and_deploys(tmp_path: Path, contract_errors: Any) -> None:
    home = tmp_path / "home"
    Azure(home).start(as_of=WRITTEN)
    azure = stack(home, "hardened")
    room = find()
    assert room is not None
    pack = ("--policy-pack", str(room.policy_pack(ROOT / "policies")), "--policy-pack-config", str(RULES_OF_A_REVIEW))
    try:
        up = azure.pulumi("up", *pack)
        assert "mandatory" not in up.text
        _deploys_and_stays(azure)
        _keeps_the_contract(azure, contract_errors)
        azure.pulumi("destroy")
        assert _left(azure) == []
    finally:
        azure.cli("stop", check=False)


def test_the_least_that_a_stack_can_ask_for_is_short() -> None:
    lines = (EXAMPLES / "defaults" / "Pulumi.defaults.yaml").read_text().splitlines()
    assert len(lines) < 15


def _deploys_and_stays(azure: Azure) -> None:
    azure.pulumi("up")
    azure.pulumi("up", "--expect-no-changes")
    azure.drift()


def _is_deployed_again_after_a_purge(azure: Azure) -> None:
    options = ("--stack", azure.stack, "--config-file", str(azure.stack_file), "--yes")
    azure.exec(str(AZURE_LLAMA), "purge", *options)
    azure.pulumi("up")
    azure.pulumi("destroy")


def _keeps_the_contract(azure: Azure, contract_errors: Any) -> None:
    puts = [line for line in azure.requests() if line["method"] == "PUT" and line["status"] < 400]
    complaints = [
        complaint
        for line in puts
        for complaint in contract_errors(arm_type(line["path"]), line["apiVersion"], line["body"])
    ]
    assert complaints == []


def _cores_in_use(azure: Azure) -> int:
    """What Azure ML counts against the quota, compute instances included."""
    location = f"/subscriptions/{azure.status['subscription']}/providers/Microsoft.MachineLearningServices/locations"
    return sum(int(row["currentValue"]) for row in azure.arm(f"{location}/eastus2/usages", ML).json()["value"])


def _left(azure: Azure) -> list[str]:
    subscription = f"/subscriptions/{azure.status['subscription']}"
    found = [
        *azure.arm(f"{subscription}/resources", _LEFT).json()["value"],
        *azure.arm(f"{subscription}/resourcegroups", _LEFT).json()["value"],
    ]
    return [json.dumps(each["id"]) for each in found]
