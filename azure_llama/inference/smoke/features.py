"""Tests the features of an endpoint (tools, JSON, images, long answers), and compares them with the catalogue."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from azure.core.exceptions import AzureError

from azure_llama.catalog.features import Feature, Support
from azure_llama.inference import Client, InferenceError
from azure_llama.inference.smoke import questions
from azure_llama.inference.smoke.probes import REFUSED
from azure_llama.inference.smoke.targets import Target

_TOKENS = 128
_NAME = "get_weather"
_TOOL = {
    "type": "function",
    "function": {
        "name": _NAME,
        "description": "The weather of a city.",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}
_SCHEMA = {
    "type": "object",
    "properties": {"animal": {"type": "string"}, "legs": {"type": "integer"}},
    "required": ["animal", "legs"],
    "additionalProperties": False,
}
_WEATHER = "What is the weather in Lima? Use the tool."
_LEGS = "How many legs does a llama have? Answer with a JSON object with the keys animal and legs."

Observed = tuple[str, str]
"""What was observed, as a reading of the catalogue writes it, and what the endpoint said."""
UNKNOWN = "unknown"


@dataclass(frozen=True)
class FeatureResult:
    """The support of an endpoint for one feature.

    Attributes:
        feature: Required. Which one.
        observed: Required. What came of asking for it, as the catalogue writes it: `yes`, `ignored`, `refused`, a
            number; `unknown` where the answer does not tell.
        detail: Required. What the endpoint said.
        stated: Required. What the catalogue knows.
    """

    feature: Feature
    observed: str
    detail: str
    stated: Support

    @property
    def agrees(self) -> bool | None:
        """Whether the catalogue agrees; None where it has no single value, or nothing was observed."""
        stated = self.stated
        if self.observed == UNKNOWN or stated.supported is None or stated.disputed:
            return None
        if self.feature in (Feature.IMAGES, Feature.OUTPUT_TOKENS) and stated.value != "yes":
            return self.observed == stated.value
        return (self.observed not in ("ignored", "refused", "0")) is stated.supported

    @property
    def comparison(self) -> str:
        """The same in words."""
        return {True: "agrees", False: "DIFFERS", None: "-"}[self.agrees]


class FeatureProbe:
    """Asks a target for each feature.

    Args:
        target: Required. Who is asked; a chat model.
        client: Required. Calls it, signed in.
    """

    def __init__(self, target: Target, client: Client) -> None:
        self._target = target
        self._client = client

    def ask(self, feature: Feature) -> FeatureResult:
        """Ask for one feature; what fails otherwise than by a refusal is unknown."""
        stated = self._target.stated(feature)
        try:
            observed, detail = self._questions()[feature](stated)
        except InferenceError as error:
            refused = error.status in REFUSED
            observed, detail = ("refused" if refused else UNKNOWN), str(error)
        except (httpx.HTTPError, AzureError, ValueError) as error:
            observed, detail = UNKNOWN, str(error) or type(error).__name__
        return FeatureResult(feature, observed, " ".join(detail.split()), stated)

    def _questions(self) -> Mapping[Feature, Callable[[Support], Observed]]:
        return {
            Feature.TOOLS: lambda _: self._tools({}),
            Feature.TOOL_CHOICE: lambda _: self._tools(
                {"tool_choice": {"type": "function", "function": {"name": _NAME}}}
            ),
            Feature.JSON_OBJECT: lambda _: self._json({"type": "json_object"}, lambda said: isinstance(said, dict)),
            Feature.JSON_SCHEMA: lambda _: self._json(
                {"type": "json_schema", "json_schema": {"name": "animal", "schema": _SCHEMA, "strict": True}}, _fits
            ),
            Feature.IMAGES: lambda _: self._images(),
            Feature.OUTPUT_TOKENS: self._output_tokens,
        }

    def _chat(self, said: Any, **more: Any) -> Mapping[str, Any]:
        """The first choice of an answer."""
        named = {} if self._target.sent is None else {"model": self._target.sent}
        messages = [{"role": "user", "content": said}]
        body = {**named, "messages": messages, "max_tokens": _TOKENS, **more}
        choices = self._client.post("chat", body, pass_through=True).get("choices") or [{}]
        choice: Mapping[str, Any] = choices[0]
        return choice

    def _tools(self, choice: Mapping[str, Any]) -> Observed:
        message = self._chat(_WEATHER, tools=[_TOOL], **choice).get("message") or {}
        calls = message.get("tool_calls")
        return ("yes", json.dumps(calls[0].get("function"))) if calls else ("ignored", str(message.get("content")))

    def _json(self, form: Mapping[str, Any], fits: Callable[[Any], bool]) -> Observed:
        choice = self._chat(_LEGS, response_format=form)
        text = str((choice.get("message") or {}).get("content"))
        try:
            said = json.loads(text)
        except ValueError:
            return (UNKNOWN if choice.get("finish_reason") == "length" else "ignored"), text
        return ("yes" if fits(said) else "ignored"), text

    def _images(self) -> Observed:
        picture = {"type": "image_url", "image_url": {"url": questions.PICTURE}}
        parts: list[Any] = [{"type": "text", "text": questions.SHOW}]
        observed, detail = "0", ""
        for number in ("1", "several"):
            parts.append(picture)
            try:
                detail = str((self._chat(parts).get("message") or {}).get("content"))
            except InferenceError as error:
                if error.status not in REFUSED:
                    raise
                return observed, str(error)
            observed = number
        return observed, detail

    def _output_tokens(self, stated: Support) -> Observed:
        """The largest number that a source names and the endpoint accepts."""
        numbers = sorted({int(reading.value) for reading in stated.readings}, reverse=True)
        detail = "no source names a number to ask for"
        for number in numbers:
            try:
                self._chat("Say yes.", max_tokens=number)
            except InferenceError as error:
                if error.status not in REFUSED:
                    raise
                detail = str(error)
            else:
                return str(number), f"max_tokens {number} is accepted"
        return ("refused" if numbers else UNKNOWN), detail


def _fits(said: Any) -> bool:
    return (
        isinstance(said, dict)
        and said.keys() == {"animal", "legs"}
        and isinstance(said["animal"], str)
        and isinstance(said["legs"], int)
    )
