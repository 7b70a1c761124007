"""Prints UTF-8 text, and removes terminal control characters from external text."""

from __future__ import annotations

import io
import os
import sys

import click


def echo(text: str, *, err: bool = False) -> None:
    """Print text for a person; a part of it may come from Azure, an endpoint or a file."""
    from azure_llama.documents.text import printable

    click.echo(printable(text), err=err)


def complain(message: str) -> None:
    """Print a line of the command to stderr."""
    echo(f"azure-llama: {message}", err=True)


def ready_stdout() -> None:
    """Set stdout to UTF-8, and reopen it if the caller closed it."""
    if sys.stdout is None:
        # The lowest free descriptor is stdout's own: no other file or connection may come to stand in its place.
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - a device, open until the end
    elif isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.encoding.replace("-", "").lower() != "utf8":
        # Reports are UTF-8 in files and pipes, also where the locale is not; a terminal shows what it can.
        if sys.stdout.isatty():
            sys.stdout.reconfigure(errors="replace")
        else:
            sys.stdout.reconfigure(encoding="utf-8")
