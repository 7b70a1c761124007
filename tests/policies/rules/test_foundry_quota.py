"""What `foundry-quota` says."""

from __future__ import annotations

import atexit
import json
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any

import pytest

from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.foundry_quota import RULE
from tests.policies.cases import UNKNOWN, Case, workspace
from tests.policies.foundry_resources import account, foundry_deployment

USAGE = "AIServices.GlobalStandard.Llama-3.3-70B-Instruct"
SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"
FOLDER = mkdtemp(prefix="quota-")
atexit.register(rmtree, FOLDER, ignore_errors=True)


def _beside(limit: int = 400, used: int = 300, **other: Any) -> Path:
    """The folder of a project with a snapshot."""
    folder = Path(mkdtemp(dir=FOLDER))
    snapshot = {
        "region": "eastus2",
        "takenAt": "2026-11-20T08:00:00Z",
        "subscription": SUBSCRIPTION,
        "families": {"standardNCADSA100v4Family": {"limit": 0, "used": 0}},
        "models": {USAGE: {"limit": limit, "used": used}},
    }
    (folder / "quota-snapshot.json").write_text(json.dumps(snapshot | other))
    return folder


ACCOUNT = account()
CHAT = foundry_deployment()
DRAFTS = foundry_deployment("drafts", capacity=20)
PLACE = _beside()
PASSED, VIOLATED, NOT_SEEN = ({"chat": outcome} for outcome in (Outcome.PASSED, Outcome.VIOLATED, Outcome.NOT_SEEN))

CASES = [
    Case("the last that is left", [ACCOUNT, CHAT], PASSED, project=PLACE),
    Case(
        "one unit too many",
        [ACCOUNT, foundry_deployment(capacity=101)],
        VIOLATED,
        says=["needs 101", "100 of 400 are left"],
        project=PLACE,
    ),
    Case("more used than allowed", [ACCOUNT, CHAT], VIOLATED, says=["0 of 200 are left"], project=_beside(200)),
    Case("no limit", [ACCOUNT, foundry_deployment(capacity=9000)], PASSED, project=_beside(-1)),
    Case(
        "two of one quota",
        [ACCOUNT, CHAT, DRAFTS],
        {"chat": Outcome.VIOLATED, "drafts": Outcome.VIOLATED},
        says=["needs 120"],
        project=PLACE,
    ),
    Case(
        "two quotas",
        [ACCOUNT, CHAT, foundry_deployment("old", version="1", capacity=1)],
        {"chat": Outcome.PASSED, "old": Outcome.PASSED},
        project=_beside(
            models={USAGE: {"limit": 100, "used": 0}, "AIServices.GlobalStandard.MaaS": {"limit": 1, "used": 0}}
        ),
    ),
    Case(
        "two of one quota on two accounts",
        [ACCOUNT, account("fabrikam"), CHAT, foundry_deployment("drafts", account="fabrikam", capacity=20)],
        {"chat": Outcome.VIOLATED, "drafts": Outcome.VIOLATED},
        project=PLACE,
    ),
    Case(
        "it is deployed already",
        [ACCOUNT, foundry_deployment(capacity=150)],
        PASSED,
        project=_beside(deployments={"RG/contoso/chat": 50}),
    ),
    Case(
        "it is deployed already, on an account by its output",
        [ACCOUNT, foundry_deployment(account=UNKNOWN, capacity=151, comes_from={"accountName": [ACCOUNT]})],
        VIOLATED,
        says=["needs 151", "150 of 400"],
        project=_beside(deployments={"rg/contoso/chat": 50}),
    ),
    Case(
        "both are deployed already",
        [ACCOUNT, CHAT, foundry_deployment("drafts", capacity=120)],
        {"chat": Outcome.PASSED, "drafts": Outcome.PASSED},
        project=_beside(deployments={"rg/contoso/chat": 100, "rg/contoso/drafts": 20}),
    ),
    Case("Azure's default capacity", [ACCOUNT, foundry_deployment(capacity=None)], PASSED, project=_beside(310, 300)),
    Case(
        "Azure's default capacity is too much",
        [ACCOUNT, foundry_deployment(capacity=None)],
        VIOLATED,
        project=_beside(309, 300),
    ),
    Case(
        "beside one of unknown capacity",
        [ACCOUNT, CHAT, foundry_deployment("drafts", capacity=UNKNOWN)],
        {"chat": Outcome.NOT_SEEN, "drafts": Outcome.NOT_SEEN},
        project=PLACE,
    ),
    Case(
        "too many, beside one of unknown capacity",
        [ACCOUNT, foundry_deployment(capacity=200), foundry_deployment("drafts", capacity=UNKNOWN)],
        {"chat": Outcome.VIOLATED, "drafts": Outcome.NOT_SEEN},
        project=PLACE,
    ),
    Case("no project", [ACCOUNT, CHAT], NOT_SEEN),
    Case("no snapshot", [ACCOUNT, CHAT], NOT_SEEN, project=PLACE, config={"snapshot": "other.json"}),
    Case("an old snapshot", [ACCOUNT, CHAT], NOT_SEEN, project=PLACE, config={"asOf": "2026-12-21"}),
    Case("a snapshot without models", [ACCOUNT, CHAT], NOT_SEEN, project=_beside(models={})),
    Case("a snapshot of another region", [account(location="westus"), CHAT], NOT_SEEN, project=PLACE),
    Case(
        "a snapshot of another subscription",
        [ACCOUNT, foundry_deployment(subscription="00000000-0000-0000-0000-000000000002")],
        NOT_SEEN,
        project=PLACE,
    ),
    Case(
        "a snapshot of this subscription",
        [ACCOUNT, foundry_deployment(subscription=SUBSCRIPTION)],
        PASSED,
        project=PLACE,
    ),
    Case(
        "a quota without a name",
        [ACCOUNT, foundry_deployment(version="9")],
        NOT_SEEN,
        says=["the usageName of the quota of Llama-3.3-70B-Instruct version 9", "is unknown", "azure-llama preflight"],
        project=PLACE,
    ),
    Case(
        "a version without a row",
        [ACCOUNT, foundry_deployment(version="7")],
        NOT_SEEN,
        says=["is not in the catalogue", "llama-catalog.yaml"],
        project=PLACE,
    ),
    Case("an account outside the stack", [CHAT], NOT_SEEN, project=PLACE),
    Case("a workspace", [workspace()], {}, project=PLACE),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)
