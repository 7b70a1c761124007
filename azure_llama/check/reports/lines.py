"""The report as lines in the format of compiler messages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from azure_llama.check.report import Item, Report
from azure_llama.documents.text import counted, line
from azure_llama_policies.rule import Level

if TYPE_CHECKING:
    from azure_llama_policies.exemptions import Exemption

_WORDS = {Level.MANDATORY: "error", Level.ADVISORY: "warning"}


def as_lines(report: Report) -> str:
    """`file:line:column: error rule: message`, a line each and in columns, errors first; and a summary."""
    return "\n".join((*_lines(report), summary(report)))


def leveled(report: Report) -> Iterator[tuple[str, Item]]:
    """All findings with their level: errors, warnings, not evaluated, exempted."""
    for level, word in _WORDS.items():
        yield from ((word, item) for item in report.violations if item.finding.level is level)
    yield from (("not seen", item) for item in report.unseen)
    yield from (("exempted", item) for item in report.exempted)


def text_of(item: Item) -> str:
    """The message of a finding, with the exemption that covers it."""
    message = item.finding.verdict.message
    return message if item.waiver is None else f"{message} [{_terms(item.waiver)}]"


def _lines(report: Report) -> Iterator[str]:
    rows = [(f"{item.place}:", level, f"{item.finding.rule.id}:", text_of(item)) for level, item in leveled(report)]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(3)]
    for row in rows:
        cells = [line(cell).ljust(width) for cell, width in zip(row, widths, strict=False)]
        yield " ".join([*cells, line(row[3])])
    for waiver in report.expired:
        yield line(f"error: an exemption has expired: {waiver.rule} for {waiver.target} [{_terms(waiver)}]")
    for waiver in report.unused:
        yield line(f"note: an exemption is not used: {waiver.rule} for {waiver.target} [{_terms(waiver)}]")
    for note in report.notes:
        yield line(f"note: {note}")
    if report.costs is not None:
        yield line(f"costs: {report.costs.summary}")


def summary(report: Report) -> str:
    """The summary in one line."""
    title = f"{report.project}/{report.stack} on {report.day}"
    if not report.evaluated:
        return line(f"{title}: FAILED: {counted(len(report.violations), 'configuration error')}, rules not evaluated")
    failing = sum(item.failing for item in report.violations)
    parts = [
        counted(failing, "violation"),
        counted(len(report.violations) - failing, "warning"),
        f"{len(report.unseen)} not seen",
        f"{len(report.exempted)} exempted",
    ]
    if report.expired:
        parts.append(f"{counted(len(report.expired), 'exemption')} expired")
    of = f"{counted(len(report.resources), 'resource')}, {counted(len(report.judgement.counts), 'rule')} applied"
    verdict = "passed" if report.ok else "FAILED"
    return line(f"{title}: {verdict}: {', '.join(parts)} ({of})")


def _terms(waiver: Exemption) -> str:
    until = f", until {waiver.expires}" if waiver.expires else ""
    return f"{waiver.reason}; {waiver.owner}{until}"
