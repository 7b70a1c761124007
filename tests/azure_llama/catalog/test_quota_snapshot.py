"""The file in which preflight keeps Azure ML's quota for the rules."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from azure_llama.catalog.quota_snapshot import Quota, QuotaSnapshotError, load, parse
from tests.catalogs import PACKAGE

GIVEN: dict[str, Any] = {
    "region": "eastus2",
    "takenAt": "2026-11-25T08:00:00Z",
    "subscription": "00000000-0000-0000-0000-000000000001",
    "families": {"Standard NCADSA100v4 Family Cluster Dedicated vCPUs": {"limit": 48, "used": 24}},
    "total": {"limit": 300, "used": 24},
    "deployments": {"rg/ws/llama-8b/blue": 24},
}


def test_it_is_read_as_it_is_written() -> None:
    snapshot = parse(json.dumps(GIVEN))
    assert snapshot.region == "eastus2"
    assert snapshot.total == Quota(limit=300, used=24)
    assert parse(snapshot.dump()) == snapshot
    assert json.loads(snapshot.dump())["takenAt"] == "2026-11-25T08:00:00Z"


@pytest.mark.parametrize("name", ["standardNCADSA100v4Family", "STANDARDNCADSA100V4FAMILY"])
def test_a_family_has_many_names(name: str) -> None:
    assert parse(json.dumps(GIVEN)).family(name, PACKAGE) == Quota(limit=48, used=24)


def test_a_family_that_nobody_knows_is_found_by_its_own_name_alone() -> None:
    snapshot = parse(json.dumps(GIVEN | {"families": {"new family": {"limit": 1, "used": 0}}}))
    assert snapshot.family("New Family", PACKAGE) == Quota(limit=1, used=0)
    assert snapshot.family("other family", PACKAGE) is None
    assert snapshot.family("standardNCADSA100v4Family", PACKAGE) is None


def test_what_is_left_counts_ones_own_as_free() -> None:
    assert Quota(limit=48, used=24).left() == 24
    assert Quota(limit=48, used=24).left(24) == 48
    assert Quota(limit=48, used=24).left(72) == 48
    assert Quota(limit=-1, used=24).left() is None


def test_deployments_are_found_in_any_letter_case() -> None:
    snapshot = parse(json.dumps(GIVEN))
    assert snapshot.held_by("RG/ws/Llama-8B/blue") == 24
    assert snapshot.held_by("rg/ws/llama-8b/green") == 0


def test_a_model_is_found_in_any_letter_case() -> None:
    usage = "AIServices.GlobalStandard.Llama-3.3-70B-Instruct"
    snapshot = parse(json.dumps(GIVEN | {"models": {usage: {"limit": 400, "used": 100}}}))
    assert snapshot.model(usage.upper()) == Quota(limit=400, used=100)
    assert snapshot.model("AIServices.GlobalStandard.MaaS") is None


def test_every_mistake_is_said_in_one_report() -> None:
    wrong = {"region": "", "takenAt": "2026-11-25T08:00:00", "families": {"a": {"limit": -2, "used": -1}}, "more": 1}
    with pytest.raises(QuotaSnapshotError) as raised:
        parse(json.dumps(wrong), "quota.json")
    lines = str(raised.value).splitlines()
    assert [line.split(": ")[:2] for line in lines] == [
        ["quota.json", path] for path in ("region", "takenAt", "families.a.limit", "families.a.used", "more")
    ]


def test_a_snapshot_without_families_is_refused() -> None:
    """Version 0.1 wrote one from what Azure really sends: no families, and a total of 0."""
    written = GIVEN | {"families": {}, "total": {"limit": 0, "used": 0}}
    with pytest.raises(QuotaSnapshotError, match=r"^quota\.json: families: {} must have at least one family"):
        parse(json.dumps(written), "quota.json")


def test_what_is_no_json_is_refused() -> None:
    with pytest.raises(QuotaSnapshotError, match=r"^quota\.json:1:2: is not JSON"):
        parse("{", "quota.json")


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(QuotaSnapshotError, match=r"missing\.json: cannot be read: No such file"):
        load(tmp_path / "missing.json")
    (tmp_path / "bytes.json").write_bytes(b"\xff\xfe")
    with pytest.raises(QuotaSnapshotError, match=r"bytes\.json: is not UTF-8"):
        load(tmp_path / "bytes.json")
    (tmp_path / "quota.json").write_text(json.dumps(GIVEN))
    assert load(tmp_path / "quota.json").region == "eastus2"
