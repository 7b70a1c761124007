"""Regenerates both keys of an endpoint, one after the other, while its callers use the other one.

Before a key is regenerated, every place in which the stack keeps keys holds the other key, for as long as callers may
keep what they read. A rotation that stops leaves a working key everywhere, and can begin again or go on.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from azure_llama.arm import ArmClient, HalfAnswerError, versions
from azure_llama.keys.targets import KeyTarget

ORDER = ("secondary", "primary")
"""The keys in the order in which they are regenerated: callers use the primary one."""
_OTHER = {"primary": "secondary", "secondary": "primary"}
_CONNECTION_KEYS = (
    *("authType", "category", "expiryTime", "isSharedToAll", "metadata", "peRequirement", "sharedUserList", "target"),
    "useWorkspaceManagedIdentity",
)
"""Properties of a connection that a PUT takes; Azure's answer has others, which it does not."""


@dataclass(frozen=True)
class Step:
    """A step that has ended.

    Attributes:
        key: Required. The key that is rotated: `primary` or `secondary`.
        what: Required. What was done, as a sentence; never with a key.
        seconds: Required. How long it took.
    """

    key: str
    what: str
    seconds: float


@dataclass
class Rotation:
    """The progress of a rotation.

    Attributes:
        steps: The steps that have ended.
        rotated: The keys that are new, and are wherever the stack keeps keys.
    """

    steps: list[Step] = field(default_factory=list)
    rotated: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Rotator:
    arm: ArmClient
    target: KeyTarget
    wait: float
    publish: Callable[[], None] | None
    progress: Callable[[Step], None]
    done: Rotation

    async def rotate(self, key: str) -> None:
        other = _OTHER[key]
        before = await self._keys()
        holders = self.target.holders
        if holders:
            await self._step(key, f"{holders} hold the {other} key", self._hold(dict.fromkeys(before, before[other])))
        await self._step(key, f"waited {self.wait:g} s for callers of the {key} key", asyncio.sleep(self.wait))
        await self._step(key, "regenerated", self._regenerate(key))
        after = await self._keys()
        if after[key] == before[key] or after[other] != before[other]:
            raise HalfAnswerError(f"{self.target.id}: Azure reports success, and the {key} key alone is not new")
        # A new key may not reach all servers of the endpoint at once.
        await self._step(key, f"waited {self.wait:g} s for the new key to be accepted", asyncio.sleep(self.wait))
        if holders:
            await self._step(key, f"{holders} hold their own keys", self._hold(after))
        if self.publish is not None:
            await self._step(key, "the stack's outputs have the new key", self._published(self.publish))
        self.done.rotated.append(key)

    async def _step(self, key: str, what: str, work: Awaitable[Any]) -> None:
        begun = time.perf_counter()
        await work
        step = Step(key, what, time.perf_counter() - begun)
        self.done.steps.append(step)
        self.progress(step)

    async def _published(self, publish: Callable[[], None]) -> None:
        # In this thread: Pulumi gets Ctrl-C from its signal handlers, and nothing else runs meanwhile.
        publish()

    async def _keys(self) -> dict[str, str]:
        actions = self.target.actions
        answer = await self.arm.post(f"{self.target.id}/listKeys", actions.api_version)
        keys = {key: answer.get(name) for key, name in actions.listed.items()}
        if not all(isinstance(value, str) and value for value in keys.values()):
            raise HalfAnswerError(f"POST {self.target.id}/listKeys: the answer does not have two keys")
        return {key: str(value) for key, value in keys.items()}

    async def _regenerate(self, key: str) -> None:
        actions = self.target.actions
        body = {actions.request: actions.names[key]}
        await self.arm.change("POST", f"{self.target.id}/{actions.regenerate}", actions.api_version, body)

    async def _hold(self, values: Mapping[str, str]) -> None:
        """Put the values into the vault's secrets, for the gateway too, and that of `primary` into the connections."""
        for key, id_ in self.target.secrets.items():
            await self._put_secret(id_, values[key])
        for id_ in self.target.named_values:
            await self.arm.change("POST", f"{id_}/refreshSecret", versions.API_MANAGEMENT)
        for id_ in self.target.connections:
            await self._put_connection(id_, values["primary"])

    async def _put_secret(self, id_: str, value: str) -> None:
        secret = await self.arm.get(id_, versions.KEY_VAULT)
        properties = secret.get("properties") or {}
        attributes = properties.get("attributes") or {}
        kept = {name: attributes[name] for name in ("enabled", "exp", "nbf") if attributes.get(name) is not None}
        body: dict[str, Any] = {"value": value, "attributes": kept}
        if properties.get("contentType"):
            body["contentType"] = properties["contentType"]
        await self.arm.change(
            "PUT", id_, versions.KEY_VAULT, {"properties": body, "tags": dict(secret.get("tags") or {})}
        )

    async def _put_connection(self, id_: str, value: str) -> None:
        connection = await self.arm.get(id_, versions.MACHINE_LEARNING)
        there = connection.get("properties") or {}
        kept = {name: there[name] for name in _CONNECTION_KEYS if there.get(name) is not None}
        body = {"properties": {**kept, "credentials": {"key": value}}}
        await self.arm.change("PUT", id_, versions.MACHINE_LEARNING, body)


async def rotate(
    arm: ArmClient,
    target: KeyTarget,
    *,
    keys: Sequence[str] = ORDER,
    wait: float,
    publish: Callable[[], None] | None,
    progress: Callable[[Step], None],
    done: Rotation,
) -> None:
    """Regenerate keys of an endpoint.

    Args:
        arm: Required. The client.
        target: Required. The endpoint.
        keys: Optional. Which keys, in this order.
        wait: Required. Seconds that a caller may keep a key before it reads again.
        publish: Required. Brings the stack's outputs up to date; None leaves them.
        progress: Required. Told of each step that has ended.
        done: Required. Takes what has been done, so that it is known after a failure too.

    Raises:
        ArmError: Azure refuses a step.
    """
    rotator = _Rotator(arm, target, wait, publish, progress, done)
    for key in keys:
        await rotator.rotate(key)
