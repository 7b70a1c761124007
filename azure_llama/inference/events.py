"""Parses server-sent events."""

from __future__ import annotations

import re

DONE = "[DONE]"
"""The data of the last event."""

# Not str.splitlines, which httpx uses too: it also breaks at U+2028 and U+0085, which JSON may hold.
_LINE_END = re.compile(rb"\r\n|\n|\r(?!\Z)")


class EventReader:
    """Takes a stream's bytes as they come.

    Each `data:` line is an event of its own, as in every stream of these services; comments and other fields are
    passed over, and so is how lines end and whether blank ones lie between.
    """

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[str]:
        """The events that are complete now."""
        *lines, self._rest = _LINE_END.split(self._rest + data)
        return [line[5:].strip().decode("utf-8", "replace") for line in lines if line.startswith(b"data:")]

    def rest(self) -> list[str]:
        """The event of a last line without an end."""
        return self.feed(b"\n")
