"""A report as a table, as lines for a pipe, as JSON and as Markdown."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from azure_llama.documents.text import columns, line, markdown
from azure_llama.preflight.results import NOT_SIGNED_IN, CheckRun, Report, Result, Status

_COLOURS = {Status.PASS: "green", Status.FAIL: "bold red", Status.UNKNOWN: "yellow", Status.SKIPPED: "dim"}


def age(taken: datetime, now: datetime) -> str:
    """The age of a time, in its largest nonzero unit."""
    past = max(now - taken, timedelta())
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        count = int(past.total_seconds() // size)
        if count:
            return f"{count} {unit}{'s' if count > 1 else ''}"
    return "less than a minute"


def heading(report: Report) -> str:
    """The subscription, the principal and the time of the checks."""
    text = f"subscription {report.subscription}, {report.region}, as {report.who}"
    if report.saved:
        text += f"; saved answers of {report.taken:%Y-%m-%d %H:%M} UTC, {age(report.taken, report.now)} old"
    return line(text)


def summary(report: Report) -> str:
    """The overall result and the duration."""
    found = [run.status for run in report.runs]
    counts = ", ".join(f"{found.count(status)} {status.value}" for status in Status if status in found)
    slowest = report.slowest
    if slowest is None or report.ratio is None:
        return counts
    return f"{counts}; {report.seconds:.1f} s, {report.ratio:.2f} times the slowest check ({slowest.name})"


def as_lines(report: Report) -> list[str]:
    """A line for each result: status, check, and what Azure answered; below it the remediation, where there is one."""
    results = [(run, result) for run in report.runs for result in run.results]
    rows = [(result.status.value, run.name, f"{result.subject}: {result.evidence}") for run, result in results]
    table = columns([("status", "check", "answer"), *(tuple(map(line, row)) for row in rows)])
    remedies = [f"  remediation: {line(result.remediation)}" if result.remediation else None for _, result in results]
    return [table[0], *(text for pair in zip(table[1:], remedies, strict=True) for text in pair if text is not None)]


def show(report: Report) -> None:
    """A table for a terminal, and the remediation of each thing that is not well below it."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=heading(report), title_justify="left")
    for name in ("check", "status", "evidence"):
        table.add_column(name, overflow="fold")
    for run in report.runs:
        shown = [result for result in run.results if result.status is run.status]
        evidence = "\n".join(f"{line(each.subject)}: {line(each.evidence)}" for each in shown)
        table.add_row(run.name, Text(run.status.value, style=_COLOURS[run.status]), Text(evidence))
    console = Console()
    console.print(table)
    for run, result in troubles(report):
        console.print(Text(f"{result.status.value.upper()} {run.name}: {line(result.subject)}"), soft_wrap=True)
        console.print(Text(f"  {line(result.remediation or 'nothing can be done from here')}"), soft_wrap=True)
    console.print(Text(summary(report)))


def troubles(report: Report) -> list[tuple[CheckRun, Result]]:
    """Failed checks, then unknown ones, except those that a failed sign-in causes."""
    return [
        (run, result)
        for status in (Status.FAIL, Status.UNKNOWN)
        for run in report.runs
        for result in run.results
        if result.status is status and not result.evidence.startswith(NOT_SIGNED_IN)
    ]


def as_json(report: Report) -> str:
    """One object: `status`, `exitCode`, times, and `checks` with their results."""
    slowest = report.slowest
    return json.dumps(
        {
            "status": report.status.value,
            "exitCode": report.exit_code,
            "subscription": report.subscription,
            "region": report.region,
            "signedInWith": report.who,
            "takenAt": report.taken.isoformat(timespec="seconds"),
            "saved": report.saved,
            "ageSeconds": max(0, round((report.now - report.taken).total_seconds())) if report.saved else 0,
            "seconds": round(report.seconds, 3),
            "slowest": slowest and slowest.name,
            "ratio": report.ratio and round(report.ratio, 3),
            "checks": [_check(run) for run in report.runs],
        },
        indent=2,
    )


def _check(run: CheckRun) -> dict[str, Any]:
    return {
        "name": run.name,
        "title": run.title,
        "status": run.status.value,
        "seconds": round(run.seconds, 3),
        "results": [
            {
                "subject": each.subject,
                "status": each.status.value,
                "evidence": each.evidence,
                "remediation": each.remediation,
            }
            for each in run.results
        ],
    }


def as_markdown(report: Report) -> str:
    """For a comment on a pull request."""
    lines = [f"### Preflight: {report.status.value}", "", markdown(heading(report)), ""]
    lines += ["| check | status | about | evidence | remediation |", "|---|---|---|---|---|"]
    for run in report.runs:
        for result in run.results:
            cells = (run.name, result.status.value, result.subject, result.evidence, result.remediation or "")
            lines.append(f"| {' | '.join(map(markdown, cells))} |")
    return "\n".join([*lines, "", markdown(summary(report))])
