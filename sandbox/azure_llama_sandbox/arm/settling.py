"""Completes due operations in the store."""

from __future__ import annotations

from collections.abc import Callable

from azure_llama_sandbox.arm import key_vault, operations, templates, verbs
from azure_llama_sandbox.arm.machine_learning import common, computes, managed_network, shared_quota
from azure_llama_sandbox.arm.monitor import autoscale
from azure_llama_sandbox.store import Operation
from azure_llama_sandbox.world import World


def _advance(world: World, operation: Operation) -> None:
    templates.advance(world, operation, operation.ends)


_ENDINGS: dict[str, Callable[[World, Operation], None]] = {
    "put": verbs.finish_put,
    "delete": verbs.finish_delete,
    "purge": key_vault.finish_purge,
    "regenerate": common.finish_regenerate,
    "power": computes.finish_power,
    "provision": managed_network.finish_provision,
    "template": _advance,
}


def settle(world: World) -> None:
    """Apply what was due by now, in the order in which it was due.

    Called before anything is read, by ARM and by the inference hosts. Nothing runs in between, so that a sandbox that
    was killed comes back as one that was only slow to answer.
    """
    while due := world.store.open_operations(ended_by=world.clock.now()):
        with world.store.transaction():
            _ENDINGS[due[0].detail["do"]](world, due[0])
    for endpoint in shared_quota.expired(world):
        with world.store.transaction():
            operations.cancel(world, endpoint.id, world.clock.now(), spare="")
            verbs.forget(world, endpoint, world.clock.now())
    for deployment in autoscale.scale(world):
        world.store.put(deployment)
