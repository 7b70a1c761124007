"""The overlay `llama-catalog.yaml` beside `Pulumi.yaml`, which adds to the catalogue or corrects it.

It is in the first folder with a `Pulumi.yaml`, from a project's folder upwards. Its models, sizes, regions and prices
replace the package's own in a `Catalog.of_project`. Each has a source and a date. docs/catalog.md shows every key.
"""

from __future__ import annotations

from pathlib import Path

from azure_llama.documents.errors import InputError
from azure_llama.documents.files import PROJECT, find_upwards
from azure_llama.documents.problems import FileProblem

FILE = "llama-catalog.yaml"


class OverlayError(InputError):
    """The overlay has errors. Its text is the report of all of them, in the file's order."""

    problems: tuple[FileProblem, ...]

    def __str__(self) -> str:
        number = len(self.problems)
        head = f"The catalogue's overlay has {number} error{'' if number == 1 else 's'}:"
        return "\n".join([head, *(f"- {line}" for line in self.lines)])


def place(folder: Path) -> Path | None:
    """The path of the overlay of a folder's project, whether or not it exists.

    Args:
        folder: Required. A folder of the project.

    Returns:
        None when neither the folder nor any above it has a `Pulumi.yaml`.
    """
    project = find_upwards(folder.absolute(), PROJECT)
    return project.with_name(FILE) if project else None


def find(folder: Path) -> Path | None:
    """The overlay of a folder's project; None when there is none.

    Args:
        folder: Required. A folder of the project.
    """
    path = place(folder)
    # A link that leads nowhere is an error, not an absence.
    return path if path is not None and (path.exists() or path.is_symlink()) else None
