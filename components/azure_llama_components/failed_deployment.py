"""Handles failed deployments: explains a failure, and deletes a failed deployment before its update.

What a deployment runs is never changed while it has traffic (`in_place`). A failed deployment keeps its name and its
quota, and `pulumi up` updates it before all resources that depend on it. So the hook of its update reads it from ARM: a
failed deployment without traffic is deleted, and the update then creates it as the program states it. The hook of its
error adds the meaning of the code and the fix to Azure's message.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pulumi
from pulumi import ErrorHook, ErrorHookArgs, ResourceHook, ResourceHookArgs, ResourceHookBinding, ResourceHookOptions

from azure_llama.catalog.deployment_failures import DeploymentFailure, find_failure
from azure_llama_components import in_place
from azure_llama_components.azure_calls import arm_client

if TYPE_CHECKING:
    from azure_llama.arm import ArmClient

Connect = Callable[[], "ArmClient"]
FAILED: Final = ("Failed", "Canceled")
"""States of a deployment that came to nothing."""


@dataclass(frozen=True)
class Condition:
    """Azure's report about a deployment.

    Attributes:
        state: Its `provisioningState`.
        traffic: Percentage of the endpoint's requests that it answers, or gets a copy of.
    """

    state: str
    traffic: int

    @property
    def is_dead(self) -> bool:
        """Whether it failed, and nothing is lost with it."""
        return self.state in FAILED and not self.traffic


@dataclass(frozen=True, kw_only=True)
class UnlessFailed(in_place.Fixed):
    """The immutable properties of a deployment, unless it failed and has no traffic."""

    def hook(
        self, name: str, stated: Mapping[str, Any] | None = None, connect: Connect | None = None
    ) -> ResourceHookBinding:
        """The check of every update of a deployment, in previews too.

        Args:
            name: Required. Name of the hook: unique in the stack.
            stated: Optional. As for `Fixed.hook`.
            connect: Optional. Makes the client of ARM; by default one that signs in as azure-native does.
        """

        # A hook is called outside the program's context, which alone knows this.
        preview = pulumi.runtime.is_dry_run()

        async def check(change: ResourceHookArgs) -> None:
            try:
                await self.check_opened(change, stated)
            except ValueError as refusal:
                await make_room(change.id, str(refusal), connect or arm_client, preview=preview)

        before = ResourceHook(name, check, ResourceHookOptions(on_dry_run=True))
        return ResourceHookBinding(before_update=[before], on_error=[ErrorHook(f"{name}-explains", explain)])


def explain(failure: ErrorHookArgs) -> bool:
    """Log what an error of a deployment means and what to change; never try again."""
    found = find_failure(" ".join(failure.errors[:1])) if failure.failed_operation in ("create", "update") else None
    if found is not None:
        pulumi.log.warn(f"deployment {failure.name!r}: {explanation(found, failure.new_inputs or {})}")
    return False


def explanation(failure: DeploymentFailure, inputs: Mapping[str, Any]) -> str:
    """The meaning of a failure, the command that shows details, and the remediation.

    Args:
        failure: Required. What Azure's code stands for.
        inputs: Required. The deployment's inputs, by their wire names.
    """
    name = f"{inputs.get('endpointName')}/{inputs.get('deploymentName')}"
    log = f" The log: `azure-llama logs {name} --container {failure.container}`." if failure.container else ""
    return (
        f"{failure.code}: {failure.cause}{log} {failure.remedy} A deployment that failed and has no traffic may change"
        " all its settings under its name, its `vmSize` too; then run `pulumi up`."
    )


async def make_room(deployment_id: str, refusal: str, connect: Connect, *, preview: bool) -> None:
    """Delete a deployment that failed and has no traffic; in a preview only find out whether it would be deleted.

    Args:
        deployment_id: Required. Its ARM id.
        refusal: Required. Why the update is refused otherwise.
        connect: Required. Makes the client of ARM.
        preview: Required. Whether nothing is to be changed.

    Raises:
        ValueError: it serves, or Azure cannot be asked or refuses. The text has what to do.
    """
    # Only a refused update needs the client and its libraries.
    from azure_llama.arm import ArmError, NotFoundError, versions

    try:
        async with connect() as arm:
            found = await _condition(arm, deployment_id)
            if found is not None and found.is_dead and not preview:
                await arm.change("DELETE", deployment_id, versions.MACHINE_LEARNING)
    except NotFoundError:
        return
    except ArmError as error:
        raise ValueError(f"{refusal} {_unread(deployment_id, str(error).rstrip('.'))}") from error
    if found is not None and not found.is_dead:
        raise ValueError(f"{refusal}{_dead_with_traffic(found)}")


async def _condition(arm: ArmClient, deployment_id: str) -> Condition | None:
    """What Azure says of a deployment; None when there is none."""
    from azure_llama.arm import NotFoundError, versions

    endpoint_id, _, name = deployment_id.rpartition("/deployments/")
    try:
        deployment = await arm.get(deployment_id, versions.MACHINE_LEARNING)
    except NotFoundError:
        return None
    endpoint = (await arm.get(endpoint_id, versions.MACHINE_LEARNING)).get("properties") or {}
    traffic = max(int((endpoint.get(key) or {}).get(name) or 0) for key in ("traffic", "mirrorTraffic"))
    return Condition(str((deployment.get("properties") or {}).get("provisioningState")), traffic)


def _dead_with_traffic(found: Condition) -> str:
    if found.state not in FAILED:
        return ""
    return (
        f" Azure says that it is {found.state} and has {found.traffic} % of the traffic: make both edits in one `pulumi"
        " up`, so that it is removed instead of tried again."
    )


def _unread(deployment_id: str, reason: str) -> str:
    parts = deployment_id.split("/")
    command = (
        f"az ml online-deployment delete --name {parts[-1]} --endpoint-name {parts[-3]} --workspace-name {parts[-5]}"
        f" --resource-group {parts[4]} --subscription {parts[2]} --yes"
    )
    return (
        "Only a deployment that failed and has no traffic is created anew under its name, and Azure cannot be asked"
        f" for that: {reason}. If it failed, run `{command}`, then `pulumi up --refresh`."
    )
