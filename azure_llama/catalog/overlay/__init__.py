"""A team's own facts: `llama-catalog.yaml` beside `Pulumi.yaml`, which adds to the catalogue or corrects it.

It is in the first folder with a `Pulumi.yaml`, from a project's folder upwards. Its models, sizes, regions and prices
replace the package's own in a `Catalog.of_project`. Each has a source and a date. docs/catalog.md shows every key.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

FILE = "llama-catalog.yaml"
PROJECT = ("Pulumi.yaml", "Pulumi.yml")


@dataclass(frozen=True)
class Mistake:
    """One mistake in an overlay.

    Attributes:
        file: The file, as a person finds it from the current folder.
        line: Its line, from 1; None where the whole file is meant.
        path: The keys to the place: `models.My-Llama.asOf`; empty where the whole file is meant.
        rule: What is wrong there, with what was given.
        way_out: What to do.
    """

    file: str
    line: int | None
    path: str
    rule: str
    way_out: str

    @property
    def where(self) -> str:
        """File, line and keys: `llama-catalog.yaml:4: models.My-Llama.asOf`."""
        return ": ".join(part for part in (f"{self.file}:{self.line}" if self.line else self.file, self.path) if part)

    def __str__(self) -> str:
        return f"{self.where}: {self.rule}; {self.way_out}"


class OverlayError(Exception):
    """The overlay has mistakes. Its text is the report of all of them, in the file's order.

    No `ValueError`: pydantic would take it for a finding about the value that it was looking up.

    Attributes:
        mistakes: The mistakes.
    """

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__(self.mistakes)

    def __str__(self) -> str:
        number = len(self.mistakes)
        head = f"The catalogue's overlay has {number} mistake{'' if number == 1 else 's'}:"
        return "\n".join([head, *(f"- {mistake}" for mistake in self.mistakes)])


def place(folder: Path) -> Path | None:
    """Where the overlay of a folder's project is, or would be.

    Args:
        folder: Required. A folder of the project.

    Returns:
        None when neither the folder nor any above it has a `Pulumi.yaml`.
    """
    start = folder.absolute()
    above = (start, *start.parents)
    project = next((each for each in above if any((each / name).is_file() for name in PROJECT)), None)
    return project / FILE if project else None


def find(folder: Path) -> Path | None:
    """The overlay of a folder's project; None when there is none.

    Args:
        folder: Required. A folder of the project.
    """
    path = place(folder)
    # A link that leads nowhere is an error, not an absence.
    return path if path is not None and (path.exists() or path.is_symlink()) else None
