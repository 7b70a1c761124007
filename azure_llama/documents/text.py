"""Texts that others wrote, made fit for a terminal, a table, an XML file."""

from __future__ import annotations

import re
from collections.abc import Sequence

_UNPRINTABLE = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\u061b\u061d-\u200d\u2010-\u2029\u202f-\u2065\u206a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)
_MARKDOWN = re.compile(r"([\\`*_{}\[\]#|~])")


def printable(text: str) -> str:
    """The text without what XML 1.0 cannot hold, a terminal would obey, or a reader would be misled by."""
    return _UNPRINTABLE.sub("", text)


def line(text: str) -> str:
    """The text in one line."""
    return " ".join(printable(text).split())


def markdown(text: str) -> str:
    """The text as it is, in a cell of a Markdown table: no markup, no HTML, nobody notified."""
    escaped = _MARKDOWN.sub(r"\\\1", line(text)).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return escaped.replace("@", "@&#8203;")


def shortened(text: str, limit: int) -> str:
    """The text in one line, cut after a word where it is longer than a limit in characters."""
    text = line(text)
    return text if len(text) <= limit else text[:limit].rsplit(" ", 1)[0] + " ..."


def columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows of a table as lines whose columns line up."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def code(text: str) -> str:
    """The text as code in Markdown."""
    return f"`{line(text).replace('`', chr(39)).replace('|', chr(0x2223))}`"


def counted(number: int, noun: str) -> str:
    """`1 violation`, `2 violations`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
