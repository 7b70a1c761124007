"""An estimate as text, as Markdown for a comment on a pull request, and as JSON for a program."""

from __future__ import annotations

import json
from typing import Any

from azure_llama.catalog import Range
from azure_llama.documents.bars import chart
from azure_llama.documents.text import code, markdown, printable
from azure_llama.pricing.estimates import Estimate, Kind, Line

HEADINGS = {
    Kind.COMPUTE: "Machines",
    Kind.TOKENS: "Tokens",
    Kind.SUPPORT: "Around them",
}
DISCLAIMER = "An estimate from list prices: without discounts, taxes, reservations and data transfer."


def money(amount: Range | None) -> str:
    """An amount as people read it: `2,681.29`, or `5,362.58 to 6,974.42` where sources differ; `unknown` for None."""
    if amount is None:
        return "unknown"
    low, high = (f"{each:,.2f}" for each in (amount.low, amount.high))
    return low if low == high else f"{low} to {high}"


def _rate(line: Line) -> str:
    if line.price is None:
        return "unknown"
    low, high = (f"{each:,.6f}".rstrip("0").rstrip(".") for each in (line.price.low, line.price.high))
    return f"{low if low == high else f'{low} to {high}'} per {line.unit}"


def _amount(line: Line) -> str:
    if line.quantity is None:
        return "not stated"
    low, high = (f"{each:,.6g}" if each < 1 else f"{each:,.10g}" for each in (line.quantity.low, line.quantity.high))
    return low if low == high else f"{low} to {high}"


def summary(estimate: Estimate) -> str:
    """The estimate in one sentence."""
    counts = ((len(estimate.by_use), "use is not stated"), (len(estimate.unknown), "price is unknown"))
    parts = [f"{count} item{'' if count == 1 else 's'} whose {lack}" for count, lack in counts if count]
    if estimate.monthly is not None:
        parts.insert(0, f"{money(estimate.monthly)} {estimate.currency} a month")
    first, *rest = parts or ["nothing to pay for"]
    return ", and ".join([f"{first} in {estimate.region}", *rest])


def as_lines(estimate: Estimate) -> str:
    """The estimate as text for a terminal: a line a cost, the total, then the sources with their dates."""
    out: list[str] = []
    cited = _cited(estimate)
    for kind, heading in HEADINGS.items():
        lines = [line for line in estimate.lines if line.kind is kind]
        if not lines:
            continue
        out.append(f"{heading}:")
        for line in lines:
            out.append(f"  {line.resource}: {line.what}")
            figures = f"{_amount(line)} x {_rate(line)} = {money(line.monthly)} {estimate.currency} a month"
            said = "unknown" if line.price is None else _rate(line) if line.quantity is None else figures
            out.append(f"    {said}{_marks(cited, line)}{f' ({line.note})' if line.note else ''}")
    out += ["Known amounts:", *(f"  {row}" for row in shares(estimate))] if shares(estimate) else []
    out.append(f"Total: {summary(estimate)}.")
    out += [f"Note: {note}" for note in estimate.notes]
    out.append(DISCLAIMER)
    out += [f"[{number}] {title}, {as_of}" for (title, as_of), number in cited.items()]
    return printable("\n".join(out))


def shares(estimate: Estimate) -> list[str]:
    """A bar for each place with a known amount, the largest first; empty where there is nothing to compare."""
    amounts: dict[str, Range] = {}
    for line in estimate.known:
        amount, sum_ = line.monthly or Range(0, 0), amounts.get(line.resource, Range(0, 0))
        amounts[line.resource] = Range(sum_.low + amount.low, sum_.high + amount.high)
    rows = sorted(amounts.items(), key=lambda item: -item[1].high)
    return chart([(printable(place), amount.high, money(amount)) for place, amount in rows]) if len(rows) > 1 else []


def _ordered(estimate: Estimate) -> list[Line]:
    return [line for kind in HEADINGS for line in estimate.lines if line.kind is kind]


def _cited(estimate: Estimate) -> dict[tuple[str, str], int]:
    """Each source's title and date with its number below the lines."""
    sources = [(source.title, source.as_of) for line in _ordered(estimate) for source in line.sources]
    return {source: number for number, source in enumerate(dict.fromkeys(sources), 1)}


def _marks(cited: dict[tuple[str, str], int], line: Line) -> str:
    return "".join(f" [{cited[source.title, source.as_of]}]" for source in line.sources)


def as_markdown(estimate: Estimate) -> str:
    """The estimate as a Markdown table with its sources below."""
    out = [
        "| What | Where | Amount | Price (USD) | USD a month | Source |",
        "|---|---|---:|---:|---:|---|",
    ]
    cited = _cited(estimate)
    for line in _ordered(estimate):
        figures = [
            _amount(line),
            _rate(line),
            money(line.monthly),
            _marks(cited, line).strip() or markdown(line.note or ""),
        ]
        out.append("| " + " | ".join([markdown(line.what), code(line.resource), *figures]) + " |")
    out += ["", "```text", *shares(estimate), "```"] if shares(estimate) else []
    out += ["", f"**Total: {summary(estimate)}.**", "", DISCLAIMER]
    out += ["", *(f"- {markdown(note)}" for note in estimate.notes)] if estimate.notes else []
    listed = [f"{number}. {markdown(title)}, {as_of}" for (title, as_of), number in cited.items()]
    out += ["", "Sources:", "", *listed] if listed else []
    return "\n".join(out)


def _range(value: Range | None, digits: int) -> dict[str, float] | None:
    return None if value is None else {"low": round(value.low, digits), "high": round(value.high, digits)}


def as_json(estimate: Estimate) -> str:
    """The estimate as JSON. An unknown figure is null."""
    lines: list[dict[str, Any]] = [
        {
            "kind": line.kind.value,
            "resource": line.resource,
            "what": line.what,
            "quantity": _range(line.quantity, 6),
            "unit": line.unit,
            "price": _range(line.price, 6),
            "monthly": _range(line.monthly, 2),
            "sources": [{"title": source.title, "asOf": source.as_of} for source in line.sources],
            "note": line.note,
        }
        for line in estimate.lines
    ]
    whole = {
        "region": estimate.region,
        "day": estimate.day.isoformat(),
        "currency": estimate.currency,
        "monthly": _range(estimate.monthly, 2),
        "byUse": len(estimate.by_use),
        "unknown": len(estimate.unknown),
        "lines": lines,
        "notes": list(estimate.notes),
    }
    return json.dumps(whole, indent=2, ensure_ascii=False)
