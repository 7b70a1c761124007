"""The report as JSON. `docs/check.md` describes it; a changed meaning of a key needs a new `schemaVersion`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from azure_llama.check.report import Item, Report
from azure_llama_policies.rule import Outcome

if TYPE_CHECKING:
    from azure_llama_policies.exemptions import Exemption

SCHEMA_VERSION = 1


def as_json(report: Report) -> str:
    """One object."""
    counts = report.judgement.counts
    outcomes = (Outcome.PASSED, Outcome.VIOLATED, Outcome.NOT_SEEN)
    return json.dumps(
        {
            "schemaVersion": SCHEMA_VERSION,
            "project": report.project,
            "stack": report.stack,
            "asOf": report.day.isoformat(),
            "strict": report.strict,
            "ok": report.ok,
            "evaluated": report.evaluated,
            "rules": {rule: {str(outcome): counts[rule][outcome] for outcome in outcomes} for rule in sorted(counts)},
            "resources": [{"urn": each.urn, "type": each.type, "name": each.name} for each in report.resources],
            "violations": [_item(item) for item in report.violations],
            "notSeen": [_item(item) for item in report.unseen],
            "exempted": [
                _item(item) | {"exemption": waiver(item.waiver)} for item in report.exempted if item.waiver is not None
            ],
            "exemptions": {
                "expired": [waiver(each) for each in report.expired],
                "unused": [waiver(each) for each in report.unused],
            },
            "costs": report.costs and report.costs.data,
            "notes": list(report.notes),
        },
        indent=2,
    )


def waiver(given: Exemption) -> dict[str, Any]:
    """An exemption as data."""
    return {
        "rule": given.rule,
        "target": given.target,
        "reason": given.reason,
        "owner": given.owner,
        "expires": given.expires and given.expires.isoformat(),
    }


def _item(item: Item) -> dict[str, Any]:
    rule, verdict, place = item.finding.rule, item.finding.verdict, item.place
    return {
        "rule": rule.id,
        "level": str(item.finding.level),
        "severity": str(rule.severity),
        "urn": verdict.resource.urn,
        "type": verdict.resource.type,
        "name": verdict.resource.name,
        "path": verdict.path,
        "message": verdict.message,
        "fix": rule.fix,
        "refusedWith": list(rule.refused_with),
        "docs": rule.docs,
        "file": place.file,
        "line": place.line,
        "column": place.column,
    }
