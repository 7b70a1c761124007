"""`scripts/prove.py`: its record counts cases and circumstances, and keeps the smallest stack of a disagreement."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from scripts.prove import Batch, Record

LARGE, SMALL = {"azure-native:location": "eastus2"}, {"a": "b"}
AROUND = {"unregistered": ["Microsoft.SaaS"]}


def test_a_record_keeps_the_circumstances_of_the_smallest_disagreement(tmp_path: Path) -> None:
    path = tmp_path / "prove.json"
    wrong = [("nobody predicted it", LARGE, {}, "large"), ("nobody predicted it", SMALL, AROUND, "small")]
    Record(path, 7).add(Batch(Counter(refused=2), Counter(unregistered=1), wrong))
    (row,) = json.loads(path.read_text())["disagreements"].values()
    assert row == {"count": 2, "seed": 7, "config": SMALL, "circumstances": AROUND, "text": "small"}


def test_a_record_that_goes_on_counts_circumstances_too(tmp_path: Path) -> None:
    path = tmp_path / "prove.json"
    Record(path, 0).add(Batch(Counter(deployed=1), Counter(cores=1)))
    again = Record(path, 0)
    again.add(Batch(Counter(deployed=1), Counter({"cores": 1, "conditions.foundry": 1})))
    assert "2 cases to seed 2: 2 deployed" in str(again)
    assert "in 3 circumstances of 2 kinds" in str(again)
