"""A team's own facts: `llama-catalog.yaml` beside `Pulumi.yaml`, which adds to the catalogue or corrects it.

It is found from the current folder upwards, in the first folder with a `Pulumi.yaml`. Models, sizes, regions and
prices of it take the place of the package's own before anybody sees them, so that settings, rules, checks and
estimates agree. Each has a source and a date, as every fact has. docs/catalog.md shows it whole.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from azure_llama.catalog.rows import Row, forget, remembered
from azure_llama.documents.errors import InputError
from azure_llama.documents.files import PROJECT, find_upwards
from azure_llama.documents.problems import FileProblem

if TYPE_CHECKING:
    from azure_llama.catalog.overlay.schema import Overlay

FILE = "llama-catalog.yaml"

_start: list[Path] = []


class OverlayError(InputError):
    """The overlay has errors. Its text is the report of all of them, in the file's order."""

    problems: tuple[FileProblem, ...]

    def __str__(self) -> str:
        number = len(self.problems)
        head = f"The catalogue's overlay has {number} mistake{'' if number == 1 else 's'}:"
        return "\n".join([head, *(f"- {line}" for line in self.lines)])


def place(start: Path | None = None) -> Path | None:
    """Where the overlay of a folder is, or would be.

    Args:
        start: Optional. The folder to look from; the current one, or the one that `use` named, unless given.

    Returns:
        None when no folder from there upwards has a `Pulumi.yaml`.
    """
    folder = (start or (_start[-1] if _start else Path.cwd())).absolute()
    project = find_upwards(folder, PROJECT)
    return project.with_name(FILE) if project else None


def use(folder: Path | None) -> None:
    """From now on look for the overlay from a folder upwards, and read it again.

    Args:
        folder: Required. The folder; None for the current one.
    """
    _start[:] = [] if folder is None else [folder]
    forget()


@remembered
def active() -> Overlay | None:
    """The overlay that holds now; None when there is none.

    Raises:
        OverlayError: it cannot be read, or has mistakes.
    """
    path = place()
    # A link that leads nowhere is a mistake, not an absence.
    if path is None or not (path.exists() or path.is_symlink()):
        return None
    from azure_llama.catalog.overlay.reading import read  # pydantic, which a stack without an overlay need not load

    return read(path)


def merged(name: str, package: tuple[Row, ...]) -> tuple[Row, ...]:
    """The rows of one data file with the overlay's changes.

    Raises:
        OverlayError: the overlay has mistakes.
    """
    overlay = active()
    if overlay is None:
        return package
    from azure_llama.catalog.overlay.rows import rows_with

    return rows_with(overlay, name, package)
