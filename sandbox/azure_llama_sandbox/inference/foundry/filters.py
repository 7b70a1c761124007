"""Content filters of deployments: refusals of prompts, and the annotations of answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic_core import from_json, to_json

from azure_llama_sandbox.inference import safety
from azure_llama_sandbox.inference.asking import Ask
from azure_llama_sandbox.inference.errors import RefusalError
from azure_llama_sandbox.inference.replies import DONE, Reply

_CATEGORIES = ("hate", "self_harm", "sexual", "violence")


def results(*, filtered: bool) -> dict[str, Any]:
    """`content_filter_results`: all safe, but for violence in what is filtered."""
    found: dict[str, Any] = {name: {"filtered": False, "severity": "safe"} for name in _CATEGORIES}
    if filtered:
        found["violence"] = {"filtered": True, "severity": "high"}
    return found


def check_prompts(ask: Ask) -> None:
    """Refuse a harmful prompt.

    Raises:
        RefusalError: 400 `content_filter`.
    """
    if not any(safety.PROMPT_PHRASE in prompt.text for prompt in ask.prompts):
        return
    raise RefusalError(
        400,
        "content_filter",
        "The response was filtered due to the prompt triggering Azure OpenAI's content management policy. Please modify"
        " your prompt and retry. To learn more about our content filtering policies please read our documentation:"
        " https://go.microsoft.com/fwlink/?linkid=2198766",
        fields={
            "param": "prompt",
            "type": None,
            "status": 400,
            "innererror": {
                "code": "ResponsibleAIPolicyViolation",
                "content_filter_result": results(filtered=True),
            },
        },
    )


@dataclass(frozen=True, slots=True)
class Annotated:
    """An answer with the annotations of its content filter.

    Attributes:
        reply: Required. The answer.
    """

    reply: Reply

    def body(self) -> bytes:
        """The whole answer as JSON."""
        content = from_json(self.reply.body())
        for choice in content["choices"]:
            self._annotate(choice)
        return to_json(content | {"prompt_filter_results": self._prompts()})

    def stream(self) -> Iterator[bytes]:
        """The answer as server-sent events; the first has no choices, and the annotations of the prompt."""
        first = True
        for event in self.reply.stream():
            if event == DONE:
                yield event
                continue
            content = from_json(event.removeprefix(b"data: "))
            if first:
                opening = content | {"id": "", "choices": [], "prompt_filter_results": self._prompts()}
                yield _event(opening)
                first = False
            for choice in content["choices"]:
                self._annotate(choice)
            yield _event(content)

    def _prompts(self) -> list[dict[str, Any]]:
        return [
            {"prompt_index": index, "content_filter_results": results(filtered=False)}
            for index, _ in enumerate(self.reply.ask.prompts)
        ]

    @staticmethod
    def _annotate(choice: dict[str, Any]) -> None:
        opening = choice.get("delta") == {"role": "assistant", "content": ""}
        filtered = choice["finish_reason"] == "content_filter"
        choice["content_filter_results"] = {} if opening else results(filtered=filtered)


def _event(content: dict[str, Any]) -> bytes:
    # ASCII only: some clients end a line at U+2028 too.
    return b"data: " + to_json(content, ensure_ascii=True) + b"\n\n"
