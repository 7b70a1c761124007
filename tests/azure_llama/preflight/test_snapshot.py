"""Answers that are kept serve without credentials, and say how old they are."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from azure_llama.catalog import quota_snapshot
from azure_llama.preflight import Kept, Reader, Report, Snapshot, SnapshotError, Status, run, snapshot
from azure_llama.preflight.reports import age, as_json, heading
from tests.azure_llama.preflight.foundry_cases import ACCOUNT, MODEL_QUOTA, account, with_account
from tests.azure_llama.preflight.harness import STACK, SUBSCRIPTION, Cloud, of, plan_of, stack
from tests.catalogs import PACKAGE
from tests.sandbox.arm.around import model_body

TAKEN = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)


def take(cloud: Cloud, path: Path, config: Mapping[str, Any] = STACK, who: str = "owner") -> Report:
    """A preflight whose answers are kept."""
    planned = plan_of(config)

    async def asked() -> Report:
        async with cloud.client(who) as arm:
            azure = Reader(arm)
            report = await run(planned, azure, who="a test")
            cores = await snapshot.read_quota(planned, azure, TAKEN) if who == "owner" else None
            quota = json.loads(cores.dump()) if cores else None
            Snapshot(TAKEN, SUBSCRIPTION, "t", "a test", azure.kept(), quota).save(path)
            return report

    return asyncio.run(asked())


def ask(path: Path, config: Mapping[str, Any] = STACK) -> Report:
    saved = snapshot.load(path)
    asked = run(plan_of(config), Reader(Kept(saved.answers)), who=saved.who, taken=saved.taken)
    return asyncio.run(asked)


@pytest.mark.parametrize("who", ["owner", "guest"])
def test_kept_answers_come_to_the_same(cloud: Cloud, tmp_path: Path, who: str) -> None:
    cloud.azure.with_hub()
    live = take(cloud, tmp_path / "answers.json", who=who)
    kept = ask(tmp_path / "answers.json")
    assert [(each.name, each.status) for each in kept.runs] == [(each.name, each.status) for each in live.runs]
    assert kept.exit_code == live.exit_code
    assert "saved answers of 2026-11-25 08:00 UTC" in heading(kept)
    assert json.loads(as_json(kept))["ageSeconds"] >= 0
    assert "token" not in (tmp_path / "answers.json").read_text().lower().replace("tokens", "")


def test_another_stack_is_judged_by_them_as_far_as_they_go(cloud: Cloud, tmp_path: Path) -> None:
    take(cloud, tmp_path / "answers.json")
    more = ask(tmp_path / "answers.json", stack(**{"managed__llama-8b__deployments__blue__instances": 9}))
    assert list(of(more, Status.FAIL)) == ["quota"]
    other = ask(tmp_path / "answers.json", stack(managed__other=STACK["azure-llama:managed"]["llama-8b"]))
    unknown = of(other, Status.UNKNOWN)
    assert "not in the saved answers" in unknown["quota"][0]
    assert "take them again with --save" in unknown["quota"][0]
    assert other.exit_code == 4


def test_the_quota_in_it_is_the_one_that_rules_read(cloud: Cloud, tmp_path: Path) -> None:
    cloud.azure.with_hub()
    cloud.azure.endpoint()
    cloud.azure.deployment()
    take(cloud, tmp_path / "answers.json")
    part = json.loads((tmp_path / "answers.json").read_text())["quota"]
    found = quota_snapshot.parse(json.dumps(part))
    family = found.family("standardNCADSA100v4Family", PACKAGE)
    assert family is not None
    assert (family.limit, family.used, found.region) == (192, 24, "eastus2")
    assert found.held_by("llama/llama-dev/llama-8b/blue") == 24


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("no json", "give a file that --save wrote"),
        ("[" * 100_000, "give a file that --save wrote"),
        ("[]", "is not of the format"),
        ('{"format": "azure-llama-preflight/2"}', "is not of the format"),
        ('{"format": "azure-llama-preflight/1"}', "lacks takenAt"),
        ('{"format": "azure-llama-preflight/1", "takenAt": "2026-11-25", "answers": {}}', "lacks takenAt"),
    ],
)
def test_a_file_that_is_something_else_is_refused(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "answers.json"
    path.write_text(text)
    with pytest.raises(SnapshotError, match=says):
        snapshot.load(path)
    with pytest.raises(SnapshotError, match="No such file"):
        snapshot.load(tmp_path / "none.json")


@pytest.mark.parametrize(
    ("past", "says"),
    [
        (timedelta(seconds=3), "less than a minute"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(hours=3, minutes=59), "3 hours"),
        (timedelta(days=2), "2 days"),
        (-timedelta(days=2), "less than a minute"),
    ],
)
def test_an_age_is_told_in_the_largest_unit(past: timedelta, says: str) -> None:
    assert age(TAKEN, TAKEN + past) == says


def test_it_has_the_capacity_that_models_on_foundry_accounts_take(cloud: Cloud, tmp_path: Path) -> None:
    cloud.azure.with_hub()
    account(cloud)
    cloud.azure.put(f"{ACCOUNT}/deployments/chat", model_body("9", 100))
    take(cloud, tmp_path / "answers.json", with_account())
    found = quota_snapshot.parse(json.dumps(json.loads((tmp_path / "answers.json").read_text())["quota"]))
    quota = found.model(MODEL_QUOTA)
    assert quota is not None
    assert (quota.used, quota.limit) == (100, 400)
    assert found.held_by("llama/contoso-llama/chat") == 100
