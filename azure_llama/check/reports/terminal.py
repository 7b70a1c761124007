"""The report for a person at a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from azure_llama.check.report import Item, Report
from azure_llama.check.reports.lines import as_lines, summary
from azure_llama.documents.text import line
from azure_llama_policies.rule import Level

_STYLES = {Level.MANDATORY: "red", Level.ADVISORY: "yellow"}


def show(report: Report) -> None:
    """Print it to the terminal."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    # What is printed beside the tables are the lines that a pipe would get.
    bare = Report(**{**vars(report), "violations": (), "unseen": (), "exempted": ()})
    console = Console()
    for title, items in (
        ("Violations", report.violations),
        ("Not seen", report.unseen),
        ("Exempted", report.exempted),
    ):
        if items:
            table = Table(title=title, title_justify="left", show_lines=True)
            for heading in ("where", "rule", "what"):
                table.add_column(heading, overflow="fold")
            for item in items:
                style = _STYLES[item.finding.level] if title == "Violations" else ""
                table.add_row(*(Text(cell, style) for cell in _row(item)))
            console.print(table)
    for each in as_lines(bare).splitlines()[:-1]:
        console.print(Text(each))
    console.print(Text(summary(report), "green" if report.ok else "bold red"))


def _row(item: Item) -> Sequence[str]:
    waiver = item.waiver
    said = item.finding.verdict.message
    if waiver is not None:
        until = f", until {waiver.expires}" if waiver.expires else ""
        said = f"{said} [{waiver.reason}; {waiver.owner}{until}]"
    return str(item.place), item.finding.rule.id, line(said)
