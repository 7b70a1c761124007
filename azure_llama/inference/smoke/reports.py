"""The results of a smoke test as a table, as JSON, as JUnit XML."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any
from xml.etree import ElementTree

from azure_llama.documents.text import code, columns, line, markdown, printable, shortened
from azure_llama.inference.smoke.features import FeatureResult
from azure_llama.inference.smoke.latency import Latency, latency
from azure_llama.inference.smoke.results import CHECKS, Check, Outcome, Result

FIRST_WORDS = 60
"""Characters of an answer that a table shows."""


def as_json(results: Sequence[Result]) -> str:
    """One object: `ok`, and `endpoints`, a list with every check, its outcome and its seconds."""
    return json.dumps(
        {"ok": all(result.ok for result in results), "endpoints": [_object(r) for r in results]}, indent=2
    )


def as_markdown(results: Sequence[Result]) -> str:
    """A table for a pull request or a run's summary, the failed checks, and the latency of repeated streams."""
    headings = ("endpoint", "model", "result", "content filter", "first token", "tokens/s")
    cells = [headings, tuple("---" for _ in headings)]
    for result in results:
        row = dict(zip(_HEADINGS, _row(result), strict=True))
        cells.append((code(row["endpoint"]), *(markdown(row[heading]) for heading in headings[1:])))
    out = [f"| {' | '.join(row)} |" for row in cells]
    out += ["", *(f"- {markdown(complaint)}" for complaint in complaints(results))] if complaints(results) else []
    for result in results:
        if found := _latency(result):
            head, *rows = found.lines()
            out += ["", f"**{markdown(result.name)}**: {head}", "", "```text", *(row.strip() for row in rows), "```"]
    if features := feature_lines(results):
        out += ["", "```text", *features, "```"]
    return "\n".join(out)


def as_junit(results: Sequence[Result]) -> str:
    """A test suite for each endpoint, a test case for each check; what could not be found out is skipped."""
    root = ElementTree.Element("testsuites")
    for result in results:
        outcomes = [check.outcome for check in result.checks]
        suite = ElementTree.SubElement(
            root,
            "testsuite",
            name=printable(result.name),
            tests=str(len(outcomes)),
            failures=str(outcomes.count(Outcome.FAILED)),
            errors="0",
            skipped=str(outcomes.count(Outcome.UNKNOWN)),
            time=f"{sum(check.seconds for check in result.checks):.3f}",
        )
        properties = ElementTree.SubElement(suite, "properties")
        for name, value in _measured(result).items():
            ElementTree.SubElement(properties, "property", name=name, value=printable(str(value)))
        for check in result.checks:
            _case(suite, result, check)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True)


def as_lines(results: Sequence[Result]) -> list[str]:
    """A table for pipes: a line for each endpoint, a line for each check that failed, and histograms."""
    return [
        *columns((_HEADINGS, *map(_row, results))),
        *complaints(results),
        *histograms(results),
        *feature_lines(results),
    ]


def show(results: Sequence[Result], write: Callable[[str], None]) -> None:
    """A table for a terminal, narrow: progress has shown each check there.

    Args:
        results: Required.
        write: Required. Prints a line.
    """
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title="Smoke test")
    for heading in _ESSENTIAL:
        table.add_column(heading, overflow="fold")
    for result in results:
        row = dict(zip(_HEADINGS, _row(result), strict=True))
        table.add_row(*(Text(row[heading]) for heading in _ESSENTIAL), style="" if result.ok else "red")
    Console().print(table)
    for text in complaints(results) + histograms(results) + feature_lines(results):
        write(text)


def histograms(results: Sequence[Result]) -> list[str]:
    """The latency of the endpoints whose streams were repeated: percentiles and a histogram."""
    shown = [(result.name, _latency(result)) for result in results]
    return [
        text for name, found in shown if found for text in (f"{line(name)}:", *(f"  {row}" for row in found.lines()))
    ]


def feature_lines(results: Sequence[Result]) -> list[str]:
    """The features of the endpoints compared with the catalogue; empty when they were not tested."""
    rows = [
        (result.name, each.feature.value, each.observed, each.stated.words(), each.comparison, each.detail)
        for result in results
        for each in result.features
    ]
    headings = ("endpoint", "feature", "observed", "catalogue", "comparison", "answer")
    return columns([headings, *(tuple(shortened(cell, FIRST_WORDS) for cell in row) for row in rows)]) if rows else []


def _latency(result: Result) -> Latency | None:
    return latency(speed.first_token_seconds for speed in result.repeated)


def complaints(results: Sequence[Result]) -> list[str]:
    """A line for each check that failed: where, what, why."""
    return [
        line(f"FAILED {result.name}: {check.name}: {check.detail}")
        for result in results
        for check in result.checks
        if check.outcome is Outcome.FAILED
    ]


_HEADINGS = (
    *("endpoint", "kind", "model", "auth", "result"),
    *(name for name in CHECKS if name != "content filter"),
    *("content filter", "first token", "tokens/s", "first words"),
)
_ESSENTIAL = ("endpoint", "model", "auth", "result", "content filter", "first token", "tokens/s")
_SHORT = {Outcome.PASSED: "ok", Outcome.FAILED: "FAILED", Outcome.UNKNOWN: "-"}


def _row(result: Result) -> tuple[str, ...]:
    speed, checks = result.speed, {check.name: check for check in result.checks}
    answer = checks.get("answer")
    rate = speed and speed.tokens_per_second
    cells = (
        *(result.name, result.kind, result.model, result.auth, "ok" if result.ok else "FAILED"),
        *(_SHORT[checks[name].outcome] if name in checks else "-" for name in CHECKS if name != "content filter"),
        str(result.content_filter),
        f"{speed.first_token_seconds:.3f} s" if speed else "-",
        f"{rate:.1f}" if rate else "-",
        shortened(answer.detail, FIRST_WORDS) if answer and answer.outcome is Outcome.PASSED else "-",
    )
    return tuple(map(line, cells))


def _object(result: Result) -> dict[str, Any]:
    speed = result.speed
    return {
        "name": result.name,
        "endpoint": result.endpoint,
        "deployment": result.deployment,
        "kind": result.kind,
        "model": result.model,
        "url": result.url,
        "auth": result.auth,
        "ok": result.ok,
        "firstTokenSeconds": speed and round(speed.first_token_seconds, 6),
        "tokensPerSecond": speed and speed.tokens_per_second and round(speed.tokens_per_second, 3),
        "firstTokenLatency": _figures(result),
        "features": [_feature(each) for each in result.features] or None,
        "contentFilter": {"declared": result.content_filter.declared, "observed": result.content_filter.observed},
        "checks": [
            {
                "name": check.name,
                "outcome": check.outcome.value,
                "detail": check.detail,
                "seconds": round(check.seconds, 6),
            }
            for check in result.checks
        ],
    }


def _feature(found: FeatureResult) -> dict[str, Any]:
    stated = found.stated
    return {
        "feature": found.feature.value,
        "observed": found.observed,
        "detail": found.detail,
        "catalogue": stated.value,
        "disputed": stated.disputed,
        "readings": [{"value": each.value, "source": each.source, "asOf": each.as_of} for each in stated.readings],
        "agrees": found.agrees,
    }


def _figures(result: Result) -> dict[str, Any] | None:
    """Percentiles and every sample in seconds; None where streams were not repeated."""
    found = _latency(result)
    if found is None:
        return None
    named = {name: round(value, 6) for name, value in found.figures.items()}
    return {**named, "samples": [round(value, 6) for value in found.seconds]}


def _measured(result: Result) -> dict[str, Any]:
    facts = {
        key: _object(result)[key] for key in ("kind", "model", "url", "auth", "firstTokenSeconds", "tokensPerSecond")
    }
    return {name: value for name, value in facts.items() if value is not None} | {
        "contentFilter": str(result.content_filter)
    }


def _case(suite: ElementTree.Element, result: Result, check: Check) -> None:
    case = ElementTree.SubElement(
        suite,
        "testcase",
        classname=f"smoke.{printable(result.name)}",
        name=check.name,
        time=f"{check.seconds:.3f}",
    )
    detail = printable(check.detail)
    if check.outcome is Outcome.FAILED:
        ElementTree.SubElement(case, "failure", message=detail, type="smoke").text = detail
    elif check.outcome is Outcome.UNKNOWN:
        # As text: the older Jenkins schema knows no `message` here.
        ElementTree.SubElement(case, "skipped").text = detail
    else:
        ElementTree.SubElement(case, "system-out").text = detail
