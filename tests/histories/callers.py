"""Programs that call what a stack deploys while the stack is changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import httpx

from tests.differential.repair import Config
from tests.histories.start import FOUNDRY, MANAGED, SERVERLESS, WORKSPACE
from tests.inprocess.azure import Azure

_PAUSE = 4.0
"""Seconds between two calls of a program: less than any limit on calls."""
_SCOPES = {MANAGED: "https://ml.azure.com", FOUNDRY: "https://cognitiveservices.azure.com"}


def _closed(entry: Config) -> bool:
    """Whether a workspace or an account answers only through private endpoints."""
    return bool(entry.get("network", {}).get("publicNetworkAccess") == "Disabled")


def _served(config: Config) -> Iterator[tuple[str, str, str]]:
    """Name, setting and authentication of each output that answers calls."""
    if not _closed(config[WORKSPACE]):
        for name in config.get(SERVERLESS, {}):
            yield name, SERVERLESS, "Key"
    for name, endpoint in config.get(MANAGED, {}).items():
        if endpoint.get("publicNetworkAccess") == "Disabled" or endpoint.get("stopped"):
            continue
        if any(each["traffic"] for each in endpoint["deployments"].values()):
            yield name, MANAGED, endpoint["auth"]
    for name, account in config.get(FOUNDRY, {}).items():
        for deployment in account["deployments"] if not _closed(account) else ():
            yield f"{name}/{deployment}", FOUNDRY, account["auth"]


class Callers:
    """One program for each endpoint that serves before and after a change; none of its calls may fail.

    Args:
        azure: Required. Where they call.
        before, after: Required. The configurations.
        outputs: Required. The stack's, before the change.
    """

    def __init__(self, azure: Azure, before: Config, after: Config, outputs: Mapping[str, Any]) -> None:
        self._azure = azure
        self.failures: list[str] = []
        self.calls = 0
        self._requests = [
            self._request(setting, auth, name, outputs)
            for name, setting, auth in sorted({*_served(before)} & {*_served(after)})
        ]

    def _request(self, setting: str, auth: str, name: str, outputs: Mapping[str, Any]) -> dict[str, Any]:
        endpoint = outputs["endpoints"][name]
        key = outputs["keys"][name]["primary"] if auth == "Key" else self._azure.token(_SCOPES[setting])
        body = {"model": endpoint["modelName"], "messages": [{"role": "user", "content": "Hello"}], "max_tokens": 8}
        return {"url": endpoint["chatUrl"], "headers": {"Authorization": f"Bearer {key}"}, "json": body}

    async def __call__(self, client: httpx.AsyncClient) -> None:
        """Each calls once."""
        self._azure.clock.skip(_PAUSE)
        for request in self._requests:
            answer = await client.post(**request)
            self.calls += 1
            if answer.status_code != 200:
                self.failures.append(f"{request['url']}: {answer.status_code} {answer.text}")
