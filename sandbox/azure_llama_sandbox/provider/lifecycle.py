"""Create, read, update and delete: a resource's inputs turned into ARM requests, ARM's answers into its state."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

from azure_llama_sandbox.provider import differ, shapes
from azure_llama_sandbox.provider.arm_client import ArmClient, ended
from azure_llama_sandbox.provider.errors import ArmError, ProviderError, UnfinishedError
from azure_llama_sandbox.provider.resource_type import ResourceType
from azure_llama_sandbox.provider.sessions import Session
from azure_llama_sandbox.provider.values import encode, has_unknowns
from azure_llama_sandbox.store import Store

_TIMEOUT = 7200.0
"""Seconds an operation may take when the program sets no custom timeout; azure-native's own default."""
_SETTLING = 0.5
"""Seconds between looks at a resource that an interrupted deployment left unfinished."""
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
    """Works on resources through ARM.

    Creates are entered in the store's journal, so that one whose engine or sandbox died half-way can be told from a
    resource that somebody else made: azure-native cannot, and refuses both.
    """

    def __init__(self, arm: ArmClient, store: Store) -> None:
        self._arm = arm
        self._store = store

    async def create(self, target: Target, inputs: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """Make the resource; its id as Azure spells it, and its state.

        Raises:
            UnfinishedError: it exists, but did not come up.
            ProviderError: it exists already, or ARM refused it.
        """
        body = self._body(target, inputs)
        for path in target.row.shared:
            if shapes.find(body, path) is None:
                shapes.place(body, path, [])
        resumed = await self._arm.exists(target.session, target.id, target.row.api_version)
        if resumed:
            if not self._store.interrupted_create(target.urn, target.id):
                raise ProviderError(f"cannot create already existing resource '{target.id}'")
            await target.session.warn(
                target.urn,
                f"'{target.id}' was left by a deployment that was interrupted, so the sandbox goes on with it. On "
                "Azure, azure-native would say that it cannot create an already existing resource; there, "
                f"`pulumi import azure-native:{target.row.pulumi_type} {target.urn.rsplit('::', 1)[-1]} {target.id}` "
                "brings it into the stack.",
            )
        self._store.begin_create(target.urn, target.id, time.time())
        try:
            current = await self._in_place(target, inputs) if resumed else None
            if current is None:
                current = await self._write(target, inputs, body)
        except ArmError as error:
            if not resumed and error.status < 500:
                self._store.end_create(target.urn)  # refused: nothing was made
            raise
        except UnfinishedError:
            target.session.answered.add(target.urn)
            raise
        target.session.answered.add(target.urn)
        return current.get("id", target.id), target.row.outputs(current)

    async def update(self, target: Target, inputs: dict[str, Any], state: Mapping[str, Any]) -> dict[str, Any]:
        """Write the resource in full; its new state.

        Raises:
            UnfinishedError: ARM took the change, but it did not come up.
            ProviderError: ARM refused it.
        """
        self.known(target.urn, target.id)
        restored = {name: value for name, value in target.row.defaults.items() if name in state and name not in inputs}
        body = self._body(target, {**inputs, **restored})
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
        self.known(target.urn, target.id)
        try:
            outputs = target.row.outputs(await self._get(target))
        except ArmError as error:
            if error.not_found:
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
        self.known(target.urn, target.id)
        query = {"api-version": target.row.api_version, **target.row.delete_query}
        async with _time_limit(target):
            if collection := target.row.deleted_in_vault:
                named = target.row.inputs_of(target.id, {})
                await self._arm.delete_in_vault(
                    target.session, named["vaultName"], collection, named[target.row.name_input]
                )
                return
            await self._arm.delete(target.session, target.id, query)

    def known(self, urn: str, resource_id: str) -> None:
        """The engine has the resource in its state: its create is no longer in doubt."""
        if self._store.interrupted_create(urn, resource_id):
            self._store.end_create(urn)

    def saved(self, session: Session) -> None:
        """The engine says goodbye, so it has written down all that it was answered."""
        for urn in session.answered:
            self._store.end_create(urn)
        session.answered.clear()

    def _body(self, target: Target, inputs: Mapping[str, Any]) -> dict[str, Any]:
        body = target.row.body(inputs)
        if has_unknowns(body):
            raise ProviderError(
                f"{target.urn}: an input is not known yet; a resource is created from known values only"
            )
        return body

    async def _write(self, target: Target, inputs: Mapping[str, Any], body: Mapping[str, Any]) -> dict[str, Any]:
        """PUT, wait, and look: ARM's answer to the GET afterwards is what a refresh will see."""
        taken = False

        def accepted() -> None:
            nonlocal taken
            taken = True

        try:
            async with _time_limit(target):
                await self._arm.put(target.session, target.id, target.row.api_version, body, accepted)
                return await self._get(target)
        except ProviderError as error:
            if taken:
                raise await self._unfinished(target, inputs, error) from None
            raise

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
            reason = f"{error}; resource created but read failed: {unread}"
        return UnfinishedError(reason, resource_id, state, encode(inputs))

    async def _get(self, target: Target) -> dict[str, Any]:
        return await self._arm.get(target.session, target.id, target.row.api_version)

    async def _in_place(self, target: Target, inputs: Mapping[str, Any]) -> dict[str, Any] | None:
        """What an interrupted create left behind, once it has settled, if it is just what is asked for."""
        row = target.row
        async with _time_limit(target):
            while True:
                try:
                    current = await self._get(target)
                except ArmError as error:
                    if error.not_found:
                        return None
                    raise
                if verdict := ended(current):
                    break
                await target.session.pause(_SETTLING)
        wanted = {name: value for name, value in inputs.items() if name not in row.path_inputs}
        if verdict == "bad" or row.shape.write_only(wanted):
            return None
        covered = differ.covers(row.shape.inputs(row.outputs(current)), row.shape.inputs(wanted))
        return current if covered else None


@asynccontextmanager
async def _time_limit(target: Target) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(target.timeout or _TIMEOUT):
            yield
    except TimeoutError:
        raise ProviderError("operation timed out") from None
