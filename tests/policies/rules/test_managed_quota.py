"""What `managed-quota` says."""

from __future__ import annotations

import atexit
import json
from collections.abc import Mapping
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any

import pytest

from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.managed_quota import RULE
from tests.catalogs import NEW_SIZE, overlaid
from tests.policies.cases import UNKNOWN, Case, Given, autoscale, deployment, judge, workspace

A100, A10 = "standardNCADSA100v4Family", "standardNVADSA10v5Family"
SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"
ID = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/ws"
SNAPSHOT: dict[str, Any] = {
    "region": "eastus2",
    "takenAt": "2026-11-20T08:00:00Z",
    "subscription": SUBSCRIPTION,
    "families": {A100: {"limit": 96, "used": 0}, A10: {"limit": 100, "used": 28}},
    "total": {"limit": 300, "used": 28},
}
FOLDER = mkdtemp(prefix="quota-")
atexit.register(rmtree, FOLDER, ignore_errors=True)


def _beside(name: str = "quota-snapshot.json", text: str | None = None, **other: Any) -> Path:
    folder = Path(mkdtemp(dir=FOLDER))
    (folder / name).write_text(text or json.dumps(SNAPSHOT | other))
    return folder


def _of(limit: int, used: int) -> Mapping[str, Any]:
    return {"families": {A100: {"limit": limit, "used": used}}}


def _scaled(most: Any, **rest: Any) -> Given:
    return autoscale("scale", f"{ID}/onlineEndpoints/llama/deployments/blue", (1, most), **rest)


PLACE = _beside()
PASSED, VIOLATED, NOT_SEEN = ({"blue": outcome} for outcome in (Outcome.PASSED, Outcome.VIOLATED, Outcome.NOT_SEEN))

CASES = [
    Case("enough", [deployment(capacity=2)], PASSED, project=PLACE),
    Case("fewer than no instances", [deployment(capacity=-1)], NOT_SEEN, project=PLACE),
    Case("one instance too many", [deployment(capacity=3)], VIOLATED, project=PLACE),
    Case("the last that is left", [deployment()], PASSED, project=_beside(**_of(96, 48))),
    Case("one core too few", [deployment()], VIOLATED, project=_beside(**_of(96, 49))),
    Case("no limit", [deployment(capacity=50)], VIOLATED, project=_beside(**_of(-1, 0))),
    Case("no limit at all", [deployment(capacity=50)], PASSED, project=_beside(**_of(-1, 0), total=None)),
    Case(
        "no limit of all families",
        [deployment(capacity=50)],
        PASSED,
        project=_beside(**_of(-1, 0), total={"limit": -1, "used": 5}),
    ),
    Case("the sum of all families", [deployment()], VIOLATED, project=_beside(total={"limit": 50, "used": 3})),
    Case("nothing said of all families", [deployment()], PASSED, project=_beside(total=None)),
    Case("a fifth in reserve", [deployment(size="Standard_NV36ads_A10_v5")], PASSED, project=PLACE),
    Case(
        "a fifth in reserve is too much",
        [deployment(size="Standard_NV36ads_A10_v5", capacity=2)],
        VIOLATED,
        project=PLACE,
    ),
    Case(
        "two deployments of a family",
        [deployment("blue", capacity=1), deployment("green", capacity=2)],
        {"blue": Outcome.VIOLATED, "green": Outcome.VIOLATED},
        project=PLACE,
    ),
    Case(
        "two families",
        [deployment("blue", capacity=3), deployment("green", size="Standard_NV36ads_A10_v5")],
        {"blue": Outcome.VIOLATED, "green": Outcome.PASSED},
        project=PLACE,
    ),
    Case(
        "two families are too much together",
        [deployment("blue"), deployment("green", size="Standard_NV36ads_A10_v5")],
        {"blue": Outcome.VIOLATED, "green": Outcome.VIOLATED},
        project=_beside(total={"limit": 120, "used": 1}),
    ),
    Case("autoscale at its most", [deployment(), _scaled("3")], VIOLATED, project=PLACE),
    Case("autoscale below what is declared", [deployment(capacity=9), _scaled(2)], PASSED, project=PLACE),
    Case("autoscale that is off", [deployment(), _scaled("3", enabled=False)], PASSED, project=PLACE),
    Case(
        "its own cores are not counted twice",
        [deployment(capacity=2)],
        PASSED,
        project=_beside(**_of(96, 96), total={"limit": 96, "used": 96}, deployments={"RG/ws/llama/blue": 96}),
    ),
    Case(
        "those of another deployment are",
        [deployment()],
        VIOLATED,
        project=_beside(**_of(96, 96), deployments={"rg/ws/llama/other": 96}),
    ),
    Case(
        "the cores of two of its own",
        [deployment("blue"), deployment("green")],
        {"blue": Outcome.PASSED, "green": Outcome.PASSED},
        project=_beside(**_of(96, 96), deployments={"rg/ws/llama/blue": 48, "rg/ws/llama/green": 48}),
    ),
    Case("the same subscription", [deployment(subscription=SUBSCRIPTION)], PASSED, project=PLACE),
    Case("another subscription", [deployment(subscription="other")], NOT_SEEN, project=PLACE),
    Case(
        "a snapshot of no subscription", [deployment(subscription="other")], PASSED, project=_beside(subscription=None)
    ),
    Case("the region's display name", [deployment(location="East US 2")], PASSED, project=PLACE),
    Case("another region", [deployment(location="westus")], NOT_SEEN, project=PLACE),
    Case("a region that does not exist", [deployment(location="eastus9")], NOT_SEEN, project=PLACE),
    Case(
        "a region that only the snapshot knows",
        [deployment(location="eastus9")],
        PASSED,
        project=_beside(region="eastus9"),
    ),
    Case(
        "a family that the snapshot does not have",
        [deployment()],
        NOT_SEEN,
        project=_beside(families={A10: {"limit": 100, "used": 28}}),
    ),
    Case(
        "a snapshot that version 0.1 took of Azure",
        [deployment()],
        NOT_SEEN,
        project=_beside(families={}, total={"limit": 0, "used": 0}),
        says=("families: {} must have at least one family",),
    ),
    Case(
        "a family as Azure spells it elsewhere",
        [deployment(capacity=3)],
        VIOLATED,
        project=_beside(families={"Standard_NCADSA100v4_Family": {"limit": 96, "used": 0}}),
    ),
    Case("no project", [deployment()], NOT_SEEN),
    Case("no snapshot", [deployment()], NOT_SEEN, project=_beside("other.json")),
    Case("another file", [deployment()], PASSED, project=_beside("other.json"), config={"snapshot": "other.json"}),
    Case("a broken snapshot", [deployment()], NOT_SEEN, project=_beside(text='{"region": "eastus2"}')),
    Case("as old as may be", [deployment()], PASSED, project=PLACE, config={"asOf": "2026-12-20"}),
    Case("too old", [deployment()], NOT_SEEN, project=PLACE, config={"asOf": "2026-12-21"}),
    Case("too old for whom it may concern", [deployment()], NOT_SEEN, project=PLACE, config={"maxAgeDays": 1}),
    Case("the first day there is", [deployment()], PASSED, project=PLACE, config={"asOf": "0001-01-01"}),
    Case("as old as ever", [deployment()], PASSED, project=PLACE, config={"maxAgeDays": 9999999999}),
    Case("a size that nobody knows", [deployment(size="Standard_X1")], NOT_SEEN, project=PLACE),
    Case("a size of no family", [deployment(size="Standard_ND96isr_H200_v5")], NOT_SEEN, project=PLACE),
    Case("an unknown size", [deployment(size=UNKNOWN)], NOT_SEEN, project=PLACE),
    Case("an unknown capacity", [deployment(capacity=UNKNOWN)], NOT_SEEN, project=PLACE),
    Case("an unknown maximum", [deployment(), _scaled(UNKNOWN)], NOT_SEEN, project=PLACE),
    Case(
        "what another takes is unknown",
        [deployment("blue"), deployment("green", size=UNKNOWN)],
        {"blue": Outcome.NOT_SEEN, "green": Outcome.NOT_SEEN},
        project=PLACE,
    ),
    Case(
        "what is too much already is too much whatever another takes",
        [deployment("blue", capacity=3), deployment("green", size=UNKNOWN)],
        {"blue": Outcome.VIOLATED, "green": Outcome.NOT_SEEN},
        project=PLACE,
    ),
    Case("a workspace", [workspace()], {}, project=PLACE),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)


def test_a_size_of_a_known_reserve_and_no_known_family() -> None:
    catalog = overlaid(f"sizes: {{Standard_NC1: {{{NEW_SIZE}, reserveExempt: true, source: us, asOf: 2026-11-20}}}}")
    (verdict,) = judge(RULE, [deployment(size="Standard_NC1")], {}, PLACE, catalog)
    assert verdict.outcome is Outcome.NOT_SEEN
    assert verdict.message == "deployment 'blue': how many cores of quota Standard_NC1 takes is unknown"
