"""An estimate as text, Markdown and JSON: every figure with its source and date, unknown as such."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from typing import ClassVar

import pytest

from azure_llama.catalog import Range, Source
from azure_llama.pricing import Estimate, Kind, Line, as_json, as_lines, as_markdown
from azure_llama.pricing.reports import money

JUNE = Source("june", "Prices | of June", "2026-06-18", "document")
NOVEMBER = Source("november", "Prices of November", "2026-11-09", "secondary")
MACHINE = Line(
    Kind.COMPUTE, "managed.m.deployments.blue", "1 x Standard_X in eastus", Range(730, 730), "hour", Range(7, 9.5),
    (JUNE, NOVEMBER),
)  # fmt: skip
TOKENS = Line(
    Kind.TOKENS, "serverless.s", "input tokens", None, "million tokens", Range(0.71, 0.71), (JUNE,), "volume not stated"
)
VAULT = Line(Kind.SUPPORT, "workspace", "key vault", Range(1, 1), "month", None, (), "no dated price is known")
WHOLE = Estimate("eastus", date(2026, 11, 25), (VAULT, TOKENS, MACHINE), ("One thing to know.",))


def test_text() -> None:
    assert as_lines(WHOLE).splitlines() == [
        "Machines:",
        "  managed.m.deployments.blue: 1 x Standard_X in eastus",
        "    730 x 7 to 9.5 per hour = 5,110.00 to 6,935.00 USD a month [1] [2]",
        "Tokens:",
        "  serverless.s: input tokens",
        "    0.71 per million tokens [1] (volume not stated)",
        "Around them:",
        "  workspace: key vault",
        "    unknown (no dated price is known)",
        "Total: 5,110.00 to 6,935.00 USD a month in eastus, and 1 item whose use is not stated,"
        " and 1 item whose price is unknown.",
        "Note: One thing to know.",
        "An estimate from list prices: without discounts, taxes, reservations and data transfer.",
        "[1] Prices | of June, 2026-06-18",
        "[2] Prices of November, 2026-11-09",
    ]


def test_markdown() -> None:
    text = as_markdown(WHOLE)
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert len(rows) == 5
    assert all(row.replace("\\|", "").count("|") == 7 for row in rows)
    assert "| 1 x Standard\\_X in eastus | `managed.m.deployments.blue` | 730 | 7 to 9.5 per hour" in text
    assert "**Total: 5,110.00 to 6,935.00 USD a month in eastus, and 1 item whose use is not stated" in text
    assert "1. Prices \\| of June, 2026-06-18" in text
    assert "- One thing to know." in text


def test_json() -> None:
    found = json.loads(as_json(WHOLE))
    assert found["monthly"] == {"low": 5110.0, "high": 6935.0}
    assert (found["byUse"], found["unknown"]) == (1, 1)
    by_place = {line["resource"]: line for line in found["lines"]}
    assert by_place["workspace"]["monthly"] is None
    assert by_place["serverless.s"]["quantity"] is None
    assert by_place["managed.m.deployments.blue"]["sources"] == [
        {"title": "Prices | of June", "asOf": "2026-06-18"},
        {"title": "Prices of November", "asOf": "2026-11-09"},
    ]


def test_nothing_known_is_said_to_be_unknown() -> None:
    text = as_lines(Estimate("eastus", date(2026, 11, 25), (VAULT,)))
    assert "Total: 1 item whose price is unknown in eastus." in text
    assert "0.00" not in text


def test_known_amounts_have_bars() -> None:
    small = Line(Kind.SUPPORT, "workspace", "link", Range(730, 730), "hour", Range(0.01, 0.01), (JUNE,))
    two = Estimate("eastus", date(2026, 11, 25), (small, MACHINE))
    rows = ["managed.m.deployments.blue  " + "█" * 28, "workspace                   ▏"]
    for text in (as_lines(two), as_markdown(two)):
        assert all(row in text for row in rows)
    assert "█" not in as_lines(WHOLE)


@pytest.mark.parametrize(
    ("amount", "said"), [(None, "unknown"), (Range(1, 1), "1.00"), (Range(1234.5, 2000), "1,234.50 to 2,000.00")]
)
def test_amounts(amount: Range | None, said: str) -> None:
    assert money(amount) == said


class _Counted(tuple[Line, ...]):
    """Lines that count how often somebody goes through them."""

    __slots__ = ()
    rounds: ClassVar[list[None]] = []

    def __iter__(self) -> Iterator[Line]:
        self.rounds.append(None)
        return super().__iter__()


@pytest.mark.parametrize("form", [as_lines, as_markdown, as_json])
def test_a_long_estimate_is_not_gone_through_once_a_line(form: Callable[[Estimate], str]) -> None:
    def rounds(number: int) -> int:
        lines = _Counted((MACHINE,) * number)
        lines.rounds.clear()
        form(Estimate("eastus", date(2026, 11, 25), lines))
        return len(lines.rounds)

    assert rounds(50) == rounds(1)
