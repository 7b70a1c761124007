"""The shared state of a running sandbox."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from azure_llama_sandbox.clock import Clock
from azure_llama_sandbox.conditions import Conditions
from azure_llama_sandbox.store import Store

if TYPE_CHECKING:
    from azure_llama_sandbox.inference.upstream import Upstream

SUBSCRIPTION = "5a0d80c5-11a3-4a5d-9b0e-000000000001"
TENANT = "5a0d80c5-11a3-4a5d-9b0e-000000000002"


@dataclass(frozen=True)
class Principal:
    """The caller of a token: the client id is its name, and roles are assigned to its object id."""

    client_id: str
    object_id: str
    audience: str


class Tokens(Protocol):
    """Access tokens of the sandbox's Entra ID."""

    def issue(self, client_id: str, audience: str, seconds: int = 3600) -> str:
        """A signed token for a known client and an audience such as `https://management.azure.com`."""

    def issue_to(self, principal: Principal, seconds: int = 3600) -> str:
        """A signed token for the managed identity of a resource, which has no credential."""

    def principal(self, authorization: str | None) -> Principal | None:
        """The caller of an `Authorization: Bearer ...` header; None when it is absent, forged or expired."""


class RequestLog(Protocol):
    """`requests.jsonl`."""

    def write(
        self,
        *,
        method: str,
        host: str,
        path: str,
        api_version: str | None,
        principal: str | None,
        status: int,
        body: Any,
    ) -> None:
        """Append one line, secrets masked."""


@dataclass(frozen=True)
class World:
    """One per sandbox process; handed to every handler."""

    store: Store
    clock: Clock
    tokens: Tokens
    log: RequestLog
    client_id: str
    """The default principal: Owner of the subscription."""
    conditions: Callable[[], Conditions] = Conditions
    """The circumstances of the subscription, as they are now."""
    held: set[str] = field(default_factory=set)
    """Ids, in lower case, of resources on which a write has not been answered yet."""
    answers: Upstream | None = None
    """Where the answers of models come from; None for canned ones."""
