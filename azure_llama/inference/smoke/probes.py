"""The checks: requests to an endpoint, and the evaluation of the answers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from typing import Any

import httpx

from azure_llama.inference import Client, ContentFilterError, InferenceError
from azure_llama.inference.kinds import KINDS
from azure_llama.inference.smoke import questions
from azure_llama.inference.smoke.results import ContentFilter, Outcome, Speed
from azure_llama.inference.smoke.simultaneous import Simultaneous
from azure_llama.inference.smoke.targets import Target

REFUSED = frozenset({400, 422, 424})
"""Statuses of a request that is understood to be wrong; 424 is how `/score` hands on its container's 400."""

NO_ROUTE = frozenset({404, 405})

SHUT_OUT = frozenset({401, 403})

Finding = tuple[Outcome, str]


@dataclass
class Seen:
    """Measurements that the checks of one target collect.

    Attributes:
        speed: Optional. Of the stream.
        filtered: Optional. Whether the content filter showed itself; None when nothing was seen either way.
        repeated: Optional. Of every stream, where they were repeated.
        unreachable: Optional. Nobody answers or lets us sign in, so that further questions would only wait.
    """

    speed: Speed | None = None
    filtered: bool | None = None
    unreachable: bool = False
    repeated: tuple[Speed, ...] = ()


class Probe:
    """The checks of one target.

    Args:
        target: Required. What is called.
        connect: Required. Gives the client that calls it, signed in, with the options given; raises ValueError when the
            outputs do not do.
        http: Required. Calls it as a stranger.
        filter_probe: Optional. A text that the content filter must refuse, and a guard model must call unsafe.
        concurrency: Optional. Requests to send at the same time.
    """

    def __init__(
        self,
        target: Target,
        connect: Callable[..., Client],
        http: httpx.Client,
        filter_probe: str | None = None,
        concurrency: int | None = None,
    ) -> None:
        self.seen = Seen()
        self._target = target
        self._connect = connect
        self._http = http
        self._filter_probe = filter_probe
        self.concurrency = concurrency

    @property
    def content_filter(self) -> ContentFilter:
        """What is known of it."""
        declared = self._target.output.get("contentSafety")
        return ContentFilter(declared if isinstance(declared, bool) else None, self.seen.filtered)

    def run(self, check: str) -> Finding:
        """Make one check.

        Args:
            check: Required. One of `CHECKS`, or `CONCURRENCY`.

        Raises:
            InferenceError: the endpoint refused, or could not be reached.
            httpx.HTTPError: the same, for a request that is sent without a credential.
        """
        if self.seen.unreachable:
            return Outcome.UNKNOWN, "not asked, since nobody could be reached or signed in to"
        try:
            return self._make(check)
        except InferenceError as error:
            if self._target.assumed and error.status in REFUSED | NO_ROUTE:
                return Outcome.UNKNOWN, _undocumented(self._target.model, error.status)
            raise

    def _make(self, check: str) -> Finding:
        made = {
            "health": self._health,
            "answer": self._answer,
            "stream": self._stream,
            "bad request": self._bad_request,
            "no key": self._no_key,
            "content filter": self._content_filter,
            "concurrency": self._concurrency,
        }
        return made[check]()

    @cached_property
    def client(self) -> Client:
        """Calls the target, signed in."""
        return self._connect()

    def _health(self) -> Finding:
        self.seen.unreachable = True
        try:
            health = self.client.health()
        except InferenceError as error:
            self.seen.unreachable = error.status is None or error.status == HTTPStatus.FORBIDDEN
            raise
        self.seen.unreachable = False
        return Outcome.PASSED, "answers" if health.info is None else f"answers; /info says {health.info.model_name}"

    def _answer(self) -> Finding:
        known = self._target.known
        try:
            text, finish_reason = self._ask()
        except InferenceError as error:
            if known is not None and known.task == "classification" and error.status in REFUSED:
                return Outcome.UNKNOWN, f"no document says what a classifier takes; it answered {error.status}"
            raise
        if finish_reason == "content_filter":
            self.seen.filtered = True
            return Outcome.FAILED, "the content filter withheld the answer to a harmless question"
        complaint = questions.complaint(self._target, text)
        return (Outcome.FAILED, complaint) if complaint else (Outcome.PASSED, text.strip())

    def _stream(self) -> Finding:
        target, client = self._target, self.client
        if not (target.chat or target.completions):
            return Outcome.UNKNOWN, "/score does not stream"
        start = time.perf_counter()
        options = self._options()
        stream = (
            client.stream_chat(questions.messages(target), **options)
            if target.chat
            else client.stream_complete(questions.prompt(target), **options)
        )
        pieces, times, finish_reason = [], [], None
        with closing(stream):
            for chunk in stream:
                if chunk.text:
                    times.append(time.perf_counter())
                    pieces.append(chunk.text)
                finish_reason = chunk.finish_reason or finish_reason
        if not times:
            return Outcome.FAILED, f"the stream had no text (finish_reason {finish_reason})"
        self.seen.speed = _speed(start, times)
        if finish_reason is None:
            return Outcome.FAILED, f"the stream broke off after {len(times)} pieces, without a finish_reason"
        if finish_reason == "content_filter":
            self.seen.filtered = True
            return Outcome.FAILED, "the content filter cut the answer to a harmless question"
        return Outcome.PASSED, f"{len(times)} pieces, finish_reason {finish_reason}"

    def repeat(self, times: int) -> Finding:
        """Stream again, until there are so many streams; the first one is that of the check `stream`.

        Args:
            times: Required. Streams in all, 2 or more.
        """
        if self.seen.speed is None:
            return Outcome.UNKNOWN, "not asked, since the first stream had no text"
        speeds, failures = [self.seen.speed], []
        for _ in range(times - 1):
            try:
                outcome, detail = self._stream()
            except (InferenceError, httpx.HTTPError) as error:
                outcome, detail = Outcome.FAILED, str(error) or type(error).__name__
            if outcome is Outcome.PASSED:
                speeds.append(self.seen.speed)
            else:
                failures.append(detail)
        self.seen.speed, self.seen.repeated = speeds[0], tuple(speeds)
        if failures:
            return Outcome.FAILED, f"{len(failures)} of {times} streams failed, the first with: {failures[0]}"
        return Outcome.PASSED, f"{times} streams"

    def _bad_request(self) -> Finding:
        # What is asked is missing: the one error that no lenient server can read as something else.
        target = self._target
        try:
            if target.chat:
                self.client.post("chat", {"max_tokens": 1})
            elif target.completions:
                self.client.post("completions", {"max_tokens": 1})
            else:
                self.client.post("score", {"input_data": {}})
        except InferenceError as error:
            if error.status in REFUSED:
                return Outcome.PASSED, f"refused with {error.status} {error.code or ''}".strip()
            raise
        return Outcome.FAILED, "a request that asks nothing was served"

    def _no_key(self) -> Finding:
        answer = self._http.post(self._target.url, json=self._body(), headers=self._header())
        if answer.status_code in SHUT_OUT:
            return Outcome.PASSED, f"refused with {answer.status_code}"
        if answer.is_success:
            return Outcome.FAILED, "a caller without a credential was served"
        if self._target.assumed and answer.status_code in NO_ROUTE:
            return Outcome.UNKNOWN, _undocumented(self._target.model, answer.status_code)
        return Outcome.FAILED, f"a caller without a credential got {answer.status_code} in place of 401"

    def _content_filter(self) -> Finding:
        text, declared = self._filter_probe, self.content_filter.declared
        if text is None:
            return Outcome.UNKNOWN, f"{self.content_filter}; --filter-probe TEXT shows what it does"
        try:
            said, finish_reason = self._ask(text)
            self.seen.filtered = finish_reason == "content_filter"
        except ContentFilterError:
            self.seen.filtered = True
            said = ""
        does = "refuses" if self.seen.filtered else "lets through"
        if declared is not None and declared is not self.seen.filtered:
            return Outcome.FAILED, f"the stack has it {'on' if declared else 'off'}, yet it {does} the probe"
        complaint = None if self.seen.filtered else questions.complaint(self._target, said, harmless=False)
        return (Outcome.FAILED, f"the probe was {complaint}") if complaint else (Outcome.PASSED, f"{does} the probe")

    def _concurrency(self) -> Finding:
        number = self.concurrency or 1
        answers = Simultaneous(self._connect(max_retries=0), self._ask).run(number)
        if answers.failures:
            raise answers.failures[0]
        if not answers.rejections:
            return Outcome.PASSED, f"{number} at once: all answered within {answers.seconds:.1f} s"
        found = f"{number} at once: {answers.served} answered, {len(answers.rejections)} rejected with 429"
        advice = KINDS[str(self._target.output.get("kind"))].overload
        return Outcome.FAILED, f"{found} ({advice}): {answers.rejections[0]}"

    def _ask(self, text: str | None = None, client: Client | None = None) -> tuple[str, str | None]:
        target, client = self._target, client or self.client
        options = self._options()
        if target.chat:
            chat = client.chat(questions.messages(target, text), **options)
            return chat.text, chat.finish_reason
        if target.completions:
            completion = client.complete(questions.prompt(target, text), **options)
            return completion.text, completion.finish_reason
        return "\n".join(_texts(client.post("score", questions.score(target, text)))), None

    def _options(self) -> dict[str, Any]:
        """The parameters of a question. A container with several models answers the one that is named alone."""
        named = {} if self._target.sent is None else {"model": self._target.sent}
        return {"max_tokens": questions.MAX_TOKENS, **named}

    def _body(self) -> dict[str, Any]:
        target = self._target
        if target.chat:
            return {"messages": questions.messages(target), "max_tokens": 1}
        if target.completions:
            return {"prompt": questions.prompt(target), "max_tokens": 1}
        return questions.score(target)

    def _header(self) -> dict[str, str]:
        deployment = self._target.deployment
        return {} if deployment is None else {"azureml-model-deployment": deployment}


def _undocumented(model: str, status: int | None) -> str:
    return f"no source says what {model} takes; chat messages were answered with {status}"


def _speed(start: float, times: list[float]) -> Speed:
    took = times[-1] - times[0]
    return Speed(times[0] - start, (len(times) - 1) / took if len(times) > 1 and took > 0 else None)


def _texts(answer: Any) -> Iterator[str]:
    """The texts in an answer of `/score`, whose form differs from image to image."""
    match answer:
        case str():
            yield answer
        case list():
            for each in answer:
                yield from _texts(each)
        case dict():
            for each in answer.values():
                yield from _texts(each)
        case int() | float():
            yield str(answer)
