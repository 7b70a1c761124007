"""`scripts/soak.py`: a sandbox that keeps its size and loses no answer passes; growth and lost answers are reported."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scripts import soak
from scripts.soak_clients import Tally

SIZE = soak.Size(memory=100 * 2**20, descriptors=20, database=2**17, log=500_000, requests=1000)


def test_few_clients_for_seconds_lose_no_answer(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(soak, "_PHASE", 0.4)
    code = soak.main(["--minutes", "0.05", "--clients", "4", "--pause", "0.1"])
    printed = capsys.readouterr().out
    assert code == 0, printed
    assert "served" in printed
    assert "lost" not in printed


@pytest.mark.parametrize(
    ("grown", "text"),
    [
        ({"memory": SIZE.memory + soak.GROWTH["memory"] + 1}, "memory grew by"),
        ({"database": SIZE.database + soak.GROWTH["database"] + 1}, "database grew by"),
        ({"descriptors": SIZE.descriptors + soak.GROWTH["descriptors"] + 1}, "descriptors grew by"),
        ({"log": SIZE.requests * soak.LINE + 1}, "bytes for each request"),
    ],
    ids=["memory", "database", "descriptors", "log"],
)
def test_growth_beyond_a_limit_is_reported(grown: dict[str, int], text: str) -> None:
    assert list(soak.grown(SIZE, SIZE, SIZE, SIZE)) == []
    (found,) = soak.grown(SIZE, SIZE, replace(SIZE, **grown), replace(SIZE, **grown))
    assert text in found


def test_lost_answers_are_reported() -> None:
    tally = Tally()
    assert list(soak.lost(tally)) == ["no answer was served"]
    tally.outcomes["served"] = 1
    assert list(soak.lost(tally)) == []
    tally.lose("503 ServiceUnavailable")
    assert list(soak.lost(tally)) == ["1 answers were lost, such as:", "503 ServiceUnavailable"]
