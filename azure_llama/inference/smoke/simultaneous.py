"""Requests that are sent at the same time."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier
from typing import Any

from azure_llama.inference import Client, InferenceError
from azure_llama.inference.errors import RateLimitError


@dataclass(frozen=True)
class Answers:
    """Their results.

    Attributes:
        served: Required. How many were answered.
        rejections: Required. Those that were rejected with 429.
        failures: Required. Those that failed otherwise.
        seconds: Required. From the first request to the last answer.
    """

    served: int
    rejections: tuple[RateLimitError, ...]
    failures: tuple[InferenceError, ...]
    seconds: float


class Simultaneous:
    """Sends requests at the same time.

    Args:
        client: Required. Sends them; it must not repeat what is rejected.
        ask: Required. Sends one of them: takes no text of its own, and the client.
    """

    def __init__(self, client: Client, ask: Callable[..., Any]) -> None:
        self._client = client
        self._ask = ask

    def run(self, number: int) -> Answers:
        """Send so many requests, and wait for all answers."""
        barrier = Barrier(number)
        start = time.perf_counter()
        with ThreadPoolExecutor(number) as pool:
            results = list(pool.map(lambda _: self._one(barrier), range(number)))
        rejections = tuple(each for each in results if isinstance(each, RateLimitError))
        failures = tuple(each for each in results if each and not isinstance(each, RateLimitError))
        served = results.count(None)
        return Answers(served, rejections, failures, time.perf_counter() - start)

    def _one(self, barrier: Barrier) -> InferenceError | None:
        barrier.wait()
        try:
            self._ask(None, self._client)
        except InferenceError as error:
            return error
        return None
