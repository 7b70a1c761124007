"""Content filters of deployments: refusals of prompts, and the annotations of answers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

from azure_llama_sandbox.inference import safety
from azure_llama_sandbox.inference.asking import Ask
from azure_llama_sandbox.inference.errors import RefusalError
from azure_llama_sandbox.inference.exchange import Answer

_CATEGORIES = ("hate", "self_harm", "sexual", "violence")


def results(*, filtered: bool) -> dict[str, Any]:
    """`content_filter_results`: all safe, except violence in filtered text."""
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
        answer: Required. The answer.
        prompts: Required. How many prompts it answers.
    """

    answer: Answer
    prompts: int

    @property
    def usage(self) -> Mapping[str, int] | None:
        """Of the answer."""
        return self.answer.usage

    async def content(self) -> dict[str, Any]:
        """The whole answer."""
        content = await self.answer.content()
        for choice in content["choices"]:
            self._annotate(choice)
        return content | {"prompt_filter_results": self._prompts()}

    async def chunks(self) -> AsyncIterator[dict[str, Any]]:
        """The chunks of a stream; the first has no choices, and the annotations of the prompt."""
        first = True
        async for chunk in self.answer.chunks():
            if first:
                yield chunk | {"id": "", "choices": [], "prompt_filter_results": self._prompts()}
                first = False
            for choice in chunk["choices"]:
                self._annotate(choice)
            yield chunk

    def _prompts(self) -> list[dict[str, Any]]:
        return [
            {"prompt_index": index, "content_filter_results": results(filtered=False)} for index in range(self.prompts)
        ]

    @staticmethod
    def _annotate(choice: dict[str, Any]) -> None:
        delta = choice.get("delta") or {}
        opening = "role" in delta and not delta.get("content")
        filtered = choice.get("finish_reason") == "content_filter"
        choice["content_filter_results"] = {} if opening else results(filtered=filtered)
