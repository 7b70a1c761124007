"""Deletes compute instances that are no longer part of the stack, through ARM.

Azure ML deletes a compute only with the query parameter `underlyingResourceAction`, which azure-native does not send.
When the stack deletes the workspace, its instances are deleted with it. When an instance is removed from the YAML, the
workspace's component is updated, and the hook of that update deletes the instance; azure-native then finds it gone.
A hook on the instance itself would make the engine refuse `pulumi destroy` without `--run-program`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from pulumi import ResourceHook, ResourceHookArgs, ResourceHookBinding, RunError

from azure_llama_components.azure_calls import arm_client

if TYPE_CHECKING:
    from azure_llama.arm import ArmClient, ArmError

INSTANCES: Final = "computeInstances"
"""The component's input: names of its instances; absent when there are none."""


def removal_hook(
    name: str, workspace_id: Callable[[], str], connect: Callable[[], ArmClient] | None = None
) -> ResourceHookBinding:
    """The hook that deletes the instances that an update of the component removes.

    Args:
        name: Required. Name of the hook, unique in the stack.
        workspace_id: Required. ARM id of the workspace that holds them, once it is known.
        connect: Optional. Makes the client of ARM; by default one that signs in as azure-native does.
    """

    async def delete_removed(change: ResourceHookArgs) -> None:
        for instance in removed(change.old_inputs, change.new_inputs):
            await delete_compute(f"{workspace_id()}/computes/{instance}", connect or arm_client)

    return ResourceHookBinding(before_update=[ResourceHook(name, delete_removed)])


def removed(old: Any, new: Any) -> list[str]:
    """Names of the instances in a component's old inputs that its new inputs do not have."""
    remaining = {str(name).casefold() for name in (new or {}).get(INSTANCES) or ()}
    return [str(name) for name in (old or {}).get(INSTANCES) or () if str(name).casefold() not in remaining]


async def delete_compute(compute_id: str, connect: Callable[[], ArmClient]) -> None:
    """Delete a compute with its machine, and wait until it is gone.

    Raises:
        RunError: it still exists. The text has the command that deletes it.
    """
    # Only a removal needs the client and its libraries.
    from azure_llama.arm import ArmError, NotFoundError, versions

    try:
        async with connect() as arm:
            await arm.change("DELETE", compute_id, versions.MACHINE_LEARNING, underlyingResourceAction="Delete")
    except NotFoundError:
        return
    except ArmError as error:
        raise RunError(_refusal(compute_id, error)) from error


def _refusal(compute_id: str, error: ArmError) -> str:
    parts = compute_id.split("/")
    command = (
        f"az ml compute delete --name {parts[-1]} --workspace-name {parts[-3]} --resource-group {parts[4]}"
        f" --subscription {parts[2]} --yes"
    )
    return (
        f"compute instance {parts[-1]!r} was removed from the stack and cannot be deleted: {str(error).rstrip('.')}."
        f" It is still billed. Run `{command}`, then `pulumi up`."
    )
