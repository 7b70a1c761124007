"""Notes about a conversion."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from azure_llama.documents.positions import Document


class About(StrEnum):
    """The topic of a note; the value is the heading of all notes about it."""

    FILL = "Fill in"
    REGISTER = "Register before `pulumi up`, which uploads no files"
    DROPPED = "Not carried"
    CHANGED = "Different in the stack"
    REFUSED = "Refused by the stack's configuration"


@dataclass(frozen=True)
class Note:
    """A note.

    Attributes:
        about: Required. What it is about.
        text: Required. One sentence, with what to do.
        key: Optional. The place in the stack's configuration.
        file: Optional. The file that it comes from.
        line: Optional. The line in it.
        path: Optional. The field in it.
        command: Optional. A command to run.
    """

    about: About
    text: str
    key: str = ""
    file: str = ""
    line: int | None = None
    path: str = ""
    command: str = ""

    @property
    def where(self) -> str:
        """The place: of the stack's configuration, else of the file."""
        if self.key:
            return self.key
        place = ":".join(str(part) for part in (self.file, self.line) if part)
        return f"{place}: {self.path}" if self.path else place

    def __str__(self) -> str:
        return f"{self.where}: {self.text}" if self.where else self.text


def at(document: Document, path: tuple[str, ...], about: About, text: str, command: str = "", key: str = "") -> Note:
    """A note about a field of a file, and about a place in the stack's configuration where `key` names one."""
    return Note(about, text, key, document.shown, document.line(path), ".".join(path), command)
