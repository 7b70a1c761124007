"""A sandbox world in which a test deploys endpoints without ARM, and calls them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import httpx

from azure_llama_sandbox.clock import Clock
from azure_llama_sandbox.conditions import Conditions
from azure_llama_sandbox.inference import build
from azure_llama_sandbox.inference.upstream import Upstream
from azure_llama_sandbox.store import Resource, Store
from azure_llama_sandbox.world import SUBSCRIPTION, Principal, World

OWNER = Principal("owner-client", "owner-object", "https://ml.azure.com")
GUEST = Principal("guest-client", "guest-object", "https://ml.azure.com")
WORKSPACE = (
    f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-llama/providers/"
    "Microsoft.MachineLearningServices/workspaces/llama-dev"
)
ONLINE = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints"
REGISTRY = "azureml://registries/azureml-meta/models"
PRIMARY, SECONDARY = "primary-0123456789abcdef", "secondary-0123456789abcdef"
CHAT = {"messages": [{"role": "user", "content": "What is a llama?"}]}
V1 = "/v1/chat/completions"
INFERENCE = "/chat/completions?api-version=2024-05-01-preview"


@dataclass(frozen=True)
class StoppedClock(Clock):
    """A clock that a test moves."""

    times: list[float] = field(default_factory=lambda: [1_000_000.0])

    def now(self) -> float:
        """The test's time."""
        return self.times[-1]


class KnownTokens:
    """Tokens by their text."""

    def __init__(self) -> None:
        self.known: dict[str, Principal] = {}

    def issue(self, client_id: str, audience: str, seconds: int = 3600) -> str:
        """A token of one of the two clients."""
        client = OWNER if client_id == OWNER.client_id else GUEST
        token = f"token-{len(self.known)}"
        self.known[token] = replace(client, audience=audience)
        return token

    def issue_to(self, principal: Principal, seconds: int = 3600) -> str:
        """A token of a managed identity."""
        self.known[principal.object_id] = principal
        return principal.object_id

    def principal(self, authorization: str | None) -> Principal | None:
        """The caller."""
        return self.known.get((authorization or "").removeprefix("Bearer "))


class Lines:
    """The request log, in memory."""

    def __init__(self) -> None:
        self.lines: list[dict[str, Any]] = []

    def write(self, **line: Any) -> None:
        """Keep one line."""
        self.lines.append(line)


class Azure:
    """What a test deploys and calls."""

    def __init__(self, world: World, tokens: KnownTokens, log: Lines, clock: StoppedClock) -> None:
        self.world, self.tokens, self.log, self.clock = world, tokens, log, clock
        self.app = build(world)

    def answer_from(self, url: str, model: str | None = None) -> None:
        """Let the endpoints give the answers of another server."""
        self.world = replace(self.world, answers=Upstream(url, model))
        self.app = build(self.world)

    def state(self, conditions: Mapping[str, Any]) -> None:
        """State circumstances, as `conditions.yaml` does."""
        current = Conditions.model_validate(conditions)
        self.world = replace(self.world, conditions=lambda: current)
        self.app = build(self.world)

    def serverless(
        self,
        name: str = "llama-33-70b",
        model: str = "Llama-3.3-70B-Instruct",
        *,
        state: str = "Online",
        auth: str = "Key",
        safety: str | None = "Enabled",
    ) -> str:
        """Deploy a serverless endpoint; returns its URL."""
        properties: dict[str, Any] = {
            "authMode": auth,
            "modelSettings": {"modelId": f"{REGISTRY}/{model}"},
            "endpointState": state,
        }
        if safety:
            properties["contentSafety"] = {"contentSafetyStatus": safety}
        type_ = "Microsoft.MachineLearningServices/workspaces/serverlessEndpoints"
        return self._claim(
            f"{name}.eastus2.models.ai.azure.com", f"{WORKSPACE}/serverlessEndpoints/{name}", type_, properties
        )

    def managed(
        self,
        name: str = "llama-8b",
        *,
        auth: str = "Key",
        traffic: Mapping[str, int] | None = None,
        mirror: Mapping[str, int] | None = None,
        deployments: Mapping[str, str] | None = None,
        state: str = "Succeeded",
        **more: Any,
    ) -> str:
        """Deploy a managed endpoint with `deployments` (name to model; `more` is theirs too); returns its URL."""
        endpoint = f"{WORKSPACE}/onlineEndpoints/{name}"
        models = {"blue": "Meta-Llama-3.1-8B-Instruct"} if deployments is None else deployments
        for deployment, model in models.items():
            properties = {"model": f"{REGISTRY}/{model}/versions/9", "provisioningState": "Succeeded", **more}
            self.put(f"{endpoint}/deployments/{deployment}", f"{ONLINE}/deployments", properties)
        shares = {"blue": 100} if traffic is None else traffic
        body = {"authMode": auth, "traffic": shares, "mirrorTraffic": mirror or {}, "provisioningState": state}
        return self._claim(f"{name}.eastus2.inference.ml.azure.com", endpoint, ONLINE, body)

    def put(self, id_: str, type_: str, properties: Mapping[str, Any]) -> None:
        """Write a resource as ARM would."""
        secrets = {"primaryKey": PRIMARY, "secondaryKey": SECONDARY}
        body = {"location": "eastus2", "properties": dict(properties)}
        self.world.store.put(Resource(id_, type_, body, secrets))

    def _claim(self, host: str, id_: str, type_: str, properties: Mapping[str, Any]) -> str:
        self.put(id_, type_, properties)
        assert self.world.store.claim_host(host, id_)
        return f"https://{host}"

    def client(self, key: str | None = PRIMARY, *, flat: bool = False) -> httpx.AsyncClient:
        """A client that carries a key or token."""
        app = build(self.world, flat_errors=True) if flat else self.app
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        return httpx.AsyncClient(transport=httpx.ASGITransport(app), headers=headers)


def events(content: bytes) -> list[dict[str, Any]]:
    """The JSON of a stream, which must be framed exactly as every client needs it."""
    pieces = content.split(b"\n\n")
    assert pieces[-2:] == [b"data: [DONE]", b""]
    assert all(piece.startswith(b"data: {") and b"\n" not in piece for piece in pieces[:-2])
    assert b"\r" not in content
    return [json.loads(piece.removeprefix(b"data: ")) for piece in pieces[:-2]]


@contextmanager
def nothing_deployed(folder: Path) -> Iterator[Azure]:
    """A sandbox world with nothing deployed, whose store is in a folder."""
    store, tokens, log = Store(folder / "sandbox.db"), KnownTokens(), Lines()
    clock = StoppedClock(scale=1200, as_of=date(2026, 11, 22))
    yield Azure(World(store, clock, tokens, log, OWNER.client_id), tokens, log, clock)
    store.close()
