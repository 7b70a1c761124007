"""The report as SARIF 2.1.0, for code scanning: each finding at the line of the stack's YAML."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from azure_llama.check.report import Item, Report
from azure_llama.documents import sarif
from azure_llama.documents.text import line, printable
from azure_llama_policies.rule import Level, Outcome, Rule, Severity

MOST = 5000
"""Results of a run that GitHub keeps; the worst come first."""

_SECURITY = {Severity.CRITICAL: "9.5", Severity.HIGH: "8.0", Severity.MEDIUM: "5.5", Severity.LOW: "2.5"}
_LEVELS = {Level.MANDATORY: "error", Level.ADVISORY: "warning"}
_LONGEST = 4000


def as_sarif(report: Report) -> str:
    """One run."""
    items = (*report.violations, *report.unseen, *report.exempted)
    kept = sorted(items, key=lambda item: (item.waiver is not None, _order(item)))[:MOST]
    rules = sorted({item.finding.rule.id: item.finding.rule for item in kept}.values(), key=lambda rule: rule.id)
    index = {rule.id: number for number, rule in enumerate(rules)}
    return sarif.document(
        command="check",
        stack=f"{report.project}/{report.stack}",
        rules=[_rule(rule) for rule in rules],
        results=list(_results(kept, index)),
        notes=_notes(report),
    )


def _order(item: Item) -> tuple[bool, int]:
    severities = list(Severity)
    seen = item.finding.verdict.outcome is Outcome.VIOLATED
    return not (seen and item.failing), -severities.index(item.finding.rule.severity)


def _rule(rule: Rule) -> dict[str, Any]:
    parts = {"What": rule.what, "Why": rule.why, "Fix": rule.fix, "On Azure": rule.azure}
    properties: dict[str, Any] = {"tags": ["azure", "llama"], "precision": "very-high"}
    if rule.frameworks:
        properties["tags"].append("security")
        properties["security-severity"] = _SECURITY[rule.severity]
    return {
        "id": rule.id,
        "name": "".join(word.capitalize() for word in rule.id.split("-")),
        "shortDescription": {"text": line(rule.title)},
        "fullDescription": {"text": line(f"{rule.title} {rule.why}")},
        "help": {
            "text": line(f"{rule.what} {rule.why} {rule.fix}"),
            "markdown": "\n\n".join(f"**{word}**: {text}" for word, text in parts.items() if text)
            + f"\n\nSee `{rule.docs}`.",
        },
        "defaultConfiguration": {"level": _LEVELS[rule.level]},
        "properties": properties,
    }


def _results(items: Sequence[Item], index: dict[str, int]) -> Iterator[dict[str, Any]]:
    """The results; of findings with one fingerprint, each has a number."""
    numbers: Counter[str] = Counter()
    for item in items:
        fingerprint = _fingerprint(item)
        numbers[fingerprint] += 1
        yield _result(item, index, f"{fingerprint}:{numbers[fingerprint]}")


def _result(item: Item, index: dict[str, int], fingerprint: str) -> dict[str, Any]:
    finding = item.finding
    verdict = finding.verdict
    unseen = verdict.outcome is Outcome.NOT_SEEN
    message = f"Not seen: {verdict.message}" if unseen else verdict.message
    result: dict[str, Any] = {
        "ruleId": finding.rule.id,
        "ruleIndex": index[finding.rule.id],
        "level": "note" if unseen else _LEVELS[finding.level],
        "message": {"text": printable(message)[:_LONGEST]},
        "locations": [sarif.location(item.place, verdict.resource.urn, verdict.resource.name)],
        "partialFingerprints": {"primaryLocationLineHash": fingerprint},
    }
    if item.waiver is not None:
        result["suppressions"] = [
            {"kind": "external", "status": "accepted", "justification": printable(item.waiver.reason)}
        ]
    return result


def _fingerprint(item: Item) -> str:
    """The same for the same finding wherever its line moves to: rule, resource and property, without the stack."""
    verdict = item.finding.verdict
    resource = "::".join(verdict.resource.urn.split("::")[1:])
    text = "|".join((item.finding.rule.id, resource, verdict.path or "", str(verdict.outcome)))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _notes(report: Report) -> list[str]:
    notes = [f"An exemption has expired: {each.rule} for {each.target} ({each.reason})" for each in report.expired]
    notes += [f"An exemption is not used: {each.rule} for {each.target}" for each in report.unused]
    left = len(report.violations) + len(report.unseen) + len(report.exempted) - MOST
    if left > 0:
        notes.append(f"{left} more findings are left out; the JSON report has them")
    return [*notes, *report.notes]
