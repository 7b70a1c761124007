"""A sandbox's ARM without a server: a clock that stands until it is moved, tokens by name, and a log in a list."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import httpx

from azure_llama_sandbox.arm import build, settle, verbs
from azure_llama_sandbox.arm.api_versions import announced
from azure_llama_sandbox.arm.ids import parse
from azure_llama_sandbox.clock import Clock
from azure_llama_sandbox.store import Store
from azure_llama_sandbox.world import SUBSCRIPTION, TENANT, Principal, World
from tests.sandbox.arm.refusals import Refusal

TODAY = date(2026, 11, 22)
ARM = "https://management.azure.com"
SUB = f"/subscriptions/{SUBSCRIPTION}"
GROUP = f"{SUB}/resourceGroups/llama"
ML = f"{GROUP}/providers/Microsoft.MachineLearningServices/workspaces"
STORAGE = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/llamastore"
VAULT = f"{GROUP}/providers/Microsoft.KeyVault/vaults/llama-vault"
LOGS = f"{GROUP}/providers/Microsoft.OperationalInsights/workspaces/llama-logs"
INSIGHTS = f"{GROUP}/providers/Microsoft.Insights/components/llama-insights"
HUB = f"{ML}/llama-hub"
PROJECT = f"{ML}/llama-dev"
MODEL = "azureml://registries/azureml-meta/models/Llama-3.3-70B-Instruct"
SMALL_MODEL = "azureml://registries/azureml-meta/models/Meta-Llama-3.1-8B-Instruct/versions/4"
GPU = "Standard_NC24ads_A100_v4"

OWNER = Principal("owner-client", "00000000-0000-0000-0000-00000000000a", ARM)
GUEST = Principal("guest-client", "00000000-0000-0000-0000-00000000000b", f"{ARM}/")
TOKENS = {
    "owner": OWNER,
    "guest": GUEST,
    "inference": Principal(OWNER.client_id, OWNER.object_id, "https://ml.azure.com"),
    "loopback": Principal(OWNER.client_id, OWNER.object_id, "https://127.0.0.1:8443"),
}


@dataclass(frozen=True)
class StoppedClock(Clock):
    """Time stands until it is moved."""

    at: list[float] = field(default_factory=lambda: [1_800_000_000.0])

    def now(self) -> float:
        return self.at[0]

    def move(self, azure_seconds: float) -> None:
        """Let Azure seconds pass."""
        self.at[0] += self.real(azure_seconds)


def contract_version(path: str) -> str:
    """The API version that a path's request contract describes; of other paths, one that ARM takes."""
    id_ = parse(path)
    kind = verbs.kind_of(id_) if id_ is not None else None
    return announced(kind.type)[0] if kind is not None else "2025-12-01"


class KnownTokens:
    """`Bearer owner` is the owner's; those of managed identities say whose they are."""

    def issue(self, client_id: str, audience: str, seconds: int = 3600) -> str:
        return f"token:{client_id}:{audience}:{seconds}"

    def issue_to(self, principal: Principal, seconds: int = 3600) -> str:
        return f"identity {principal.object_id} {principal.audience}"

    def principal(self, authorization: str | None) -> Principal | None:
        token = (authorization or "").removeprefix("Bearer ")
        if token.startswith("identity "):
            _, object_id, audience = token.split(" ")
            return Principal(object_id, object_id, audience)
        return TOKENS.get(token)


class Lines(list[dict[str, Any]]):
    """The request log."""

    def write(self, **line: Any) -> None:
        self.append(line)


class Azure:
    """A client of the sandbox's ARM."""

    def __init__(self, path: Path, scale: float = 1200, as_of: date = TODAY) -> None:
        self.path = path
        self.clock = StoppedClock(scale=scale, as_of=as_of)
        self.log = Lines()
        self.loop = asyncio.new_event_loop()
        self.start()

    def start(self) -> None:
        """Open the store, as a sandbox does that starts (again)."""
        self.store = Store(self.path)
        self.world = World(self.store, self.clock, KnownTokens(), self.log, OWNER.client_id)
        transport = httpx.ASGITransport(build(self.world), raise_app_exceptions=True)
        self.http = httpx.AsyncClient(transport=transport, base_url=ARM)

    def restart(self) -> None:
        """A new process on the same file, as after `kill -9`."""
        self.store.close()
        self.start()

    def close(self) -> None:
        """Release everything."""
        self.loop.run_until_complete(self.http.aclose())
        self.store.close()
        self.loop.close()

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        who: str | None = "owner",
        version: str | None = "",
        **query: str,
    ) -> httpx.Response:
        """One request."""
        return self.loop.run_until_complete(self._request(method, path, body, who, version, query))

    def together(self, *requests: tuple[str, str, Any]) -> list[httpx.Response]:
        """Requests of the owner that are sent at once: method, path and body of each."""

        async def send() -> list[httpx.Response]:
            return await asyncio.gather(*(self._request(*each, "owner", "", {}) for each in requests))

        return self.loop.run_until_complete(send())

    async def _request(
        self, method: str, path: str, body: Any, who: str | None, version: str | None, query: Mapping[str, str]
    ) -> httpx.Response:
        headers = {"Authorization": f"Bearer {who}"} if who else {}
        given = httpx.URL(path)
        params = dict(given.params) | dict(query)
        version = contract_version(given.path) if version == "" else version
        if version and "api-version" not in params:
            params["api-version"] = version
        return await self.http.request(method, given.copy_with(params=params), json=body, headers=headers)

    def get(self, path: str, **options: Any) -> dict[str, Any]:
        """The resource, which must be there."""
        answer = self.call("GET", path, **options)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def wait(self, answer: httpx.Response, **options: Any) -> httpx.Response:
        """Poll as the answer's headers say, more lazily than they ask for, to the end."""
        address = answer.headers.get("Azure-AsyncOperation") or answer.headers.get("Location")
        if answer.status_code >= 400 or not address:
            return answer
        for _ in range(400):
            poll = self.call("GET", address, **options)
            by_status = "Azure-AsyncOperation" in answer.headers
            done = poll.json()["status"] != "InProgress" if by_status else poll.status_code != 202
            if done:
                return poll
            wait = float(poll.headers["Retry-After"])
            assert wait > 0
            self.clock.at[0] += 5 * wait
        raise AssertionError("the operation does not end")

    def put(self, path: str, body: Any, **options: Any) -> dict[str, Any]:
        """PUT, wait, and read: must succeed."""
        answer = self.call("PUT", path, body, **options)
        assert answer.status_code in (200, 201, 202), answer.text
        final = self.wait(answer)
        assert final.status_code in (200, 201), final.text
        if "Azure-AsyncOperation" in answer.headers:
            assert final.json()["status"] == "Succeeded", final.text
        return self.get(path)

    def delete(self, path: str, **options: Any) -> None:
        """DELETE and wait: must succeed."""
        answer = self.call("DELETE", path, **options)
        assert answer.status_code in (200, 202, 204), answer.text
        assert self.wait(answer).status_code in (200, 204)

    def refused(self, method: str, path: str, body: Any = None, **options: Any) -> Refusal:
        """The error of a request that must be refused."""
        answer = self.call(method, path, body, **options)
        assert answer.status_code >= 400, answer.text
        assert "Retry-After" not in answer.headers
        return Refusal(answer.status_code, answer.json()["error"])

    def settle(self) -> None:
        """Apply what is due."""
        settle(self.world)

    # -- the parts of a deployed stack ---------------------------------------------------------------

    def with_group(self, location: str = "eastus2") -> Azure:
        """A resource group."""
        self.put(GROUP, {"location": location})
        return self

    def with_hub(self, location: str = "eastus2") -> Azure:
        """A group, a storage account, a vault, a hub and a project."""
        self.with_group(location)
        self.put(STORAGE, account_body(location))
        self.put(VAULT, vault_body(location))
        self.put(HUB, hub_body(location))
        self.put(PROJECT, project_body(location))
        return self

    def subscribe(self, model: str = MODEL, name: str = "llama-sub") -> dict[str, Any]:
        """A marketplace subscription in the project."""
        return self.put(f"{PROJECT}/marketplaceSubscriptions/{name}", {"properties": {"modelId": model}})

    def serverless(self, name: str = "llama-33-70b", model: str = MODEL) -> dict[str, Any]:
        """A serverless endpoint in the project."""
        return self.put(f"{PROJECT}/serverlessEndpoints/{name}", serverless_body(model))

    def endpoint(self, name: str = "llama-8b", **properties: Any) -> str:
        """A managed endpoint in the project; its id."""
        return str(self.put(f"{PROJECT}/onlineEndpoints/{name}", endpoint_body(**properties))["id"])

    def deployment(self, name: str = "blue", *, endpoint: str = "llama-8b", instances: int = 1, **more: Any) -> str:
        """A deployment of a managed endpoint; its id."""
        path = f"{PROJECT}/onlineEndpoints/{endpoint}/deployments/{name}"
        return str(self.put(path, deployment_body(instances, **more))["id"])


def account_body(location: str = "eastus2") -> dict[str, Any]:
    return {"location": location, "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}


def vault_body(location: str = "eastus2", **properties: Any) -> dict[str, Any]:
    sku = {"family": "A", "name": "standard"}
    return {
        "location": location,
        "properties": {"tenantId": TENANT, "sku": sku, "enableRbacAuthorization": True} | properties,
    }


def hub_body(location: str = "eastus2", **properties: Any) -> dict[str, Any]:
    return {
        "location": location,
        "kind": "Hub",
        "identity": {"type": "SystemAssigned"},
        "properties": {"storageAccount": STORAGE, "keyVault": VAULT} | properties,
    }


def project_body(location: str = "eastus2", **properties: Any) -> dict[str, Any]:
    return {
        "location": location,
        "kind": "Project",
        "identity": {"type": "SystemAssigned"},
        "properties": {"hubResourceId": HUB} | properties,
    }


def serverless_body(model: str = MODEL, location: str = "eastus2", **properties: Any) -> dict[str, Any]:
    return {
        "location": location,
        "sku": {"name": "Consumption"},
        "properties": {"authMode": "Key", "modelSettings": {"modelId": model}} | properties,
    }


def endpoint_body(location: str = "eastus2", **properties: Any) -> dict[str, Any]:
    return {
        "location": location,
        "identity": {"type": "SystemAssigned"},
        "properties": {"authMode": "Key"} | properties,
    }


def deployment_body(instances: int = 1, *, size: str = GPU, model: str | None = SMALL_MODEL, **properties: Any) -> Any:
    settings: dict[str, Any] = {"endpointComputeType": "Managed", "instanceType": size}
    if model:
        settings["model"] = model
    return {
        "location": "eastus2",
        "sku": {"name": "Default", "capacity": instances},
        "properties": settings | properties,
    }
