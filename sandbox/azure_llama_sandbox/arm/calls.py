"""A request on its way through the sandbox's ARM, and its answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from azure_llama_sandbox.arm.ids import ArmId
from azure_llama_sandbox.store import Resource, Store
from azure_llama_sandbox.world import Principal, World


@dataclass(frozen=True)
class Call:
    """One request, or one resource of a template.

    Attributes:
        world: Required. What the sandbox shares.
        method: Required. Upper case.
        id: Required. What it is about, as the caller spelled it.
        api_version: Required.
        principal: Required. Who calls.
        base: Required. `https://host[:port]` as the caller reached it; operation URLs begin with it.
        now: Required. Epoch seconds, real. Not always the present: a template's step begins when the one before ended.
        body: Optional. The JSON of the request; None without one.
        query: Optional. Query parameters, names in lower case.
    """

    world: World
    method: str
    id: ArmId
    api_version: str
    principal: Principal
    base: str
    now: float
    body: Any = None
    query: Mapping[str, str] = field(default_factory=dict)

    @property
    def store(self) -> Store:
        """The sandbox's memory."""
        return self.world.store

    @property
    def properties(self) -> dict[str, Any]:
        """`body["properties"]`; empty when absent."""
        return dict(self.body.get("properties") or {})

    @property
    def parent(self) -> Resource | None:
        """The resource that `id` is directly below; None when there is none."""
        return self.store.get(self.id.parent.text) if self.id.parent else None

    def about(self, id_: ArmId, **changes: Any) -> Call:
        """The same caller's request about something else."""
        return replace(self, id=id_, **changes)


@dataclass(frozen=True)
class Answer:
    """A response.

    Attributes:
        status: Required. HTTP status.
        body: Optional. JSON; no content when None.
        headers: Optional.
        operation: Optional. Id of the long-running operation that the request began or joined.
        held: Optional. Id of the resource whose other writes are refused until the answer is sent.
        seconds: Optional. Azure seconds until the answer is sent.
    """

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    operation: str | None = None
    held: str | None = None
    seconds: float = 0


def timestamp(epoch: float) -> str:
    """Epoch seconds as ARM prints them."""
    return datetime.fromtimestamp(epoch, UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
