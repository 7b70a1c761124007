"""Smoke tests of endpoints that are played in this process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
from azure.core.credentials import AccessToken

from azure_llama.inference import smoke
from azure_llama.inference.smoke import Check, Result
from azure_llama_sandbox.conditions import Conditions
from azure_llama_sandbox.inference import build, foundry
from azure_llama_sandbox.world import World
from tests.sandbox.inference.harness import OWNER, KnownTokens

PROBE = "sandbox: harmful prompt"
SERVERLESS: dict[str, Any] = {
    "kind": "serverless",
    "uri": "https://one.example",
    "chatUrl": "https://one.example/v1/chat/completions",
    "completionsUrl": None,
    "openaiBaseUrl": "https://one.example/v1",
    "model": "Llama-3.3-70B-Instruct",
    "auth": "Key",
    "contentSafety": True,
}
KEY = "a-key-that-nobody-may-see"
ONE: dict[str, Any] = {"endpoints": {"one": SERVERLESS}, "keys": {"one": {"primary": KEY}}}


@dataclass
class Said:
    """What progress was told."""

    lines: list[str] = field(default_factory=list)

    def begin(self, name: str, check: str) -> None:
        """Keep it."""
        self.lines.append(f"{name} {check}?")

    def end(self, name: str, check: Check) -> None:
        """Keep it."""
        self.lines.append(f"{name} {check.name} {check.outcome}")


@dataclass(frozen=True)
class Credential:
    """An Entra credential of one token."""

    token: str

    def get_token(self, *_: str, **__: Any) -> AccessToken:
        """The token."""
        return AccessToken(self.token, 4_000_000_000)


def run(outputs: Any, http: httpx.Client, *names: str, **options: Any) -> list[Result]:
    """A smoke test that tells nobody."""
    extra = smoke.Extra(
        **{key: options.pop(key) for key in ("filter_probe", "repeat", "concurrency", "probe") if key in options}
    )
    options = {"extra": extra, "credential": lambda: Credential("token-0"), "progress": Said(), **options}
    return smoke.run(outputs, http=http, names=names, **options)


def answering(answer: Callable[[httpx.Request], httpx.Response]) -> httpx.Client:
    """A client whose requests a function answers."""
    return httpx.Client(transport=httpx.MockTransport(answer))


@dataclass(frozen=True)
class Played(httpx.BaseTransport):
    """An ASGI application for a client that does not wait."""

    app: httpx.ASGITransport

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Its answer, once it is whole."""

        async def answer() -> httpx.Response:
            response = await self.app.handle_async_request(request)
            return httpx.Response(response.status_code, headers=response.headers, content=await response.aread())

        return asyncio.run(answer())


@dataclass(frozen=True)
class Scene:
    """The hosts and the outputs of the stack that made them."""

    outputs: dict[str, Any]
    world: World
    tokens: KnownTokens

    def smoke(self, *names: str, **options: Any) -> dict[str, Result]:
        """Run a smoke test as the owner; results by name."""
        self.tokens.issue(OWNER.client_id, "https://ml.azure.com")
        with httpx.Client(transport=Played(httpx.ASGITransport(build(self.world)))) as http:
            return {result.name: result for result in run(self.outputs, http, *names, **options)}

    def foundry(self, name: str, conditions: Conditions, **options: Any) -> Result:
        """Run a smoke test of a deployment of an account, under other circumstances."""
        app = foundry.build(replace(self.world, conditions=lambda: conditions))
        with httpx.Client(transport=Played(httpx.ASGITransport(app))) as http:
            (result,) = run(self.outputs, http, name, **options)
        return result
