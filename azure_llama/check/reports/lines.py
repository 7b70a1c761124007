"""The report as lines that compilers taught people, and their tools, to read."""

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
    """`file:line:column: error rule: message`, a line each, and a summary."""
    return "\n".join((*_lines(report), summary(report)))


def _lines(report: Report) -> Iterator[str]:
    for item in report.violations:
        yield _item(item, _WORDS[item.finding.level])
    for item in report.unseen:
        yield _item(item, "not seen")
    for item in report.exempted:
        if item.waiver is not None:
            yield line(f"{_item(item, 'exempted')} [{_terms(item.waiver)}]")
    for waiver in report.expired:
        yield line(f"error: an exemption has expired: {waiver.rule} for {waiver.target} [{_terms(waiver)}]")
    for waiver in report.unused:
        yield line(f"note: an exemption is not used: {waiver.rule} for {waiver.target} [{_terms(waiver)}]")
    for note in report.notes:
        yield line(f"note: {note}")
    if report.costs is not None:
        yield line(f"costs: {report.costs.summary}")


def summary(report: Report) -> str:
    """What came out, in a line."""
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
    return line(f"{report.project}/{report.stack} on {report.day}: {verdict}: {', '.join(parts)} ({of})")


def _item(item: Item, word: str) -> str:
    return line(f"{item.place}: {word} {item.finding.rule.id}: {item.finding.verdict.message}")


def _terms(waiver: Exemption) -> str:
    until = f", until {waiver.expires}" if waiver.expires else ""
    return f"{waiver.reason}; {waiver.owner}{until}"
