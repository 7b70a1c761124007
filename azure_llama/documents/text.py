"""Makes external text safe for a terminal, a table or an XML file."""

from __future__ import annotations

import re
from collections.abc import Sequence

# The characters themselves: a class of all others takes ten times as long to compile, in each start of a command.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_MARKDOWN = re.compile(r"([\\`*_{}\[\]#|~])")


def printable(text: str) -> str:
    """The text without what XML 1.0 cannot hold, a terminal would obey, or a reader would be misled by."""
    return _UNPRINTABLE.sub("", text)


def line(text: str) -> str:
    """The text in one line."""
    return " ".join(printable(text).split())


def markdown(text: str) -> str:
    """The text escaped for a cell of a Markdown table: no markup, no HTML, no mentions."""
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
