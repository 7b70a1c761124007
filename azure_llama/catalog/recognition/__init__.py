"""Recognising names as people and tools write them: of models, VM sizes and regions."""

from __future__ import annotations

from dataclasses import dataclass

_LISTED = 5
"""Names that a message lists."""


@dataclass(frozen=True)
class Recognition:
    """The result of recognizing a name in a text.

    Attributes:
        found: The catalogue's name of what the text names without doubt; None when there is no such name.
        suggestions: Names that the text may have been meant as, best first; empty when `found` is set, and when every
            name would contradict the text.
    """

    found: str | None = None
    suggestions: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The recognized name, else the suggestions."""
        return (self.found,) if self.found else self.suggestions

    @property
    def only(self) -> str | None:
        """The single name that the text can mean; None when there is none, or a choice."""
        return self.names[0] if len(self.names) == 1 else None

    @property
    def question(self) -> str | None:
        """`did you mean 'a' or 'b'?`, cut after five names; None without a name."""
        listed = [repr(name) for name in self.names[:_LISTED]]
        if not listed:
            return None
        choice = " or ".join([", ".join(listed[:-1]), listed[-1]] if listed[1:] else listed)
        more = len(self.names) - len(listed)
        return f"did you mean {choice}{f' ({more} more)' if more else ''}?"
