"""Clients that stream chats through a gateway, one after the other, and ask again when a stream breaks off."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

_DONE = "data: [DONE]"
_ATTEMPTS = 6
"""How often a client asks again after a break that no gateway can hide: the beginning of the answer was sent."""
_PATIENCE = 0.3
"""Seconds by which a client waits longer each time before it asks again."""
_RENEWED = 20
"""Calls after which a client opens a new connection, as a program that starts anew."""
_LEAVES = 10
"""Each so many-th call is left in the middle of its stream, as by a person who closes the page."""
_TIMEOUT = 60.0
_MOST_KEPT = 20
"""Lost answers whose text is kept."""


@dataclass
class Tally:
    """What became of the calls.

    Attributes:
        outcomes: `served`, `left` (by the client), `broken` (seen by the client, who asks again), `lost`.
        served_by: How many streams each account began.
        lost: What a person would read of lost answers, the first ones.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    served_by: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)

    def lose(self, text: str) -> None:
        """Note a lost answer: an error, or an end without `[DONE]`."""
        self.outcomes["lost"] += 1
        if len(self.lost) < _MOST_KEPT:
            self.lost.append(text)

    def __str__(self) -> str:
        return ", ".join(f"{count} {outcome}" for outcome, count in sorted(self.outcomes.items()))


@dataclass(frozen=True)
class Gateway:
    """What clients know of a gateway.

    Attributes:
        url, key, model: Required. As the stack's outputs have them.
        proxy, ca: Required. As `azure-llama sandbox status` has them.
    """

    url: str
    key: str
    model: str
    proxy: str
    ca: str


class Client:
    """One client.

    Args:
        gateway: Required. Whom it calls.
        tally: Required. Where it counts.
        pause: Required. Seconds between two calls.
        number: Required. Which one it is: clients do not leave their streams at the same time.
    """

    def __init__(self, gateway: Gateway, tally: Tally, pause: float, number: int) -> None:
        self._gateway = gateway
        self._tally = tally
        self._pause = pause
        self._calls = number
        self._tls = _tls(gateway.ca)

    async def run(self, stop: asyncio.Event) -> None:
        """Call until told to stop; the last call is finished."""
        while not stop.is_set():
            client = httpx.AsyncClient(proxy=self._gateway.proxy, verify=self._tls, trust_env=False, timeout=_TIMEOUT)
            async with client:
                for _ in range(_RENEWED):
                    if stop.is_set():
                        return
                    await self._ask(client)
                    await asyncio.sleep(self._pause)

    async def _ask(self, client: httpx.AsyncClient) -> None:
        self._calls += 1
        leaves = self._calls % _LEAVES == 0
        error: Exception | None = None
        for attempt in range(_ATTEMPTS):
            await asyncio.sleep(attempt * _PATIENCE)
            try:
                await self._stream(client, leaves)
                return
            except httpx.RemoteProtocolError as broken:  # the connection broke, and the client sees that it did
                self._tally.outcomes["broken"] += 1
                error = broken
            except httpx.HTTPError as failure:
                self._tally.lose(f"{type(failure).__name__}: {failure}")
                return
        self._tally.lose(f"broken {_ATTEMPTS} times: {error}")

    async def _stream(self, client: httpx.AsyncClient, leaves: bool) -> None:
        gateway = self._gateway
        messages = [{"role": "user", "content": "How far away is the moon?"}]
        body: Mapping[str, Any] = {"model": gateway.model, "messages": messages, "max_tokens": 48, "stream": True}
        headers = {"api-key": gateway.key}
        async with client.stream("POST", gateway.url, json=body, headers=headers) as answer:
            if answer.status_code != 200:
                self._tally.lose(f"{answer.status_code} {(await answer.aread()).decode()}")
                return
            last = ""
            async for line in answer.aiter_lines():
                if line and leaves:
                    self._tally.outcomes["left"] += 1
                    return
                last = line or last
        if last != _DONE:
            self._tally.lose(f"ended without [DONE]: {last}")
            return
        self._tally.outcomes["served"] += 1


_contexts: dict[str, ssl.SSLContext] = {}


def _tls(ca: str) -> ssl.SSLContext:
    """One context for all: each takes a while to read."""
    if ca not in _contexts:
        _contexts[ca] = ssl.create_default_context(cafile=ca)
    return _contexts[ca]


def gateway_of(outputs: Mapping[str, Any], status: Mapping[str, Any], model: str, team: str) -> Gateway:
    """A gateway by the outputs of its stack and the status of the sandbox.

    Args:
        outputs: Required. Secrets in clear.
        status: Required. As JSON.
        model, team: Required. Names in the settings of the gateway.
    """
    known = json.loads(json.dumps(outputs))
    url = f"{known['gateway']['baseUrl']}chat/completions"
    return Gateway(url, known["gatewayKeys"][team]["primary"], model, status["proxy"], status["ca"])
