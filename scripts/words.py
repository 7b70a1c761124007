"""Look for words that readers do not search for, in pages, docstrings, comments and messages. Part of `make lint`.

`words.txt` has the list. Exit code 1 when one is found: place, word, and what to write instead.
"""

from __future__ import annotations

import io
import re
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
LIST: Final = Path(__file__).with_suffix(".txt")
PAGES: Final = ("*.md", "docs/**/*.md", "examples/**/*.md", "Makefile", "deploy/**/*.yml")
CODE: Final = (
    "*.py",
    "azure_llama/**/*.py",
    "components/**/*.py",
    "policies/**/*.py",
    "sandbox/**/*.py",
    "scripts/*.py",
)
TEXT: Final = {tokenize.STRING, tokenize.COMMENT, getattr(tokenize, "FSTRING_MIDDLE", tokenize.STRING)}
"""Tokens of Python that people read."""

Word = tuple[re.Pattern[str], str]


def words(text: str) -> list[Word]:
    """The list: each expression with what to write instead."""
    rows = (line.split(" -> ") for line in text.splitlines() if line and not line.startswith("#"))
    return [(re.compile(expression, re.IGNORECASE), instead) for expression, instead in rows]


def lines_of(path: Path) -> Iterator[tuple[int, str]]:
    """Numbered lines of a file that people read."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        yield from enumerate(text.splitlines(), 1)
        return
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type in TEXT:
            yield from enumerate(token.string.splitlines(), token.start[0])


def found(path: Path, listed: list[Word]) -> Iterator[str]:
    """Each use of a listed word in a file."""
    for number, line in lines_of(path):
        for expression, instead in listed:
            if match := expression.search(line):
                yield f"{path.relative_to(ROOT)}:{number}: '{match[0]}'; write: {instead}"


def main() -> int:
    """Print what is found; the exit code."""
    listed = words(LIST.read_text(encoding="utf-8"))
    paths = sorted({path for pattern in (*PAGES, *CODE) for path in ROOT.glob(pattern)})
    lines = [line for path in paths for line in found(path, listed)]
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return int(bool(lines))


if __name__ == "__main__":
    sys.exit(main())
