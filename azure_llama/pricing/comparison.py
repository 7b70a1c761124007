"""Compares two estimates: the cost of a change to a stack."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from azure_llama.catalog import Range
from azure_llama.documents.text import code, markdown, printable
from azure_llama.pricing.estimates import CURRENCY, Estimate, Kind, Line
from azure_llama.pricing.reports import DISCLAIMER, money

_Key = tuple[Kind, str, str | int]


@dataclass(frozen=True)
class Change:
    """An item that differs between two estimates.

    Attributes:
        before: Required. The item of the base; None where it is new.
        after: Required. The item now; None where it is gone.
    """

    before: Line | None
    after: Line | None

    @property
    def line(self) -> Line:
        """The item as it is, or as it was where it is gone."""
        line = self.after or self.before
        assert line is not None  # one of the two is always there
        return line

    @property
    def sign(self) -> str:
        """`+` for a new item, `-` for one that is gone, `~` for one that differs."""
        return "+" if self.before is None else "-" if self.after is None else "~"


@dataclass(frozen=True)
class Comparison:
    """The cost of a change to a stack.

    Attributes:
        base: Required. What the estimate is compared with, as the caller named it.
        before: Required. The estimate of the base.
        after: Required. The estimate as it is now.
    """

    base: str
    before: Estimate
    after: Estimate

    @property
    def changes(self) -> tuple[Change, ...]:
        """The items that differ, in the order of the configuration; those that are gone come last."""
        before, after = _keyed(self.before.lines), _keyed(self.after.lines)
        changes = [Change(before.get(key), line) for key, line in after.items() if before.get(key) != line]
        return (*changes, *(Change(line, None) for key, line in before.items() if key not in after))

    @property
    def difference(self) -> Range:
        """US dollars a month that the known items cost more; below 0 when they cost less."""
        return _difference(self.before.monthly, self.after.monthly)


def _keyed(lines: Iterable[Line]) -> dict[_Key, Line]:
    """The items by what they are about: a VM of another size is still the deployment's VM."""
    seen: Counter[tuple[Kind, str]] = Counter()
    keyed: dict[_Key, Line] = {}
    for line in lines:
        place = (line.kind, line.resource)
        keyed[(*place, line.what if line.kind is Kind.SUPPORT else seen[place])] = line
        seen[place] += 1
    return keyed


def _difference(before: Range | None, after: Range | None) -> Range:
    zero = Range(0, 0)
    old, new = before or zero, after or zero
    return Range(new.low - old.low, new.high - old.high)


def _signed(amount: Range) -> str:
    low, high = (f"{value:+,.2f}" for value in (amount.low, amount.high))
    return low if low == high else f"{low} to {high}"


def _amount(line: Line | None) -> str:
    if line is None:
        return "-"
    return "by use" if line.price is not None and line.monthly is None else money(line.monthly)


def _what(change: Change) -> str:
    if change.before and change.after and change.before.what != change.after.what:
        return f"{change.before.what} -> {change.after.what}"
    return change.line.what


def _head(comparison: Comparison) -> str:
    before, after = comparison.before.monthly, comparison.after.monthly
    share = f", {(after.high / before.high - 1) * 100:+.0f} %" if before and after and before.high else ""
    totals = f"{money(before)} -> {money(after)} {CURRENCY} a month"
    return f"{totals} ({_signed(comparison.difference)}{share}) against {comparison.base}"


def as_lines(comparison: Comparison) -> str:
    """The comparison for a terminal: the totals, then each item that differs."""
    out = [f"Total: {_head(comparison)}."]
    for change in comparison.changes:
        out.append(f"{change.sign} {change.line.resource}: {_what(change)}")
        out.append(f"    {_amount(change.before)} -> {_amount(change.after)} {CURRENCY} a month")
    out += ["No item differs."] if not comparison.changes else []
    out += [f"Note: {note}" for note in comparison.after.notes]
    return printable("\n".join([*out, DISCLAIMER]))


def as_markdown(comparison: Comparison) -> str:
    """The comparison for a pull request: the totals, and a table of the items that differ."""
    out = ["### Cost", "", f"**{markdown(_head(comparison))}.**", ""]
    if comparison.changes:
        out += ["| | What | Where | Before | After | USD a month |", "|---|---|---|---:|---:|---:|"]
    for change in comparison.changes:
        amounts = [None if line is None else line.monthly for line in (change.before, change.after)]
        known = all(line is None or line.monthly is not None for line in (change.before, change.after))
        cells = [
            *(change.sign, markdown(_what(change)), code(change.line.resource)),
            *(_amount(change.before), _amount(change.after)),
            _signed(_difference(*amounts)) if known else "unknown",
        ]
        out.append(f"| {' | '.join(cells)} |")
    out += ["No item differs."] if not comparison.changes else []
    out += ["", *(f"- {markdown(note)}" for note in comparison.after.notes)] if comparison.after.notes else []
    return "\n".join([*out, "", DISCLAIMER])


def as_json(comparison: Comparison) -> str:
    """The comparison as JSON. An unknown figure is null."""
    changes: list[dict[str, Any]] = [
        {
            "sign": change.sign,
            "kind": change.line.kind.value,
            "resource": change.line.resource,
            "before": _item(change.before),
            "after": _item(change.after),
        }
        for change in comparison.changes
    ]
    whole = {
        "against": comparison.base,
        "currency": CURRENCY,
        "before": _range(comparison.before.monthly),
        "after": _range(comparison.after.monthly),
        "difference": _range(comparison.difference),
        "changes": changes,
    }
    return json.dumps(whole, indent=2, ensure_ascii=False)


def _item(line: Line | None) -> dict[str, Any] | None:
    return None if line is None else {"what": line.what, "monthly": _range(line.monthly)}


def _range(amount: Range | None) -> dict[str, float] | None:
    return None if amount is None else {"low": round(amount.low, 2), "high": round(amount.high, 2)}
