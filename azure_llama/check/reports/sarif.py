"""The report as SARIF 2.1.0, for code scanning: each finding at the line of the stack's YAML."""

from __future__ import annotations

import hashlib
import json
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from azure_llama.check.report import Item, Report
from azure_llama.documents.positions import Place
from azure_llama.documents.text import line, printable
from azure_llama_policies.rule import Level, Outcome, Rule, Severity

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
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
    return json.dumps(
        {
            "$schema": SCHEMA,
            "version": "2.1.0",
            "runs": [
                {
                    "tool": {
                        "driver": {
                            "name": "azure-llama check",
                            "semanticVersion": "0.1.0",
                            "rules": [_rule(rule) for rule in rules],
                        }
                    },
                    "automationDetails": {"id": f"azure-llama-check/{report.project}/{report.stack}/"},
                    "columnKind": "unicodeCodePoints",
                    "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": _notes(report)}],
                    "results": [_result(item, index) for item in kept],
                }
            ],
        },
        indent=2,
    )


def _order(item: Item) -> tuple[bool, int]:
    severities = list(Severity)
    seen = item.finding.verdict.outcome is Outcome.VIOLATED
    return not (seen and item.failing), -severities.index(item.finding.rule.severity)


def _rule(rule: Rule) -> dict[str, Any]:
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
            "markdown": f"**What**: {rule.what}\n\n**Why**: {rule.why}\n\n**Fix**: {rule.fix}\n\nSee `{rule.docs}`.",
        },
        "defaultConfiguration": {"level": _LEVELS[rule.level]},
        "properties": properties,
    }


def _result(item: Item, index: dict[str, int]) -> dict[str, Any]:
    finding = item.finding
    verdict = finding.verdict
    unseen = verdict.outcome is Outcome.NOT_SEEN
    message = f"Not seen: {verdict.message}" if unseen else verdict.message
    result: dict[str, Any] = {
        "ruleId": finding.rule.id,
        "ruleIndex": index[finding.rule.id],
        "level": "note" if unseen else _LEVELS[finding.level],
        "message": {"text": printable(message)[:_LONGEST]},
        "locations": [_location(item.place, verdict.resource.urn, verdict.resource.name)],
        "partialFingerprints": {"primaryLocationLineHash": _fingerprint(item)},
    }
    if item.waiver is not None:
        result["suppressions"] = [
            {"kind": "external", "status": "accepted", "justification": printable(item.waiver.reason)}
        ]
    return result


def _location(place: Place, urn: str, name: str) -> dict[str, Any]:
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": _uri(place.file), "uriBaseId": "%SRCROOT%"},
            "region": {
                "startLine": place.line,
                "startColumn": place.column,
                "endLine": place.end_line,
                "endColumn": max(place.end_column, 1),
            },
        },
        "logicalLocations": [{"name": printable(name), "fullyQualifiedName": printable(urn), "kind": "resource"}],
    }


def _uri(file: str) -> str:
    # A file outside of the repository has no path in it.
    return quote(PurePosixPath(file).name if file.startswith(("/", "..")) else file)


def _fingerprint(item: Item) -> str:
    """The same for the same finding wherever its line moves to: rule, resource and property, without the stack."""
    verdict = item.finding.verdict
    resource = "::".join(verdict.resource.urn.split("::")[1:])
    text = "|".join((item.finding.rule.id, resource, verdict.path or "", str(verdict.outcome)))
    return f"{hashlib.sha256(text.encode()).hexdigest()[:16]}:1"


def _notes(report: Report) -> list[dict[str, Any]]:
    notes = [f"An exemption has expired: {each.rule} for {each.target} ({each.reason})" for each in report.expired]
    notes += [f"An exemption is not used: {each.rule} for {each.target}" for each in report.unused]
    left = len(report.violations) + len(report.unseen) + len(report.exempted) - MOST
    if left > 0:
        notes.append(f"{left} more findings are left out; the JSON report has them")
    return [{"level": "warning", "message": {"text": line(text)}} for text in (*notes, *report.notes)]
