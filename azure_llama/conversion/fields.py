"""A field of a file for `az ml`, and the kinds of such files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from azure_llama.conversion.values import Read, text

NAME = "*"
"""Stands in a path for a name of the user's."""


@dataclass(frozen=True)
class Field:
    """A field of a file.

    Attributes:
        path: Required. Its keys, with dots between them; `NAME` for a key that the user chooses.
        key: Optional. The stack's key for it, below the endpoint or the deployment; empty when it is not carried.
        note: Conditional. Why it is not carried and what to do, or what to know of the key. Required without `key`.
        read: Optional. Turns its value into that of the key.
        ignored: Optional. Whether it is left out without a note, since Azure writes it.
        usual: Optional. The value that is left out without a note, since it is Azure's default.
    """

    path: str
    key: str = ""
    note: str = ""
    read: Read = text
    ignored: bool = False
    usual: str | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        """The parts of its path."""
        return tuple(self.path.split("."))


@dataclass(frozen=True)
class Kind:
    """A kind of file.

    Attributes:
        title: What reports call it.
        schemas: Names of its schemas, as `$schema` has them.
        fields: Every field that it can have.
    """

    title: str
    schemas: tuple[str, ...]
    fields: tuple[Field, ...]

    def below(self, keys: tuple[str, ...]) -> Iterator[Field]:
        """The fields below a path; `NAME` stands for each key."""
        for field in self.fields:
            if len(field.keys) > len(keys) and all(
                theirs in (NAME, ours) for theirs, ours in zip(field.keys, keys, strict=False)
            ):
                yield field

    def at(self, keys: tuple[str, ...]) -> Field | None:
        """The field of a path."""
        return next((field for field in self.fields if _same(field.keys, keys)), None)


def _same(field: tuple[str, ...], keys: tuple[str, ...]) -> bool:
    return len(field) == len(keys) and all(theirs in (NAME, ours) for theirs, ours in zip(field, keys, strict=True))
