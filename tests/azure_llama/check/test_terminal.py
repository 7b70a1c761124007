"""The report for a person at a terminal."""

from __future__ import annotations

from datetime import date

from azure_llama.check.checking import check
from azure_llama.check.judging import Terms
from azure_llama.check.report import Costs
from azure_llama.check.reports.terminal import rows
from azure_llama.stack import project
from tests.conftest import ROOT

TODAY = date(2026, 11, 25)


def test_a_first_run_of_the_dev_stack_fits_a_screen() -> None:
    found = check(project.load(ROOT, "dev"), Terms(TODAY), costs=lambda _: Costs({}, "", "x" * 75))
    lines = [text for text, _ in rows(found, 100)]
    assert sum(max(1, -(-len(line) // 100)) for line in lines) <= 24
    assert any("set lock: CanNotDelete on the workspace" in line for line in lines)
