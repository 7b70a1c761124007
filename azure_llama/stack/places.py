"""Where the settings of a stack are in its YAML."""

from __future__ import annotations

from collections.abc import Iterable

from azure_llama.documents.positions import Document, Path_, Place
from azure_llama.stack.project import Project, readable


def with_lines(problems: Iterable[str], project: Project) -> list[str]:
    """A settings report's lines, each error (`- <key>: ...`) with its line of the stack's YAML."""
    places = SettingPlaces(project)
    lines = []
    for problem in map(readable, problems):
        place = places.named(problem.removeprefix("- ").partition(": ")[0]) if problem.startswith("- ") else None
        lines.append(f"- {place}: {problem.removeprefix('- ')}" if place else problem)
    return lines


class SettingPlaces:
    """The position of each setting in the stack's YAML."""

    def __init__(self, project: Project) -> None:
        self._file = project.file
        self._written = project.written

    def named(self, text: str) -> Place | None:
        """The place that a settings report names, such as `azure-llama:managed.llama-8b.deployments.blue.vmSize`."""
        whole = tuple(text.split("."))
        places = (self.place(whole[:length]) for length in range(len(whole), 0, -1))
        return next((place for place in places if place is not None), None)

    def place(self, path: Path_) -> Place | None:
        """The place of a setting, its full key first; None when the file does not have it."""
        written = self._written.get(str(path[0]))
        if self._file is None or written is None:
            return None
        full = ("config", written, *path[1:])
        value = self._file.value(full)
        return value if value is not None and _inline(self._file, full) else self._file.key(full)


def _inline(document: Document, path: Path_) -> bool:
    """Whether the value is on its key's line: a block below it begins with something else."""
    key, value = document.key(path), document.value(path)
    return key is not None and value is not None and key.line == value.line
