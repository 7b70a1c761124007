"""Results of a smoke test."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from azure_llama.inference.smoke.features import FeatureResult


class Outcome(StrEnum):
    """The result of a check. An unknown result does not fail the test."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Check:
    """One question to an endpoint.

    Attributes:
        name: Required. One of `CHECKS`.
        outcome: Required.
        detail: Required. First words of the answer, or why there is none; never a key.
        seconds: Required. How long it took.
    """

    name: str
    outcome: Outcome
    detail: str
    seconds: float


CHECKS = ("health", "answer", "stream", "bad request", "no key", "content filter")
"""Names of the checks, in their order."""
CONCURRENCY = "concurrency"
"""Name of the check that is made last, and only when a number of requests is given."""

REPEAT = "repeat"
"""The check that repeats the stream, made on request alone."""


@dataclass(frozen=True)
class Speed:
    """The speed of a stream.

    Attributes:
        first_token_seconds: Required. From the request to the first piece with text.
        tokens_per_second: Required. After the first one; None when there was one piece, or no measurable time.
    """

    first_token_seconds: float
    tokens_per_second: float | None


@dataclass(frozen=True)
class ContentFilter:
    """Whether Azure AI Content Safety stands before and behind the model.

    Attributes:
        declared: Required. What the stack asks for; None when its outputs do not say, as for managed endpoints, which
            have no such setting.
        observed: Required. What the endpoint did: it filtered something (True), it let the probe through (False), or
            nothing was seen either way (None).
    """

    declared: bool | None
    observed: bool | None

    def __str__(self) -> str:
        says = {True: "on", False: "off"}
        if self.observed is not None:
            return f"{says[self.observed]} (seen)"
        return "not declared" if self.declared is None else f"{says[self.declared]} (declared)"


@dataclass(frozen=True)
class Result:
    """Everything about one endpoint, or about one deployment of an endpoint that has several.

    Attributes:
        name: Required. `endpoint` or `endpoint/deployment`.
        endpoint, kind, model, url, auth: Required. As the stack's outputs have them.
        deployment: Required. The deployment that was called by name; None when the endpoint chose.
        checks: Required. In the order they were made.
        speed: Required. None when nothing was streamed.
        content_filter: Required.
        repeated: Optional. The speed of every stream where streams were repeated, that of the first among them.
        features: Optional. What it supports, where it was asked for that.
    """

    name: str
    endpoint: str
    deployment: str | None
    kind: str
    model: str
    url: str
    auth: str
    checks: tuple[Check, ...]
    speed: Speed | None
    content_filter: ContentFilter
    repeated: tuple[Speed, ...] = ()
    features: tuple[FeatureResult, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing failed."""
        return not any(check.outcome is Outcome.FAILED for check in self.checks)

    def check(self, name: str) -> Check | None:
        """The check of a name, if it was made."""
        return next((check for check in self.checks if check.name == name), None)
