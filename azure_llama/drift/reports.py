"""Writers of the report, one for each output format."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from azure_llama.documents import sarif
from azure_llama.documents.text import code, counted, line, markdown, shortened
from azure_llama.drift.changes import Change
from azure_llama.drift.report import DriftedResource, Report

_LONGEST = 200
_ADVICE = "To restore what the stack states, run:"
_MISSING = "does not exist in Azure"
_RULES = {
    "drift-changed": "Azure has the values that the stack states.",
    "drift-missing": "Azure has the resources that the stack states.",
}


def summary(report: Report) -> str:
    """The summary in one line."""
    name = f"{report.project}/{report.stack}"
    if not report.resources:
        return f"{name}: no drift ({counted(report.compared, 'resource')} compared)"
    return f"{name}: drift in {len(report.resources)} of {counted(report.compared, 'resource')}"


def as_lines(report: Report) -> str:
    """A line for each resource and each value, then the command that restores them."""
    return "\n".join(line_ for line_ in _lines(report))


def _lines(report: Report) -> Iterator[str]:
    yield line(summary(report))
    for resource in report.resources:
        yield line(f"{resource.type} {resource.name}{': ' + _MISSING if resource.missing else ''}")
        yield f"  {line(resource.id)}"
        for change in resource.changes:
            yield f"  {line(change.path)}: stated {_value(change.stated)}, in Azure {_value(change.actual)}"
    if report.restore:
        yield from (_ADVICE, f"  {line(report.restore)}")


def as_markdown(report: Report) -> str:
    """A table, and the command that restores what the stack states."""
    head = f"## {'❌' if report.resources else '✅'} {markdown(summary(report))}\n"
    if not report.resources:
        return head
    rows = ["| Resource | Property | Stated | In Azure |", "| --- | --- | --- | --- |"]
    for resource in report.resources:
        name = code(f"{resource.type} {resource.name}")
        if resource.missing:
            rows.append(f"| {name} | | | {_MISSING} |")
        rows += [
            f"| {name} | {code(change.path)} | {markdown(_value(change.stated))} | {markdown(_value(change.actual))} |"
            for change in resource.changes
        ]
    return "\n".join((head, *rows, "", _ADVICE, "", "```", line(report.restore or ""), "```", ""))


def as_json(report: Report) -> str:
    """One object."""
    return json.dumps(
        {
            "schemaVersion": 1,
            "project": report.project,
            "stack": report.stack,
            "drift": bool(report.resources),
            "compared": report.compared,
            "resources": [_data(resource) for resource in report.resources],
            "restore": report.restore,
        },
        indent=2,
    )


def _data(resource: DriftedResource) -> dict[str, Any]:
    return {
        "urn": resource.urn,
        "type": resource.type,
        "name": resource.name,
        "id": resource.id,
        "missing": resource.missing,
        "inTemplate": resource.in_template,
        "changes": [{"path": each.path, "stated": each.stated, "actual": each.actual} for each in resource.changes],
    }


def as_sarif(report: Report) -> str:
    """One run with a result for each value, at the line that declares the resource."""
    rules = [{"id": id_, "shortDescription": {"text": text}} for id_, text in _RULES.items()]
    results = [_result(resource, change) for resource in report.resources for change in resource.changes or (None,)]
    stack = f"{report.project}/{report.stack}"
    return sarif.document(command="drift", stack=stack, rules=rules, results=results)


def _result(resource: DriftedResource, change: Change | None) -> dict[str, Any]:
    message = (
        f"{resource.name} {_MISSING}"
        if change is None
        else f"{resource.name}: {change.path}: stated {_value(change.stated)}, in Azure {_value(change.actual)}"
    )
    key = "|".join(("drift", resource.urn, "" if change is None else change.path))
    return {
        "ruleId": "drift-missing" if change is None else "drift-changed",
        "level": "error",
        "message": {"text": line(message)},
        "locations": [sarif.location(resource.place, resource.urn, resource.name)],
        "partialFingerprints": {"primaryLocationLineHash": f"{hashlib.sha256(key.encode()).hexdigest()[:16]}:1"},
    }


def _value(value: Any) -> str:
    return "nothing" if value is None else shortened(json.dumps(value, ensure_ascii=False), _LONGEST)


FORMS: Mapping[str, Callable[[Report], str]] = {
    "table": as_lines,
    "markdown": as_markdown,
    "json": as_json,
    "sarif": as_sarif,
}
"""Each form by its name."""
