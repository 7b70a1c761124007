"""The tokens of a request, as a gateway counts them while the answer passes."""

from __future__ import annotations

from typing import Any

from pydantic_core import from_json

from azure_llama_sandbox.inference.words import count

_LONGEST = 4_000_000
"""Bytes of an answer that is looked into."""


class Usage:
    """Reads an answer on its way; those of streams are estimated from their texts.

    Args:
        request: Required. The request's body.
        streamed: Required. Whether the answer is a stream of events.
    """

    def __init__(self, request: bytes, *, streamed: bool) -> None:
        self._request = request
        self._streamed = streamed
        self._content = bytearray()

    def feed(self, part: bytes) -> None:
        """Take a part of the answer."""
        if len(self._content) <= _LONGEST:
            self._content += part

    def tokens(self) -> tuple[int, int]:
        """Tokens of the prompt and of the answer; none where the answer does not report them."""
        if not self._streamed:
            used = _object(bytes(self._content)).get("usage")
            used = used if isinstance(used, dict) else {}
            return int(used.get("prompt_tokens") or 0), int(used.get("completion_tokens") or 0)
        events = (line[len(b"data: ") :] for line in bytes(self._content).split(b"\n") if line.startswith(b"data: {"))
        answer = "".join(_texts(choice) for event in events for choice in _object(event).get("choices") or ())
        return count(_prompt(_object(self._request))), count(answer)


def _object(content: bytes) -> dict[str, Any]:
    try:
        found = from_json(content)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _texts(choice: dict[str, Any]) -> str:
    return str((choice.get("delta") or {}).get("content") or choice.get("text") or "")


def _prompt(request: dict[str, Any]) -> str:
    messages = request.get("messages")
    if isinstance(messages, list):
        return "\n".join(str(each.get("content") or "") for each in messages if isinstance(each, dict))
    return str(request.get("prompt") or request.get("input") or "")
