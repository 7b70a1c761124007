"""What holds for any figures; apart from the cases, which mutation testing runs a thousand times over."""

from __future__ import annotations

import json
from math import ceil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules import managed_quota, managed_traffic
from tests.policies.cases import deployment, judge, stated, template

A100, A10 = "standardNCADSA100v4Family", "standardNVADSA10v5Family"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project's folder."""
    return tmp_path_factory.mktemp("project")


@given(st.dictionaries(st.sampled_from(["blue", "green"]), st.integers(-5, 105), min_size=1))
def test_traffic_is_sound_exactly_when_its_shares_are_and_it_sums_to_all_or_nothing(traffic: dict[str, int]) -> None:
    parts = [template("traffic", stated(traffic=traffic)), deployment("blue"), deployment("green")]
    (verdict, *_) = [each for each in judge(managed_traffic.RULE, parts, {}) if each.resource.name == "traffic"]
    sound = all(0 <= share <= 100 for share in traffic.values()) and sum(traffic.values()) in (0, 100)
    assert verdict.outcome is (Outcome.PASSED if sound else Outcome.VIOLATED)


@given(
    instances=st.integers(1, 50),
    size=st.sampled_from(["Standard_NC24ads_A100_v4", "Standard_NV36ads_A10_v5"]),
    limit=st.integers(0, 2000),
    used=st.integers(0, 2000),
)
def test_a_deployment_passes_exactly_when_its_cores_are_left(
    place: Path, instances: int, size: str, limit: int, used: int
) -> None:
    family = A10 if "A10_" in size else A100
    snapshot = {
        "region": "eastus2",
        "takenAt": "2026-11-20T08:00:00Z",
        "families": {family: {"limit": limit, "used": used}},
    }
    (place / "quota-snapshot.json").write_text(json.dumps(snapshot))
    (verdict,) = judge(managed_quota.RULE, [deployment(capacity=instances, size=size)], {}, place)
    cores = ceil(instances * 6 / 5) * 36 if family == A10 else instances * 24
    assert verdict.outcome is (Outcome.PASSED if cores <= limit - used else Outcome.VIOLATED)
