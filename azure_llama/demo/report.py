"""What the demo shows at its end."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from azure_llama.demo.calls import Answer

NEXT_STEPS = """
Next:
  .venv/bin/azure-llama sandbox exec -- pulumi preview --stack dev    what a change would do; edit Pulumi.dev.yaml first
  .venv/bin/azure-llama sandbox exec -- pulumi up --stack dev         do it
  .venv/bin/azure-llama sandbox exec -- python                        any program; it sees Azure's own names
  .venv/bin/azure-llama sandbox status                                addresses, files, environment
  make demo-down                                                      destroy the stack, stop the sandbox
On real Azure the same program runs as `pulumi up`: see README.md, "Real Azure"."""

COLUMNS = ("endpoint", "kind", "model", "URL", "auth", "answer")
FIRST_WORDS = 60
"""Characters of an answer that are shown."""


def say(text: str) -> None:
    """Tell the person, in order with what Pulumi prints."""
    print(text, flush=True)  # noqa: T201 - the demo speaks to a person


def show(answers: Sequence[Answer]) -> None:
    """Print the table: boxed on a terminal, tab-separated lines elsewhere."""
    rows = [(a.endpoint, a.kind, a.model, a.url, a.auth, _first_words(a)) for a in answers]
    if not sys.stdout.isatty():
        for row in (COLUMNS, *rows):
            say("\t".join(row))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title="Endpoints of the dev stack", expand=True)
    for column in COLUMNS:
        table.add_column(column, overflow="fold")
    for row, answer in zip(rows, answers, strict=True):
        table.add_row(*(Text(cell) for cell in row), style="" if answer.ok else "red")
    Console().print(table)


def _first_words(answer: Answer) -> str:
    text = " ".join(answer.text.split())
    if not answer.ok or len(text) <= FIRST_WORDS:
        return text
    return text[:FIRST_WORDS].rsplit(" ", 1)[0] + " ..."
