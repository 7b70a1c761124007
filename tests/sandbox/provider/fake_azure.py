"""ARM as the provider's tests need it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote

import httpx
import jwt

OBJECT = "33333333-0000-0000-0000-000000000000"
SOON = {"Retry-After": "0.005"}


@dataclass
class Request:
    """What reached ARM."""

    method: str
    path: str
    query: dict[str, str]
    body: Any
    token: str
    host: str = ""


@dataclass
class FakeAzure:
    """Keeps what is PUT, and does what a test tells it to.

    Attributes:
        style: how a PUT that takes time says so: "", "operation", "location" or "state".
        polls: how often it is asked before it is done.
        failure: ARM error with which such a PUT ends.
        refusals: answers to give instead of the usual, by (method, end of the path), each once.
        held: while set, operations never end.
    """

    resources: dict[str, dict[str, Any]] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    secrets: set[str] = field(default_factory=lambda: {"secret"})
    tokens_issued: int = 0
    style: str = ""
    polls: int = 2
    failure: dict[str, Any] | None = None
    refusals: list[tuple[str, str, httpx.Response]] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)
    held: bool = False
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    _pending: int = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if "/oauth2/" in request.url.path:
            return self._token(parse_qs(request.content.decode()))
        body = json.loads(request.content) if request.content else None
        token = request.headers["authorization"].removeprefix("Bearer ")
        params, host = dict(request.url.params), request.headers["host"]
        self.requests.append(Request(request.method, unquote(request.url.path), params, body, token, host))
        path = unquote(request.url.path)
        for refusal in self.refusals:
            method, end, answer = refusal
            if method == request.method and path.lower().endswith(end.lower()):
                self.refusals.remove(refusal)
                return answer
        verbs = {"GET": self._get, "PUT": self._put, "PATCH": self._put, "DELETE": self._delete, "POST": self._post}
        return verbs[request.method](path, body)

    def puts(self) -> list[Request]:
        """The PUTs so far."""
        return [request for request in self.requests if request.method == "PUT"]

    def _token(self, form: Mapping[str, list[str]]) -> httpx.Response:
        if form["client_secret"][0] not in self.secrets:
            return httpx.Response(401, json={"error": "invalid_client", "error_description": "AADSTS7000215: no."})
        self.tokens_issued += 1
        claims = {"oid": OBJECT, "appid": form["client_id"][0], "n": self.tokens_issued, "scope": form["scope"][0]}
        token = jwt.encode(claims, "k" * 32, "HS256")
        return httpx.Response(200, json={"access_token": token, "expires_in": 3600, "token_type": "Bearer"})

    def _get(self, path: str, _: Any) -> httpx.Response:
        if path.startswith("/operations/"):
            return self._operation(path)
        found = self.resources.get(path.lower())
        if found is None:
            return error(404, "ResourceNotFound", f"The resource '{path}' was not found.")
        if self.style == "state" and not self._due():
            return httpx.Response(200, json=with_state(found, "Creating"), headers=SOON)
        return httpx.Response(200, json=found)

    def _put(self, path: str, body: Any) -> httpx.Response:
        new = path.lower() not in self.resources
        state = "Failed" if self.failure and self.style == "state" else "Succeeded"
        resource = with_state({**body, "id": canonical(path), "name": path.rsplit("/", 1)[-1], "type": "T"}, state)
        resource["properties"] |= self.extra
        self.resources[path.lower()] = resource
        self._pending = self.polls
        headers = {
            "operation": {"Azure-AsyncOperation": "https://management.azure.com/operations/1?api-version=x", **SOON},
            "location": {"Location": "/operations/1", **SOON},
            "state": SOON,
        }.get(self.style, {})
        answered = with_state(resource, "Creating") if self.style else resource
        return httpx.Response(201 if new else 200, json=answered, headers=headers)

    def _delete(self, path: str, _: Any) -> httpx.Response:
        if path.lower() not in self.resources:
            return httpx.Response(404, json={"error": {"code": "ResourceNotFound", "message": "gone"}})
        del self.resources[path.lower()]
        self._pending = self.polls
        headers = {"Location": "https://management.azure.com/operations/1", **SOON} if self.style else {}
        return httpx.Response(202 if self.style else 200, headers=headers)

    def _post(self, path: str, _: Any) -> httpx.Response:
        if path.rsplit("/", 1)[0].lower() not in self.resources:
            return error(404, "ResourceNotFound", "no such thing")
        return httpx.Response(200, json={"primaryKey": "p" * 32, "secondaryKey": "s" * 32})

    def _operation(self, path: str) -> httpx.Response:
        done = self._due()
        if self.style == "location":
            return httpx.Response(200 if done else 202, json={}, headers={} if done else SOON)
        if not done:
            return httpx.Response(200, json={"status": "InProgress"}, headers=SOON)
        if self.failure:
            return httpx.Response(200, json={"status": "Failed", "error": self.failure})
        return httpx.Response(200, json={"status": "Succeeded"})

    def _due(self) -> bool:
        self.asked.set()
        if self.held:
            return False
        self._pending -= 1
        return self._pending < 0


def with_state(body: Mapping[str, Any], state: str) -> dict[str, Any]:
    """The body with a provisioning state."""
    return {**body, "properties": {**body.get("properties", {}), "provisioningState": state}}


def canonical(path: str) -> str:
    """ARM's own spelling of an id."""
    return path.replace("/resourcegroups/", "/resourceGroups/")


def error(status: int, code: str, message: str, **more: Any) -> httpx.Response:
    """ARM's error envelope."""
    return httpx.Response(status, json={"error": {"code": code, "message": message, **more}})
