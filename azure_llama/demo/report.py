"""The summary that the demo prints at its end."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from azure_llama.demo.calls import Answer
from azure_llama.documents.text import columns, line, shortened

STACK = "dev"
COLUMNS = ("endpoint", "kind", "model", "URL", "auth", "answer")
FIRST_WORDS = 60
"""Characters of an answer that are shown."""


def say(text: str) -> None:
    """Print a line, in order with Pulumi's output."""
    print(text, flush=True)  # noqa: T201 - the demo speaks to a person


def show(answers: Sequence[Answer]) -> None:
    """Print the table: boxed on a terminal, plain columns elsewhere."""
    rows = [tuple(map(line, (a.endpoint, a.kind, a.model, a.url, a.auth, _first_words(a)))) for a in answers]
    if not sys.stdout.isatty():
        say("\n".join(columns((COLUMNS, *rows))))
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


def next_steps(home: Path | None) -> str:
    """The next commands.

    Args:
        home: Required. The sandbox's folder; None for the default one.
    """
    command = ".venv/bin/azure-llama sandbox" + (f" --home {home}" if home else "")
    down = f".venv/bin/azure-llama demo --home {home} down" if home else "make demo-down"
    steps = {
        f"{command} exec -- pulumi preview --stack {STACK}": "what an edit of Pulumi.dev.yaml would do",
        f"{command} exec -- pulumi up --stack {STACK}": "do it",
        f"{command} exec -- python": "any program; it sees Azure's own names",
        f"{command} status": "addresses, files, environment",
        down: "destroy the stack, stop the sandbox",
    }
    width = max(map(len, steps))
    lines = [f"  {step:<{width}}  {what}" for step, what in steps.items()]
    return "\n".join(
        ["", "Next:", *lines, 'On real Azure the same program runs as `pulumi up`: README.md, "Real Azure".']
    )


def _first_words(answer: Answer) -> str:
    return shortened(answer.text, FIRST_WORDS) if answer.ok else answer.text
