"""Sends recorded requests to the running sandbox, in their order, and compares the answers."""

from __future__ import annotations

import re
import ssl
import time
import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from azure_llama_sandbox import control
from azure_llama_sandbox.compare.differences import KIND_A, Difference, differences
from azure_llama_sandbox.compare.recordings import Exchange
from azure_llama_sandbox.control import NotRunningError, SandboxError
from azure_llama_sandbox.home import Home
from azure_llama_sandbox.world import SUBSCRIPTION, TENANT

_POLL = re.compile(r"/\w*operation(results|statuses|sstatus)/[^/]+$", re.IGNORECASE)
_GROUP = re.compile(r"^(/subscriptions/[^/]+/resourcegroups/([^/]+))/.", re.IGNORECASE)
_SUBSCRIPTION = re.compile(r"(?<=/subscriptions/)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_RUNNING = frozenset({"InProgress", "Running", "Accepted", "Creating", "Updating", "Deleting"})
_ENOUGH = 600.0
"""Seconds after which an operation of the sandbox counts as stuck."""
_FIXED = {
    "sub": SUBSCRIPTION,
    "tenant": TENANT,
    "location": "eastus2",
    "LOCATION": "EASTUS2",
    "mail": "someone@example.com",
    "ip": "192.0.2.1",
    "secret": "c2VjcmV0",
    "key": "c2VjcmV0",
}
_IDS = uuid.UUID("3b0b2f36-35b4-4ef7-9a3e-6e2d8a0f6a5c")


@dataclass
class Report:
    """The result of a replay.

    Attributes:
        compared: Number of exchanges compared.
        found: Differences, by `METHOD path` and API version, in order.
        skipped: Exchanges that were not compared, with the reason.
    """

    compared: int = 0
    found: list[tuple[Exchange, list[Difference]]] = field(default_factory=list)
    skipped: list[tuple[Exchange, str]] = field(default_factory=list)

    @property
    def kinds(self) -> Counter[str]:
        """Number of differences by kind."""
        return Counter(each.kind for _, differing in self.found for each in differing)

    @property
    def tripping(self) -> int:
        """Number of exchanges with a difference of kind A."""
        return sum(any(each.kind in KIND_A for each in differing) for _, differing in self.found)

    def as_json(self) -> dict[str, Any]:
        """The report as a JSON value."""
        return {
            "compared": self.compared,
            "kindA": self.tripping,
            "kinds": dict(self.kinds),
            "differences": [
                {**_named(exchange), **each._asdict(), "kindA": each.kind in KIND_A}
                for exchange, differing in self.found
                for each in differing
            ],
            "skipped": [{**_named(exchange), "reason": reason} for exchange, reason in self.skipped],
        }


def _named(exchange: Exchange) -> dict[str, str]:
    return {"method": exchange.method, "path": exchange.path, "apiVersion": exchange.api_version}


def replay(exchanges: list[Exchange], home: Path | None = None) -> Report:
    """Send the requests to the sandbox that runs in a home, as its owner.

    Resource groups that the recording does not create are created first. Operations are followed to their end before
    the next request; a recorded poll is compared with that end.

    Args:
        exchanges: Required. As recorded, or masked.
        home: Optional. The sandbox's folder; the default one when None.

    Raises:
        NotRunningError: no sandbox runs there.
        SandboxError: it does not answer.
    """
    status = control.status(home)
    if not status["running"]:
        raise NotRunningError(Home(home))
    trust = ssl.create_default_context(cafile=status["ca"])
    try:
        with httpx.Client(base_url=str(status["arm"]), verify=trust, trust_env=False, timeout=30) as http:
            http.headers["Authorization"] = f"Bearer {_token(http, status['environment'])}"
            return _Replay(http, exchanges).run()
    except (httpx.HTTPError, ValueError) as error:
        raise SandboxError(f"the sandbox does not answer as it should: {error}") from error


def _token(http: httpx.Client, environment: Mapping[str, str]) -> str:
    answer = http.post(
        f"/{TENANT}/oauth2/v2.0/token",
        data={
            "grant_type": "client_credentials",
            "client_id": environment["AZURE_CLIENT_ID"],
            "client_secret": environment["AZURE_CLIENT_SECRET"],
            "scope": "https://management.azure.com/.default",
        },
    )
    return str(answer.raise_for_status().json()["access_token"])


class _Replay:
    def __init__(self, http: httpx.Client, exchanges: list[Exchange]) -> None:
        self._http = http
        self._exchanges = exchanges
        self._report = Report()
        self._last: httpx.Response | None = None
        self._dead: set[str] = set()
        self._groups: set[str] = set()

    def run(self) -> Report:
        for exchange in self._exchanges:
            path = _filled(exchange.path)
            if _POLL.search(path):
                self._poll(exchange)
            elif any(path.lower() == dead or path.lower().startswith(f"{dead}/") for dead in self._dead):
                self._report.skipped.append((exchange, "what it needs was not created"))
            else:
                self._send(exchange, path)
        return self._report

    def _poll(self, exchange: Exchange) -> None:
        running = isinstance(exchange.response, dict) and exchange.response.get("status") in _RUNNING
        if self._last is not None and exchange.status != 202 and not running:
            self._note(exchange, self._last)
        else:
            self._report.skipped.append((exchange, "an operation that still runs"))

    def _send(self, exchange: Exchange, path: str) -> None:
        if exchange.method in ("PUT", "PATCH") and exchange.request is None:
            self._skip(exchange, path, "recorded without its body")
            return
        self._ensure_group(exchange, path)
        query = {"api-version": exchange.api_version} | {key: _filled(each) for key, each in exchange.query.items()}
        body = _filled_in(exchange.request)
        answer = self._http.request(exchange.method, path, params=query, json=body)
        text = answer.text
        if "sandbox does not play" in text or "not emulated by the sandbox" in text:
            self._skip(exchange, path, "not emulated")
            return
        if answer.status_code >= 400 > exchange.status and exchange.method == "PUT":
            self._dead.add(path.lower())
        self._note(exchange, answer)
        if exchange.method != "GET" and answer.status_code < 300:
            self._last = self._settle(answer) or self._last

    def _skip(self, exchange: Exchange, path: str, reason: str) -> None:
        self._dead.add(path.lower())
        self._report.skipped.append((exchange, reason))

    def _ensure_group(self, exchange: Exchange, path: str) -> None:
        match = _GROUP.match(path)
        if match is None or match[2].lower() in self._groups:
            return
        self._groups.add(match[2].lower())
        query = {"api-version": "2021-04-01"}
        if self._http.head(match[1], params=query).status_code == 404:
            given = _filled_in(exchange.request)
            location = given.get("location") if isinstance(given, dict) else None
            self._http.put(match[1], params=query, json={"location": location or _FIXED["location"]})

    def _settle(self, answer: httpx.Response) -> httpx.Response | None:
        """Follow an operation to its end."""
        address = answer.headers.get("Azure-AsyncOperation") or (
            answer.headers.get("Location") if answer.status_code == 202 else None
        )
        until = time.monotonic() + _ENOUGH
        while address and time.monotonic() < until:
            poll = self._http.get(address)
            body = _json(poll)
            if poll.status_code != 202 and not (isinstance(body, dict) and body.get("status") in _RUNNING):
                return poll
            time.sleep(float(poll.headers.get("Retry-After", "1")))
        return None

    def _note(self, exchange: Exchange, answer: httpx.Response) -> None:
        self._report.compared += 1
        differing = differences(exchange, answer.status_code, answer.headers, _json(answer))
        if differing:
            self._report.found.append((exchange, differing))


def _json(answer: httpx.Response) -> Any:
    if not answer.content:
        return None
    try:
        return answer.json()
    except ValueError:
        return answer.text


def _filled(text: str) -> str:
    """A text of a recording as it is sent: placeholders filled in, the subscription the sandbox's."""
    return _PLACEHOLDER.sub(lambda match: _value(match[1]), _SUBSCRIPTION.sub(SUBSCRIPTION, text))


def _value(name: str) -> str:
    if name in _FIXED:
        return _FIXED[name]
    if re.fullmatch(r"guid\d*|principal|user\d*|workspaceId", name):
        return str(uuid.uuid5(_IDS, name))
    return name.lower().replace("_", "")


def _filled_in(value: Any) -> Any:
    if isinstance(value, str):
        return _filled(value)
    if isinstance(value, list):
        return [_filled_in(each) for each in value]
    if isinstance(value, dict):
        return {_filled(key): TENANT if key == "tenantId" else _filled_in(each) for key, each in value.items()}
    return value
