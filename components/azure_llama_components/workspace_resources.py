"""The hub, project or Default workspace of a `Workspace` component, and what comes after each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pulumi import Input, Resource, ResourceOptions
from pulumi_azure_native import machinelearningservices as ml

from azure_llama_components import dependencies, in_place
from azure_llama_components.build import Build
from azure_llama_components.compute_instance import ComputeInstance, ComputeInstanceArgs
from azure_llama_components.diagnostics import diagnose
from azure_llama_components.foundation import Foundation
from azure_llama_components.identity import give_data, give_roles, workspace_identity
from azure_llama_components.network import managed_network, outbound_rules
from azure_llama_components.private_endpoint import PrivateEndpoint, PrivateEndpointArgs
from azure_llama_components.workspace_args import WORKSPACE

FIXED = in_place.Fixed(
    what="workspace",
    properties={
        "kind": in_place.at("kind", default="Default"),
        "hub": in_place.at("hubResourceId"),
        # A project has its hub's.
        "names.storageAccount": in_place.at("storageAccount", inherited=True),
        "names.keyVault": in_place.at("keyVault", inherited=True),
        "encryption": in_place.at("encryption", "keyVaultProperties", "keyVaultArmId"),
        "network.isolationMode": in_place.at("managedNetwork", "isolationMode", default="Disabled", may_be_set=True),
    },
    recipe="Give the workspace another name too: a new one is then made before this one is deleted.",
)


@dataclass(frozen=True, kw_only=True)
class Created:
    """A workspace that has been created.

    Attributes:
        resource: The workspace itself.
        ready: What comes after it, and has to be there before endpoints are: roles, outbound rules, private endpoint.
    """

    resource: ml.Workspace
    ready: list[Resource]


@dataclass(frozen=True)
class _Identifiers:
    """One workspace resource: its logical name, its name in Azure, and its kind."""

    logical: str
    name: str
    kind: str


def create_workspace(build: Build, foundation: Foundation | None) -> Created:
    """Create the workspace to put endpoints into, with its hub if it needs one.

    Args:
        build: Required.
        foundation: Conditional. What it needs; None for a project of a hub that exists, which has all that.
    """
    name, names, kind = build.name, build.names, build.args.kind
    if foundation is None:
        return _create_project(build, None, hub_id=build.args.hub_id, after=[])
    if kind == "Project":
        hub = _create_outer(build, foundation, _Identifiers(f"{name}-hub", names.hub, "Hub"))
        return _create_project(build, foundation, hub_id=hub.resource.id, after=hub.ready)
    logical = f"{name}-hub" if kind == "Hub" else f"{name}-workspace"
    return _create_outer(build, foundation, _Identifiers(logical, names.workspace, kind))


def _create_project(
    build: Build, foundation: Foundation | None, *, hub_id: Input[str] | None, after: list[Resource]
) -> Created:
    args, own = build.args, _Identifiers(f"{build.name}-project", build.names.workspace, "Project")
    project = _workspace(
        build,
        foundation,
        own,
        after,
        hub_resource_id=hub_id,
        description=args.description,
        friendly_name=args.friendly_name,
    )
    return Created(resource=project, ready=[*after, *_settle(build, foundation, own, project)])


def _create_outer(build: Build, foundation: Foundation, own: _Identifiers) -> Created:
    """Create a hub or a Default workspace, which has storage account, vault and network. Projects share its own."""
    args = build.args
    described = own.kind == args.kind
    workspace = _workspace(
        build,
        foundation,
        own,
        foundation.needed,
        storage_account=foundation.storage_id,
        key_vault=foundation.key_vault_id,
        application_insights=foundation.application_insights_id,
        container_registry=foundation.container_registry_id,
        image_build_compute=args.image_build_compute,
        encryption=foundation.encryption,
        managed_network=managed_network(args.network),
        # Without it Azure makes the network with the first compute, and refuses endpoints until then.
        provision_network_now=True if args.network.isolated else None,
        description=args.description if described else None,
        friendly_name=args.friendly_name if described else None,
    )
    roles = _settle(build, foundation, own, workspace)
    after = outbound_rules(own.logical, own.name, build.place, args.network.outbound_rules, workspace)
    # After the rules: both change the workspace, which takes one change at a time.
    after += _private_endpoint(build, own, workspace, after)
    _compute_instances(build, own, workspace, after)
    return Created(resource=workspace, ready=[*roles, *after])


def _workspace(
    build: Build, foundation: Foundation | None, own: _Identifiers, after: Sequence[Resource], **more: Any
) -> ml.Workspace:
    args, place, names = build.args, build.place, build.names
    identity = foundation.identity if foundation else None
    stated = {
        "hub": place.id(WORKSPACE, names.hub),
        "names.storageAccount": place.id(dependencies.STORAGE_ACCOUNT, names.storage_account),
        "names.keyVault": place.id(dependencies.VAULT, names.key_vault),
    }
    return ml.Workspace(
        own.logical,
        workspace_name=own.name,
        resource_group_name=place.resource_group_name,
        location=place.location,
        tags=dict(args.tags),
        kind=own.kind,
        identity=workspace_identity(identity),
        primary_user_assigned_identity=identity.id if identity else None,
        public_network_access=args.network.public_network_access,
        # In the letters that Azure answers: any others would be a difference after a refresh.
        system_datastores_auth_mode=None if args.data_access == "AccessKey" else args.data_access.lower(),
        # Azure keeps the list of a hub's projects, and answers it among what could be set.
        opts=place.options(
            *after, ignore_changes=["associatedWorkspaces"], hooks=FIXED.hook(f"{own.logical}-keeps", stated)
        ),
        **more,
    )


def _settle(build: Build, foundation: Foundation | None, own: _Identifiers, workspace: ml.Workspace) -> list[Resource]:
    """Create the roles of a workspace's identity, which endpoints wait for, and its diagnostic settings."""
    place, id_ = build.place, build.place.id(WORKSPACE, own.name)
    roles: list[Resource] = []
    if foundation is not None and foundation.identity is not None:
        before = len(foundation.identity.roles)
        give_roles(own.logical, place, foundation.identity, {"workspace": (id_, workspace)})
        roles = foundation.identity.roles[before:]
    elif foundation is not None and build.args.data_access == "Identity":
        roles = give_data(
            own.logical, place, workspace, workspace_id=id_, account=foundation.account, opts=place.options(workspace)
        )
    if build.args.diagnostics and build.logs is not None:
        diagnose(f"{own.logical}-diagnostics", target=id_, log_analytics=build.logs.id, opts=place.options(workspace))
    return roles


def _private_endpoint(
    build: Build, own: _Identifiers, workspace: ml.Workspace, after: list[Resource]
) -> list[Resource]:
    subnet, place = build.args.network.private_endpoint, build.place
    if subnet is None:
        return []
    args = PrivateEndpointArgs(
        name=f"pe-{own.name}",
        resource_group_name=place.resource_group_name,
        location=place.location,
        target_id=workspace.id,
        subnet=subnet,
        virtual_network_name=build.names.virtual_network,
        tags=build.args.tags,
    )
    opts = ResourceOptions(parent=place.parent, depends_on=[place.group, workspace, *after])
    return [PrivateEndpoint(f"{build.name}-endpoint", args, opts)]


def _compute_instances(build: Build, own: _Identifiers, workspace: ml.Workspace, after: list[Resource]) -> None:
    place = build.place
    for name, instance in build.args.compute_instances.items():
        args = ComputeInstanceArgs(
            name=name,
            resource_group_name=place.resource_group_name,
            workspace_name=own.name,
            location=place.location,
            workspace=workspace,
            tags=build.args.tags,
            **vars(instance),
        )
        opts = ResourceOptions(parent=place.parent, depends_on=[workspace, *after])
        ComputeInstance(f"{build.name}-{name}", args, opts)
