"""Two estimates side by side."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

from azure_llama.catalog import Range, Source
from azure_llama.pricing import Estimate, Kind, Line
from azure_llama.pricing.comparison import Comparison, as_json, as_lines, as_markdown

JUNE = Source("june", "Prices of June", "2026-06-18", "document")
MACHINE = Line(Kind.COMPUTE, "managed.m.deployments.blue", "1 x A", Range(730, 730), "hour", Range(1, 1), (JUNE,))
VAULT = Line(Kind.SUPPORT, "workspace", "key vault", None, "10,000 operations", Range(0.03, 0.03), (JUNE,), "by use")
LINK = Line(Kind.SUPPORT, "workspace", "link", Range(730, 730), "hour", Range(0.01, 0.01), (JUNE,))
DAY = date(2026, 11, 25)


def _comparison(before: tuple[Line, ...], after: tuple[Line, ...]) -> Comparison:
    return Comparison(
        "main", Estimate("eastus", DAY, before), Estimate("eastus", DAY, after, ("One thing | to know.",))
    )


CHANGED = _comparison((MACHINE, VAULT, LINK), (replace(MACHINE, what="2 x A", quantity=Range(1460, 1460)), VAULT))


def test_text() -> None:
    assert as_lines(CHANGED).splitlines() == [
        "Total: 737.30 -> 1,460.00 USD a month (+722.70, +98 %) against main.",
        "~ managed.m.deployments.blue: 1 x A -> 2 x A",
        "    730.00 -> 1,460.00 USD a month",
        "- workspace: link",
        "    7.30 -> - USD a month",
        "Note: One thing | to know.",
        "An estimate from list prices: without discounts, taxes, reservations and data transfer.",
    ]


def test_markdown_has_a_row_for_each_change() -> None:
    text = as_markdown(CHANGED)
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert len(rows) == 4
    assert rows[-1] == "| - | link | `workspace` | 7.30 | - | -7.30 |"
    assert "One thing \\| to know." in text


def test_json() -> None:
    whole = json.loads(as_json(CHANGED))
    assert whole["difference"] == {"low": 722.7, "high": 722.7}
    assert [(change["sign"], change["resource"]) for change in whole["changes"]] == [
        ("~", "managed.m.deployments.blue"),
        ("-", "workspace"),
    ]
    assert whole["changes"][1]["after"] is None


def test_an_item_of_unknown_amount_has_no_difference() -> None:
    text = as_markdown(_comparison((), (VAULT, replace(MACHINE, price=None))))
    assert "| + | key vault | `workspace` | - | by use | unknown |" in text
    assert "| + | 1 x A | `managed.m.deployments.blue` | - | unknown | unknown |" in text


def test_nothing_differs() -> None:
    same = _comparison((MACHINE,), (MACHINE,))
    assert "No item differs." in as_lines(same)
    assert "No item differs." in as_markdown(same)
    assert json.loads(as_json(same))["changes"] == []
