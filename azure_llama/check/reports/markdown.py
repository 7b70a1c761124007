"""The report as a comment on a pull request."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

from azure_llama.check.report import Item, Report
from azure_llama.documents.text import code, counted, line, markdown
from azure_llama_policies.rule import Level

if TYPE_CHECKING:
    from azure_llama_policies.exemptions import Exemption

LIMIT = 65_000
"""Bytes; GitHub refuses a comment of more than 65,536 characters."""

_WORDS = {Level.MANDATORY: "❌ error", Level.ADVISORY: "⚠️ warning"}
_LONGEST = 1500
_Each = TypeVar("_Each")


def marker(report: Report) -> str:
    """An invisible line by which a pipeline finds its comment again, to edit it instead of adding another."""
    return f"<!-- azure-llama check: {line(report.project)}/{line(report.stack)} -->".replace("--->", "-->")


def as_markdown(report: Report) -> str:
    """Violations, what was not seen, exemptions, resources and costs; cut where a comment would be too long."""
    room = LIMIT
    parts: list[str] = []
    for section in _sections(report):
        text = section(room)
        parts.append(text)
        room -= len(text.encode()) + 2
    return "\n\n".join(part for part in parts if part) + "\n"


_Section = Callable[[int], str]


def _sections(report: Report) -> Iterator[_Section]:
    """What each section says within so many bytes, the most important first."""
    yield lambda _: _head(report)
    title = "Violations" if report.evaluated else "Errors of the configuration"
    yield lambda room: _table(title, report.violations, room // 2, ("", "Rule", "Where", "What"), _violation)
    yield lambda room: _table("Expired exemptions", report.expired, room // 3, _WAIVER, _waiver)
    yield lambda room: _table("Not seen", report.unseen, room // 2, ("Rule", "Where", "What"), _unseen)
    yield lambda room: _table("Exempted", report.exempted, room // 2, ("Rule", "Where", "What", "Why"), _exempted)
    yield lambda room: _table("Unused exemptions", report.unused, room // 3, _WAIVER, _waiver)
    yield lambda room: _costs(report, room // 2)
    yield lambda room: _resources(report, room // 2)
    yield lambda room: _notes(report, room)


_WAIVER = ("Rule", "Target", "Why", "Owner", "Until")


def _head(report: Report) -> str:
    failing = sum(item.failing for item in report.violations)
    title = "✅ passed" if report.ok else "❌ failed"
    said = [
        counted(failing, "violation"),
        counted(len(report.violations) - failing, "warning"),
        f"{len(report.unseen)} not seen",
        f"{len(report.exempted)} exempted",
    ]
    if not report.evaluated:
        said = [counted(failing, "configuration error"), "**rules not evaluated**"]
    strict = " (strict)" if report.strict else ""
    name = markdown(f"{report.project}/{report.stack}")
    of = counted(len(report.resources), "resource")
    return f"{marker(report)}\n## {name}: {title}{strict}\n\n{', '.join(said)}; {of}, judged on {report.day}."


def _table(
    title: str,
    items: Sequence[_Each],
    room: int,
    headings: Sequence[str],
    row: Callable[[_Each], Sequence[str]],
) -> str:
    if not items:
        return ""
    lines = [f"### {title}", "", _cells(headings), _cells(["---"] * len(headings))]
    used = sum(len(each.encode()) + 1 for each in lines) + 100
    for number, item in enumerate(items):
        text = _cells(row(item))
        used += len(text.encode()) + 1
        if used > room:
            lines += ["", f"... and {len(items) - number} more; `azure-llama check` lists them all."]
            break
        lines.append(text)
    return "\n".join(lines)


def _cells(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _violation(item: Item) -> tuple[str, ...]:
    return (_WORDS[item.finding.level], *_unseen(item))


def _unseen(item: Item) -> tuple[str, ...]:
    message = item.finding.verdict.message
    short = message if len(message) <= _LONGEST else message[:_LONGEST] + "..."
    return (code(item.finding.rule.id), code(f"{item.place.file}:{item.place.line}"), markdown(short))


def _exempted(item: Item) -> tuple[str, ...]:
    waiver = item.waiver
    why = "" if waiver is None else f"{waiver.reason} ({waiver.owner}{_until(waiver)})"
    return (*_unseen(item), markdown(why))


def _until(waiver: Exemption) -> str:
    return f", until {waiver.expires}" if waiver.expires else ""


def _waiver(waiver: Exemption) -> tuple[str, ...]:
    until = str(waiver.expires) if waiver.expires else ""
    return (code(waiver.rule), code(waiver.target), markdown(waiver.reason), markdown(waiver.owner), until)


def _costs(report: Report, room: int) -> str:
    if report.costs is None:
        return ""
    text = f"### Costs\n\n{report.costs.markdown}"
    return text if len(text.encode()) <= room else f"### Costs\n\n{markdown(report.costs.summary)}"


def _resources(report: Report, room: int) -> str:
    counts = Counter(resource.type for resource in report.resources)
    if not counts:
        return ""
    rows = sorted(counts.items())
    table = _table("Resources", rows, room - 100, ("Type", "Number"), lambda row: (code(row[0]), str(row[1])))
    heading, _, body = table.partition("\n\n")
    title = heading.removeprefix("### ")
    return f"<details><summary>{title}: {len(report.resources)}</summary>\n\n{body}\n\n</details>"


def _notes(report: Report, room: int) -> str:
    text = "\n".join(f"- {markdown(note)}" for note in report.notes)
    return text if len(text.encode()) < room else ""
