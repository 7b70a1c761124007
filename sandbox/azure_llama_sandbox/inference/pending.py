"""Pending requests of a deployment, which Azure limits."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from azure_llama_sandbox.inference.endpoints import Deployment, Endpoint
from azure_llama_sandbox.inference.errors import RefusalError

ALONE_SECONDS, TOGETHER_SECONDS = 0.002, 0.05
"""How long a request takes at least, in real seconds: long enough for another one to arrive; and when others are under
way, since no model answers them all at once."""


class Pending:
    """Counts the requests that are under way, deployment by deployment."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str]] = Counter()

    @asynccontextmanager
    async def admitted(self, endpoint: Endpoint, deployment: Deployment) -> AsyncIterator[None]:
        """A block in which a request is under way.

        Raises:
            RefusalError: 429, as many are under way as Azure takes.
        """
        key = (endpoint.id, deployment.name)
        if deployment.pending is None:
            yield
            return
        if self._counts[key] >= deployment.pending:
            raise RefusalError(
                429,
                "TooManyRequests",
                f"Too many pending requests: deployment {deployment.name} takes {deployment.pending} at once"
                f" (2 x {deployment.setting}). Raise maxConcurrentRequestsPerInstance to what the server handles, or"
                " add instances.",
                headers={"ms-azureml-model-error-reason": "too_many_pending_requests"},
            )
        self._counts[key] += 1
        try:
            await asyncio.sleep(ALONE_SECONDS if self._counts[key] == 1 else TOGETHER_SECONDS)
            yield
        finally:
            self._counts[key] -= 1
