"""A conversion as YAML with notes, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

import yaml

from azure_llama.conversion.notes import About, Note
from azure_llama.conversion.stack import BUILDERS, Conversion
from azure_llama.documents.problems import listed
from azure_llama.documents.text import counted

_NEXT = (
    "Next: put the YAML into Pulumi.STACK.yaml, and run `azure-llama check`. Endpoints that exist: docs/adoption.md."
)


def as_yaml(conversion: Conversion) -> str:
    """The stack's file."""
    return yaml.safe_dump({"config": conversion.config}, sort_keys=False, allow_unicode=True, width=120)


def as_json(conversion: Conversion) -> str:
    """Configuration and notes."""
    notes = [
        {
            "about": note.about.name.lower(),
            "key": note.key or None,
            "file": note.file or None,
            "line": note.line,
            "field": note.path or None,
            "text": note.text,
            "command": note.command or None,
        }
        for note in conversion.notes
    ]
    return json.dumps({"config": conversion.config, "files": conversion.files, "notes": notes}, indent=2)


def as_text(conversion: Conversion) -> Iterator[str]:
    """The notes by what they are about, and what to do next."""
    number = sum(len(conversion.config.get(key) or {}) for key in BUILDERS)
    yield f"{counted(len(conversion.files), 'file')} read, {counted(number, 'endpoint')} written"
    for about in About:
        notes = [note for note in conversion.notes if note.about is about]
        if notes:
            yield f"\n{about.value}:"
        for same in _together(notes):
            yield f"  {_where(same)}: {same[0].text}"
            if same[0].command:
                yield f"      {same[0].command}"
    yield f"\n{_NEXT}"


def _together(notes: Iterable[Note]) -> Iterator[list[Note]]:
    """Notes that say the same: of several fields of one file, or of several keys."""
    groups: dict[tuple[str, ...], list[Note]] = {}
    for note in notes:
        groups.setdefault((note.text, note.command, "" if note.key else note.file), []).append(note)
    yield from groups.values()


def _where(same: Sequence[Note]) -> str:
    first = same[0]
    if first.key or len(same) == 1:
        return listed([note.where for note in same])
    return f"{first.file}:{first.line}: {listed([note.path for note in same])}"
