"""The report for a person at a terminal."""

from __future__ import annotations

import re
from datetime import date

import pytest

from azure_llama.check.checking import check
from azure_llama.check.judging import Terms
from azure_llama.check.report import Costs, Report
from azure_llama.check.reports.terminal import rows
from azure_llama.stack import project
from tests.conftest import ROOT

TODAY = date(2026, 11, 25)


@pytest.fixture(scope="module")
def report() -> Report:
    """A check of the dev stack."""
    return check(project.load(ROOT, "dev"), Terms(TODAY), costs=lambda _: Costs({}, "", "x" * 75))


def lines(report: Report, height: int) -> list[str]:
    """What is printed, 100 columns wide."""
    return [text for text, _ in rows(report, 100, height)]


def test_a_first_run_of_the_dev_stack_fits_a_screen(report: Report) -> None:
    shown = lines(report, 24)
    assert sum(max(1, -(-len(line) // 100)) for line in shown) <= 24
    assert any(re.fullmatch(r"warning +stateful-replacement .* set lock: CanNotDelete on .*", line) for line in shown)
    assert any("foundry-quota" in line and "no quota snapshot was given" in line for line in shown)


def test_a_large_screen_has_the_finding_with_its_remedy(report: Report) -> None:
    shown = lines(report, 60)
    at = next(index for index, line in enumerate(shown) if "stateful-replacement" in line)
    assert shown[at + 1].startswith("  key vault 'kv-llamadev-")
    assert shown[at + 1].endswith("set lock: CanNotDelete on the workspace, or protect it")
    assert all(len(line) <= 100 for line in shown[:-1])
