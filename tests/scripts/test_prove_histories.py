"""`scripts/prove_histories.py`: it counts histories, goes on where it ended, and reports the ones that fail."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import settings

from azure_llama_components import failed_deployment
from scripts import prove_histories
from tests.histories.machine import History


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches of one short history, and nothing that outlives the test."""
    monkeypatch.setattr(failed_deployment, "arm_client", vars(failed_deployment)["arm_client"])
    monkeypatch.setattr(History, "azure", None, raising=False)
    few = settings(prove_histories._SETTINGS, max_examples=1, stateful_step_count=1)
    monkeypatch.setattr(prove_histories, "_SETTINGS", few)


def test_a_run_goes_on_where_it_ended(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = tmp_path / "record.json"
    assert prove_histories.main(["--histories", "1", "--record", str(record)]) == 0
    assert prove_histories.main(["--histories", "2", "--record", str(record)]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first == "1 histories to seed 1: 1 converged"
    assert second == "2 histories to seed 2: 2 converged"


def test_a_history_that_fails_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.histories.machine.created_twice", lambda _: ["vault"])
    record = tmp_path / "record.json"
    assert prove_histories.main(["--histories", "1", "--record", str(record)]) == 1
    (signature,) = json.loads(record.read_text())["disagreements"]
    assert signature == "nothing_is_created_twice: AssertionError: ['vault']"
