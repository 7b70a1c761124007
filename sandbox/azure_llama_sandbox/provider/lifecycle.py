"""Create, read, update and delete: a resource's inputs turned into ARM requests, ARM's answers into its state."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

from azure_llama_sandbox.provider import differ, shapes
from azure_llama_sandbox.provider.arm_client import ArmClient
from azure_llama_sandbox.provider.errors import ArmError, ProviderError, UnfinishedError, VaultError
from azure_llama_sandbox.provider.resource_type import ResourceType
from azure_llama_sandbox.provider.sessions import Session
from azure_llama_sandbox.provider.values import encode, has_unknowns

_TIMEOUT = 7200.0
"""Seconds an operation may take when the program sets no custom timeout; azure-native's own default."""
_RECOVERY, _RECOVERY_POLL, _CONFLICTS = 180.0, 5.0, 6
"""Azure seconds for the recovery of a key or secret and between tries; conflicts without one after which it ends."""
_LAST_LOOK = 10.0
"""Seconds for the last look at a resource whose operation went wrong."""


@dataclass(frozen=True)
class Target:
    """A resource and who works on it.

    Attributes:
        row: Required. Its type.
        urn: Required. Its name in the stack.
        id: Required. Its ARM id.
        session: Required. The engine's.
        timeout: Optional. Seconds; 0 is the default of two hours.
    """

    row: ResourceType
    urn: str
    id: str
    session: Session
    timeout: float = 0.0


class Lifecycle:
    """Works on resources through ARM, and remembers nothing: an interrupted create is not resumed."""

    def __init__(self, arm: ArmClient) -> None:
        self._arm = arm

    async def create(self, target: Target, inputs: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """Make the resource; its id as Azure spells it, and its state.

        Raises:
            UnfinishedError: it exists, but did not come up.
            ProviderError: it exists already, or ARM refused it.
        """
        row = target.row
        body = _body(target, inputs)
        for path in row.shared:
            if shapes.find(body, path) is None:
                shapes.place(body, path, [])
        if await self._arm.exists(target.session, target.id, row.api_version):
            raise ProviderError(f"cannot create already existing resource '{target.id}'")
        if row.in_vault:
            current = await self._create_in_vault(target, inputs, body)
        else:
            current = await self._write(target, inputs, body)
        return current.get("id", target.id), row.outputs(current)

    async def update(
        self, target: Target, inputs: dict[str, Any], previous: Mapping[str, Any], state: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Write the resource in full; its new state.

        Args:
            target: Required.
            inputs: Required. The program's.
            previous: Required. Those of the last deployment.
            state: Required. Of the last deployment.

        Raises:
            UnfinishedError: ARM took the change, but it did not come up.
            ProviderError: ARM refused it.
        """
        restored = {name: value for name, value in target.row.defaults.items() if name in state and name not in inputs}
        body = _body(target, {**inputs, **restored}, previous)
        if missing := [path for path in target.row.shared if shapes.find(body, path) is None]:
            current = await self._get(target)
            for path in missing:
                if (value := shapes.find(current, path)) is not None:
                    shapes.place(body, path, value)
        return target.row.outputs(await self._write(target, inputs, body))

    async def read(
        self, target: Target, inputs: Mapping[str, Any], state: Mapping[str, Any]
    ) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """The resource's inputs and state as Azure has them now; None when it is gone.

        Args:
            target: Required.
            inputs: Required. The last known; empty for an import, which derives them from the id and the state.
            state: Required. The last known.
        """
        try:
            outputs = target.row.outputs(await self._get(target))
        except ArmError as error:
            if error.gone:
                return None
            raise
        row = target.row
        if not inputs:
            return row.inputs_of(target.id, outputs), outputs
        if not state:
            return dict(inputs), outputs
        old, new = row.shape.inputs(state), row.shape.inputs(outputs)
        for path in row.shared_inputs:
            if shapes.find(inputs, path) is None:
                for projection in (old, new):
                    shapes.remove(projection, path)
        return differ.drifted(inputs, old, new), outputs

    async def delete(self, target: Target) -> None:
        """Delete the resource; one that is gone is fine. Raises ArmError, and ValueError for an id of another type."""
        async with _time_limit(target):
            if target.row.in_vault:
                vault, name = _place_in_vault(target)
                await self._arm.call_vault(target.session, "DELETE", vault, f"{target.row.in_vault}/{name}")
            else:
                await self._arm.delete(target.session, target.id, target.row.api_version)

    async def _create_in_vault(
        self, target: Target, inputs: Mapping[str, Any], body: Mapping[str, Any]
    ) -> dict[str, Any]:
        """PUT a key or a secret; one that is soft-deleted is recovered first. ARM's answer is not read again."""
        arm, session, version = self._arm, target.session, target.row.api_version
        conflicts = 0
        async with _time_limit(replace(target, timeout=_RECOVERY)):
            while True:
                try:
                    return await arm.write(session, target.id, version, body, lambda: None)
                except ArmError as error:
                    if error.status != HTTPStatus.CONFLICT:
                        raise
                    conflicts = 0 if await self._recover(target) else conflicts + 1
                    if conflicts == _CONFLICTS:
                        raise
                await arm.wait(session, _RECOVERY_POLL)

    async def _recover(self, target: Target) -> bool:
        vault, name = _place_in_vault(target)
        path = f"deleted{target.row.in_vault}/{name}"
        try:
            deleted = await self._arm.call_vault(target.session, "GET", vault, path)
        except VaultError:
            return False  # azure-native takes it for absent, and tries again
        if not deleted or not deleted.get("recoveryId"):
            return False
        await self._arm.call_vault(target.session, "POST", vault, f"{path}/recover")
        return True

    async def _write(self, target: Target, inputs: Mapping[str, Any], body: Mapping[str, Any]) -> dict[str, Any]:
        """Write, wait, and look: ARM's answer to the GET afterwards is what a refresh will see."""
        taken = False

        def accepted() -> None:
            nonlocal taken
            taken = True

        try:
            async with _time_limit(target):
                written = await self._arm.write(target.session, target.id, target.row.api_version, body, accepted)
        except ProviderError as error:
            if taken:
                raise await self._unfinished(target, inputs, error) from None
            raise
        try:
            return await self._get(target)
        except ProviderError:
            await target.session.warn(target.urn, "Failed to read resource after it was written.")
            return written

    async def _unfinished(self, target: Target, inputs: Mapping[str, Any], error: ProviderError) -> UnfinishedError:
        """What is left of an operation that ARM took and that did not end well."""
        resource_id, state = target.id, encode({})
        bystander = Session(target.session.credential, target.session.subscription)  # looks on after a cancellation
        try:
            async with asyncio.timeout(_LAST_LOOK):
                current = await self._get(replace(target, session=bystander))
            resource_id, state = current.get("id", target.id), encode(target.row.outputs(current))
            reason = str(error)
        except (ProviderError, TimeoutError) as unread:
            reason = f"resource created but read failed {unread}: {error}"
        return UnfinishedError(reason, resource_id, state, encode(inputs))

    async def _get(self, target: Target) -> dict[str, Any]:
        return await self._arm.get(target.session, target.id, target.row.api_version)


def _body(target: Target, inputs: Mapping[str, Any], previous: Mapping[str, Any] | None = None) -> dict[str, Any]:
    body = target.row.body(inputs, previous)
    if has_unknowns(body):
        raise ProviderError(f"{target.urn}: an input is not known yet; a resource is created from known values only")
    return body


def _place_in_vault(target: Target) -> tuple[str, str]:
    """Names of the vault and of the key or secret. Raises ValueError for an id of another type."""
    named = target.row.inputs_of(target.id, {})
    return named["vaultName"], named[target.row.name_input]


@asynccontextmanager
async def _time_limit(target: Target) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(target.timeout or _TIMEOUT):
            yield
    except TimeoutError:
        raise ProviderError("operation timed out") from None
