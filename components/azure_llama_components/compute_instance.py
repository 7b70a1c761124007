"""A compute instance for development in the workspace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pulumi import ComponentResource, Resource, ResourceOptions
from pulumi_azure_native import machinelearningservices as ml

from azure_llama_components import in_place
from azure_llama_components.placement import waits_for

_PROPERTIES = ("properties", "properties")
FIXED = in_place.Fixed(
    what="compute instance",
    properties={
        "vmSize": in_place.at(*_PROPERTIES, "vmSize"),
        "publicIp": in_place.at(*_PROPERTIES, "enableNodePublicIp", default=True),
        "assignedUser": in_place.at(*_PROPERTIES, "personalComputeInstanceSettings", "assignedUser", "objectId"),
    },
    recipe="Make one under another name, then remove this one.",
)
SHORTEST_IDLE, LONGEST_IDLE = 15, 4320
"""Minutes."""


@dataclass(frozen=True, kw_only=True)
class AssignedUser:
    """Whose compute instance it is.

    Attributes:
        object_id: Required. The user's object id in Entra ID.
        tenant_id: Required. The directory's id.
    """

    object_id: str
    tenant_id: str


@dataclass(frozen=True, kw_only=True)
class ComputeInstanceArgs:
    """Arguments of a compute instance.

    Attributes:
        name: Required. 3-24 letters, digits and dashes, beginning with a letter, not ending with a dash and digits.
        resource_group_name: Required.
        workspace_name: Required. The workspace that it is in; its hub's, for a project.
        location: Required. ARM name of the workspace's region.
        vm_size: Required. Any size of virtual machine that Azure ML has there. Azure does not change it later.
        idle_minutes: Optional. 15-4320 minutes without work before it shuts down.
        assigned_user: Optional. Whose it is; who deploys the stack when None. Azure does not change it later.
        public_ip: Optional. Whether it has a public address; without one the workspace needs a managed network.
        workspace: Optional. The workspace (the hub, for a project), where this program creates it: the instance is then
            deleted together with it. azure-native cannot delete an instance by itself, because Azure requires a query
            parameter; run `az ml compute delete` first where this is None.
        tags: Optional.
    """

    name: str
    resource_group_name: str
    workspace_name: str
    location: str
    vm_size: str
    idle_minutes: int = 60
    assigned_user: AssignedUser | None = None
    public_ip: bool = False
    workspace: Resource | None = None
    tags: Mapping[str, str] = field(default_factory=dict)


class ComputeInstance(ComponentResource):
    """A compute instance for one person, without SSH, that shuts down when idle.

    Another size, user or address is another instance, under another name: an edit is refused in the preview.

    Attributes:
        resource: The instance itself.
        outputs: name, vmSize, idleMinutes.
    """

    def __init__(self, name: str, args: ComputeInstanceArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("azure-llama:index:ComputeInstance", name, {}, opts)
        if not SHORTEST_IDLE <= args.idle_minutes <= LONGEST_IDLE:
            raise ValueError(f"idle_minutes is {args.idle_minutes}; Azure takes {SHORTEST_IDLE} to {LONGEST_IDLE}")
        user = args.assigned_user
        self.resource = ml.Compute(
            name,
            compute_name=args.name,
            resource_group_name=args.resource_group_name,
            workspace_name=args.workspace_name,
            location=args.location,
            tags=dict(args.tags),
            properties=ml.ComputeInstanceArgs(
                compute_type="ComputeInstance",
                properties=ml.ComputeInstancePropertiesArgs(
                    vm_size=args.vm_size,
                    idle_time_before_shutdown=f"PT{args.idle_minutes}M",
                    application_sharing_policy=ml.ApplicationSharingPolicy.PERSONAL,
                    enable_node_public_ip=args.public_ip,
                    ssh_settings=ml.ComputeInstanceSshSettingsArgs(ssh_public_access=ml.SshPublicAccess.DISABLED),
                    personal_compute_instance_settings=ml.PersonalComputeInstanceSettingsArgs(
                        assigned_user=ml.AssignedUserArgs(object_id=user.object_id, tenant_id=user.tenant_id)
                    )
                    if user
                    else None,
                ),
            ),
            opts=ResourceOptions(
                parent=self,
                depends_on=waits_for(opts),
                delete_before_replace=False,
                deleted_with=args.workspace,
                hooks=FIXED.hook(f"{name}-keeps"),
            ),
        )
        self.outputs: dict[str, Any] = {"name": args.name, "vmSize": args.vm_size, "idleMinutes": args.idle_minutes}
        self.register_outputs(self.outputs)
