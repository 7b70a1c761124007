"""workspaces/computes: compute instances, the only emulated type of compute (contract 2025-12-01)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, Literal

from pydantic import Field

from azure_llama.catalog import names
from azure_llama_sandbox.arm import durations, operations
from azure_llama_sandbox.arm.calls import Answer, Call, timestamp
from azure_llama_sandbox.arm.contract import ABSENT, Identity, Sku, Strict, Tagged
from azure_llama_sandbox.arm.errors import ArmError, conflict, user_error
from azure_llama_sandbox.arm.kinds import Action, Body, Style, identity_of
from azure_llama_sandbox.arm.machine_learning import managed_network, recorded, regional_limits, sizes
from azure_llama_sandbox.arm.machine_learning.common import COMPUTE, Child, ready_workspace, same_region, with_default
from azure_llama_sandbox.arm.machine_learning.iso8601 import seconds_of
from azure_llama_sandbox.store import Operation, Resource
from azure_llama_sandbox.world import SUBSCRIPTION, TENANT, World

_IDLE_LEAST, _IDLE_MOST = 15 * 60, 3 * 86_400
_STATES = {"start": ("Starting", "Running"), "stop": ("Stopping", "Stopped"), "restart": ("Restarting", "Running")}


class AssignedUser(Strict):
    """`personalComputeInstanceSettings.assignedUser`."""

    object_id: str
    tenant_id: str


class PersonalSettings(Strict):
    """`personalComputeInstanceSettings`."""

    assigned_user: AssignedUser = ABSENT


class SshSettings(Strict):
    """`sshSettings`."""

    admin_public_key: str = ABSENT
    ssh_public_access: str = ABSENT


class Subnet(Strict):
    """`subnet`."""

    id: str


class InstanceProperties(Strict):
    """`properties.properties`; what runs on the instance (services, scripts, schedules) is looked at no further."""

    application_sharing_policy: str = ABSENT
    compute_instance_authorization_type: str = ABSENT
    custom_services: list[dict[str, Any]] = ABSENT
    enable_node_public_ip: bool = ABSENT
    enable_sso: bool = Field(ABSENT, alias="enableSSO")
    idle_time_before_shutdown: str = ABSENT
    personal_compute_instance_settings: PersonalSettings = ABSENT
    schedules: dict[str, Any] = ABSENT
    setup_scripts: dict[str, Any] = ABSENT
    ssh_settings: SshSettings = ABSENT
    subnet: Subnet = ABSENT
    vm_size: str = ABSENT


class ComputeProperties(Strict):
    """`properties`."""

    compute_type: Literal["ComputeInstance"]
    compute_location: str = ABSENT
    description: str = ABSENT
    disable_local_auth: bool = ABSENT
    properties: InstanceProperties = ABSENT
    resource_id: str = ABSENT


class ComputeBody(Tagged):
    """A compute's PUT."""

    identity: Identity = ABSENT
    location: str = ABSENT
    properties: ComputeProperties
    sku: Sku = ABSENT


class Compute(Child):
    """A compute instance: a virtual machine to work on, which takes quota as long as it exists."""

    type = COMPUTE
    contract = ComputeBody
    names = names.COMPUTE
    put = Style.ASYNC
    patchable = frozenset()

    @property
    def actions(self) -> Mapping[str, Action]:
        """Power."""
        return {action: _power(action) for action in _STATES}

    def build(self, call: Call, existing: Resource | None) -> Resource:
        """The instance."""
        workspace = ready_workspace(call)
        region: str = workspace.body["location"]
        if call.body.get("location"):
            same_region(call, workspace)
        given = call.properties
        asked: Body = given.get("properties") or {}
        _check(asked, region)
        if existing is None:
            regional_limits.check(call, COMPUTE, region)
            _check_quota(call, asked["vmSize"], region)
        elif asked["vmSize"].lower() != existing.properties["properties"]["vmSize"].lower():
            raise _refuse(
                f"'properties.properties.vmSize' of the compute '{existing.name}' cannot be changed. Make another one.",
                region,
                "properties.properties.vmSize",
            )
        before = existing.properties if existing else {}
        compute = self.new(
            call,
            existing,
            {
                "disableLocalAuth": False,
                "provisioningWarnings": {},
                **given,
                "computeLocation": given.get("computeLocation") or region,
                "properties": _instance(call, asked, before),
                "isAttachedCompute": False,
                "createdOn": before.get("createdOn", timestamp(call.now)),
                "modifiedOn": timestamp(call.now),
            },
            identity=identity_of(call.body, existing) or (existing.body.get("identity") if existing else None),
            sku=call.body.get("sku"),
        )
        compute.body["location"] = region
        return compute

    def show(self, world: World, resource: Resource) -> Body:
        """The instance: much of it is null until it runs."""
        no_tags: Body = {}
        instance: Body = recorded.INSTANCE_NULLS | resource.properties["properties"]
        properties: Body = {"description": None, "resourceId": None, "provisioningErrors": None} | resource.properties
        if instance["state"] == "Creating":
            instance |= recorded.INSTANCE_WHILE_CREATING
            properties["provisioningWarnings"] = None
            no_tags = {"tags": resource.body["tags"] or None}
        else:
            host = f"https://{resource.name}.{resource.body['location']}.instances.azureml.ms"
            links = {"Jupyter": f"{host}/tree/", "Jupyter Lab": f"{host}/lab"}
            instance["applications"] = [{"displayName": name, "endpointUri": uri} for name, uri in links.items()]
            instance |= {"connectivityEndpoints": recorded.ADDRESSES, "osImageMetadata": recorded.IMAGE}
        return resource.body | no_tags | {"properties": properties | {"properties": instance}}

    def finished(self, world: World, resource: Resource) -> None:
        """It runs; the first compute brings the managed network up."""
        instance = resource.properties["properties"]
        if instance["state"] == "Creating":
            instance["state"] = "Running"
            instance["lastOperation"] = {
                "operationName": "Create",
                "operationTime": resource.properties["createdOn"],
                "operationStatus": "Succeeded",
                "operationTrigger": "User",
            }
            resource.body.setdefault("identity", identity_of({"identity": {"type": "SystemAssigned"}}, None))
            workspace = world.store.get(resource.id.rsplit("/", 2)[0])
            if workspace is not None:
                managed_network.activate(world, workspace)

    def check_delete(self, call: Call, resource: Resource) -> None:
        """The caller must state `underlyingResourceAction`, unless the conditions make Azure assume Delete."""
        if not call.world.conditions().computes.require_action:
            return
        action = call.query.get("underlyingresourceaction", "")
        if action.lower() not in ("delete", "detach"):
            raise user_error(
                f"The query parameter 'underlyingResourceAction' is required: Delete or Detach. It is '{action}'.",
                "BadArgument",
                location=resource.body["location"],
                target="underlyingResourceAction",
            )

    def deleting(self, resource: Resource) -> None:
        """Its own state says so too."""
        resource.properties["properties"]["state"] = "Deleting"


def _instance(call: Call, given: Body, before: Body) -> Body:
    """The virtual machine's own properties, with Azure's defaults."""
    return {
        **recorded.INSTANCE,
        **given,
        "vmSize": given["vmSize"].upper(),
        "sshSettings": recorded.SSH | (given.get("sshSettings") or {}),
        "state": before.get("properties", {}).get("state", "Creating"),
        "createdBy": {"userOrgId": TENANT, "userId": call.principal.object_id},
        "errors": [],
        "versions": {"runtime": "sandbox"},
    }


def _refuse(message: str, region: str, target: str) -> ArmError:
    return user_error(message, "BadArgument", location=region, target=target)


def _check(asked: Body, region: str) -> None:
    path = "properties.properties"
    if not asked.get("vmSize"):
        raise _refuse(f"A compute instance needs '{path}.vmSize'.", region, f"{path}.vmSize")
    with_default(asked, "applicationSharingPolicy", f"{path}.applicationSharingPolicy", ("Shared", "Personal"))
    with_default(asked, "computeInstanceAuthorizationType", f"{path}.computeInstanceAuthorizationType", ("personal",))
    ssh: Body = asked.get("sshSettings") or {}
    access = with_default(ssh, "sshPublicAccess", f"{path}.sshSettings.sshPublicAccess", ("Disabled", "Enabled"))
    if access == "Enabled" and not ssh.get("adminPublicKey"):
        raise _refuse(
            f"'{path}.sshSettings.sshPublicAccess' is Enabled: give '{path}.sshSettings.adminPublicKey'.",
            region,
            f"{path}.sshSettings.adminPublicKey",
        )
    idle = asked.get("idleTimeBeforeShutdown")
    where = f"{path}.idleTimeBeforeShutdown"
    if idle is not None and not _IDLE_LEAST <= seconds_of(idle, where, region) <= _IDLE_MOST:
        raise _refuse(f"'{where}' is {idle}; it is 15 minutes (PT15M) to 3 days (P3D).", region, where)


def _check_quota(call: Call, vm_size: str, region: str) -> None:
    """The inner code of the refusal is the sandbox's: Azure's own is unknown."""
    size = sizes.find_size(vm_size, region, call.world)
    if size is None:
        raise _refuse(
            f"The VM size '{vm_size}' is not offered for compute instances in {region}.",
            region,
            "properties.properties.vmSize",
        )
    used = sizes.usage(call.store, region, without=call.id.text)
    for family in (size.family, sizes.TOTAL):
        limit = sizes.limit(call.store, region, family)
        if used[family] + size.vcpus > limit:
            raise user_error(
                f"Not enough quota for {size.name} in the subscription {SUBSCRIPTION}. Current usage/limit:"
                f" {used[family]}/{limit} ({sizes.words(family)}). Additional needed: {size.vcpus}.",
                "OutOfQuota",
                location=region,
                target="properties.properties.vmSize",
            )


def _power(action: str) -> Callable[[Call, Resource], Answer]:
    during, after = _STATES[action]

    def act(call: Call, compute: Resource) -> Answer:
        for running in operations.running(call, compute.id):
            raise conflict(running.id, compute.id)
        compute.properties["properties"]["state"] = during
        call.store.put(compute)
        operation = operations.begin(
            call,
            COMPUTE,
            compute.id,
            "POST",
            location=compute.body["location"],
            seconds=durations.POWER,
            detail={"do": "power", "state": after},
        )
        call.store.put_operation(operation)
        return Answer(HTTPStatus.ACCEPTED, None, operations.location_header(call, operation), operation.id)

    return act


def finish_power(world: World, operation: Operation) -> None:
    """The end of it."""
    compute = world.store.get(operation.key)
    if compute is not None:
        compute.properties["properties"]["state"] = operation.detail["state"]
        world.store.put(compute)
    operations.finish(world, operation)
