"""Errors of calls to endpoints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Problem:
    """One error in a request.

    Attributes:
        where: The parameter, such as `messages[0].role`; empty when it is about the whole request.
        rule: What holds, and what to do.
        given: What was there, shortened; None when nothing was, or when it must not be shown.
    """

    where: str
    rule: str
    given: str | None = None

    def __str__(self) -> str:
        shown = f" ({self.given})" if self.given is not None else ""
        return f"{self.where}{shown}: {self.rule}" if self.where else self.rule


class InferenceError(Exception):
    """A failed call. The message states the place, the error and the remediation; it never contains a key or token.

    Attributes:
        message: What the service, or this package, says.
        status: The HTTP status; None when there was no answer.
        code: The service's word for it, such as `content_filter`; None when it gave none.
        param: The parameter that it is about; None when none was named.
        problems: What is wrong with the request, one by one, where that is known.
        retry_after: Seconds to wait, when the service named them.
        headers: Of the response, names in small letters.
        body: What came, as JSON or as text; None when nothing did.
        trace_id: The `x-ms-client-request-id` that was sent; Azure's support asks for it.
        attempts: How many requests were made.
    """

    advice = ""

    def __init__(
        self,
        message: str,
        *,
        where: str = "",
        status: int | None = None,
        code: str | None = None,
        param: str | None = None,
        problems: tuple[Problem, ...] = (),
        retry_after: float | None = None,
        headers: dict[str, str] | None = None,
        body: Any = None,
        trace_id: str | None = None,
        attempts: int = 0,
    ) -> None:
        self.message, self.where, self.status, self.code, self.param = message, where, status, code, param
        self.problems, self.retry_after, self.headers, self.body = problems, retry_after, headers or {}, body
        self.trace_id, self.attempts = trace_id, attempts
        super().__init__(self._text())

    def _text(self) -> str:
        title = " ".join(str(part) for part in (self.status, self.code) if part is not None)
        lines = [": ".join(part for part in (self.where, title, self.message) if part)]
        if self.problems and [str(problem) for problem in self.problems] != [self.message]:
            lines += [f"  {problem}" for problem in self.problems]
        if self.advice:
            lines.append(self.advice)
        if self.trace_id and self.status is not None:
            lines.append(f"(x-ms-client-request-id {self.trace_id})")
        return "\n".join(lines) if self.problems else " ".join(lines)


class RequestError(InferenceError):
    """The request breaks a documented rule; nothing was sent. `problems` has every rule that it breaks."""


class AuthenticationError(InferenceError):
    """401 or 403, or no token to be had."""

    advice = (
        "Is the key that of this endpoint, and current? With Entra ID the caller needs the role "
        "'Azure Machine Learning Data Scientist' on the workspace. An endpoint with publicNetworkAccess: Disabled "
        "answers only in the virtual network of the workspace's private endpoint."
    )


class RouteError(InferenceError):
    """404 or 405: the route is not there, the model does not serve it, or no deployment has traffic."""

    advice = "Is the model one for chat or one for completions, and does a deployment have traffic?"


class ServiceTimeoutError(InferenceError):
    """408, or no answer in time."""

    advice = "Ask for fewer tokens, stream the answer, or raise the deployment's request timeout (180 s at most)."


class ParameterError(InferenceError):
    """400 or 422: the service or the model rejects the request. `problems` has the reported errors."""


class ContentFilterError(InferenceError):
    """400: Azure AI Content Safety refused the prompt."""

    advice = "Change the prompt; the filter is set where the endpoint is deployed."


class ModelError(InferenceError):
    """424: the model's container failed.

    Attributes:
        model_status: The status that the container answered; None when not told.
        model_reason: Its reason; None when not told.
    """

    advice = "Read the deployment's log (az ml online-deployment get-logs)."

    @property
    def model_status(self) -> int | None:
        """The status that the container answered."""
        text = self.headers.get("ms-azureml-model-error-statuscode", "")
        return int(text) if text.isdigit() else None

    @property
    def model_reason(self) -> str | None:
        """Why."""
        return self.headers.get("ms-azureml-model-error-reason")


class RateLimitError(InferenceError):
    """429: more requests or tokens a minute than the deployment's limit, or too many requests at a time."""

    advice = (
        "Send less, let the client pace itself (tokens_per_minute, requests_per_minute), or ask for a higher limit."
    )


class ServiceError(InferenceError):
    """5xx, or a status that no document names."""


class UnreachableError(InferenceError):
    """No answer: no connection, no trusted certificate, or a connection that broke."""

    advice = "Is the URL the one in the stack's outputs, and does a proxy or firewall stand between?"


class AnswerError(InferenceError):
    """An undocumented answer, or a stream that was interrupted or reported an error."""
