"""Files that people write for the pack."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


class FileError(Exception):
    """A file cannot be used. Its text has every mistake, a line each.

    Attributes:
        mistakes: The lines.
    """

    def __init__(self, mistakes: Sequence[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = tuple(mistakes)


def text_of(path: Path, kind: type[FileError]) -> str:
    """The text of a file.

    Args:
        path: Required. The file.
        kind: Required. The error of a file of its kind.

    Raises:
        FileError: of that kind: it cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise kind([f"{path.name}: cannot be read: {reason}"]) from None
