"""Microsoft.MachineLearningServices/workspaces: hubs, projects and Default workspaces."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus

from azure_llama.catalog import names
from azure_llama_sandbox.arm import durations, operations
from azure_llama_sandbox.arm.calls import Answer, Call, timestamp
from azure_llama_sandbox.arm.errors import ArmError, user_error
from azure_llama_sandbox.arm.insights import COMPONENT
from azure_llama_sandbox.arm.key_vault import VAULT
from azure_llama_sandbox.arm.kinds import Action, Body, Kind, Style, identity_of, location_of
from azure_llama_sandbox.arm.machine_learning import managed_network, recorded, workspace_security
from azure_llama_sandbox.arm.machine_learning.bodies import WorkspaceBody
from azure_llama_sandbox.arm.machine_learning.common import (
    ENDPOINT,
    READY,
    SERVERLESS,
    WORKSPACE,
    new_key,
    with_default,
)
from azure_llama_sandbox.arm.storage import ACCOUNT
from azure_llama_sandbox.store import Resource
from azure_llama_sandbox.world import TENANT, World

_KINDS = ("Default", "Hub", "Project", "FeatureStore")
_DEPENDENCIES = {"storageAccount": ACCOUNT, "keyVault": VAULT, "applicationInsights": COMPONENT}
_REQUIRED = ("storageAccount", "keyVault")
_FIXED = ("storageAccount", "keyVault", "hubResourceId")


class Workspace(Kind):
    """A workspace: deleting it keeps its name taken for 14 days unless it is purged."""

    type = WORKSPACE
    contract = WorkspaceBody
    names = names.WORKSPACE
    machine_learning = True
    put = Style.ACCEPTED
    patch = Style.ACCEPTED
    delete = Style.ACCEPTED
    patchable = frozenset({"tags", "sku", "identity", "properties"})
    link_groups = ("amlworkspace",)

    @property
    def actions(self) -> Mapping[str, Action]:
        """Keys of what belongs to it."""
        return {"listkeys": _list_keys, "provisionmanagednetwork": managed_network.provision}

    def adapt(self, call: Call) -> Call:
        """Remove values that clients write in place of an omitted one."""
        return replace(call, body=workspace_security.without_placeholders(call.body))

    def build(self, call: Call, existing: Resource | None) -> Resource:
        """The workspace."""
        location = location_of(call.body) or (existing.body["location"] if existing else "")
        if not location:
            raise user_error("The location property is required for this definition.", "BadArgument", target="location")
        if existing is None:
            _check_not_soft_deleted(call, location)
        kind = with_default(call.body, "kind", "kind", _KINDS)
        identity = identity_of(call.body, existing) or (existing.body.get("identity") if existing else None)
        if identity is None or identity["type"] == "None":
            raise user_error(
                "A workspace needs a managed identity: set identity.type to SystemAssigned or UserAssigned.",
                "BadArgument",
                location=location,
                target="identity",
            )
        given = call.properties
        _check_enumerations(given)
        managed_network.check(given, existing, location)
        workspace_security.check(call, given, identity, existing, location)
        if existing is not None:
            _check_fixed(given, kind, existing)
        hub = _hub(call, given, location) if kind == "Project" else None
        _check_dependencies(call, given, kind, location, existing)
        workspace = self.new(
            call,
            existing,
            _properties(call, given, location, kind, hub, existing),
            kind=kind,
            identity=identity,
            sku=call.body.get("sku") or {"name": "Basic", "tier": "Basic"},
        )
        workspace.body["location"] = location
        return workspace

    def check_patch(self, call: Call, resource: Resource) -> None:
        """A PATCH cannot change the properties that a PUT cannot change."""
        existing = call.store.get(resource.id)
        assert existing is not None
        _check_fixed(call.properties, existing.body["kind"], existing)
        _check_enumerations(call.properties)
        region: str = resource.body["location"]
        managed_network.check(call.properties, existing, region)
        workspace_security.check(call, call.properties, resource.body["identity"], existing, region)
        resource.properties["managedNetwork"] = managed_network.settled(call.properties, existing)
        _check_dependencies(call, call.properties, "Project", resource.body["location"], existing)

    def check_delete(self, call: Call, resource: Resource) -> None:
        """Refuse while projects or endpoints are in it. Azure's codes for it are unknown: these are the sandbox's."""
        inside = [p.id for p in _projects(call.world, resource)]
        what = "projects"
        if not inside:
            inside = [r.id for type_ in (ENDPOINT, SERVERLESS) for r in call.store.below(resource.id, type_)]
            what = "endpoints"
        if inside:
            raise user_error(
                f"The workspace '{resource.name}' cannot be deleted while it has {what}: {', '.join(inside)}."
                " Delete them first.",
                "WorkspaceNotEmpty",
                location=resource.body["location"],
                status=HTTPStatus.CONFLICT,
            )

    def stored(self, call: Call, resource: Resource) -> None:
        """Rules of its map are resources too."""
        managed_network.keep_rules(call, resource)

    def removed(self, world: World, resource: Resource, when: float, *, purge: bool) -> None:
        """Soft delete."""
        if not purge:
            world.store.soft_delete(resource, when)

    def delete_absent(self, call: Call) -> Answer:
        """A soft-deleted one can be purged."""
        found = call.store.soft_deleted(call.id.text)
        if not found or call.query.get("forcetopurge", "").lower() != "true":
            return super().delete_absent(call)
        operation = operations.begin(
            call,
            self.type,
            found[0].id,
            "DELETE",
            location=found[0].body["location"],
            seconds=durations.PURGE,
            detail={"do": "purge"},
        )
        call.store.put_operation(operation)
        return Answer(HTTPStatus.ACCEPTED, None, operations.location_header(call, operation), operation.id)

    def show(self, world: World, resource: Resource) -> Body:
        """With the private endpoints that lead to it; a hub names its projects."""
        body = super().show(world, resource)
        properties: Body = recorded.WORKSPACE_NULLS | body["properties"]
        properties |= {"privateLinkCount": len(properties["privateEndpointConnections"])}
        properties["managedNetwork"] = managed_network.shown(properties["managedNetwork"])
        mode = str(properties["systemDatastoresAuthMode"]).lower()
        properties |= {"systemDatastoresAuthMode": mode} | ({"sasGetterUri": ""} if mode == "identity" else {})
        if not properties["privateEndpointConnections"]:
            del properties["privateEndpointConnections"]
        if resource.body["kind"] == "Hub":
            properties |= {"associatedWorkspaces": [project.id for project in _projects(world, resource)]}
        return body | {"properties": properties, "etag": None}


def _check_not_soft_deleted(call: Call, location: str) -> None:
    if call.store.soft_deleted(call.id.text):
        raise user_error(
            f"Soft-deleted workspace exists. Please purge or recover it: '{call.id.name}'. Purge it with DELETE and"
            " forceToPurge=true. https://aka.ms/wsoftdelete",
            "Conflict",
            location=location,
            status=HTTPStatus.CONFLICT,
            code="Conflict",
        )


def _projects(world: World, hub: Resource) -> list[Resource]:
    key = hub.id.lower()
    found = world.store.of_type(WORKSPACE)
    return [w for w in found if str(w.properties.get("hubResourceId", "")).lower() == key]


def _check_enumerations(given: Body) -> None:
    with_default(given, "publicNetworkAccess", "properties.publicNetworkAccess", ("Enabled", "Disabled"))
    modes = ("AccessKey", "Identity", "UserDelegationSAS")
    with_default(given, "systemDatastoresAuthMode", "properties.systemDatastoresAuthMode", modes)


def _check_fixed(given: Body, kind: str, existing: Resource) -> None:
    before: Body = {"kind": existing.body["kind"]} | existing.properties
    for key, value in [("kind", kind), *((key, given[key]) for key in _FIXED if key in given)]:
        if str(value).lower() != str(before.get(key) or "").lower():
            path = key if key == "kind" else f"properties.{key}"
            raise user_error(
                f"'{path}' of the workspace '{existing.name}' cannot be changed after creation.",
                "BadArgument",
                location=existing.body["location"],
                target=path,
            )


def _hub(call: Call, given: Body, location: str) -> Resource:
    hub_id = given.get("hubResourceId")
    hub = call.store.get(hub_id) if hub_id else None
    path = "properties.hubResourceId"
    if hub is None or hub.type != WORKSPACE or hub.body["kind"] != "Hub":
        raise user_error(
            f"A workspace of kind Project needs '{path}', the id of an existing hub; it is '{hub_id or ''}'.",
            "BadArgument",
            location=location,
            target=path,
        )
    if hub.properties["provisioningState"] not in READY or hub.body["location"] != location:
        raise user_error(
            f"The hub '{hub.name}' is in state {hub.properties['provisioningState']} in '{hub.body['location']}';"
            f" a project in '{location}' needs one that has Succeeded there.",
            "ResourceNotReady",
            location=location,
            target=path,
        )
    return hub


def _check_dependencies(call: Call, given: Body, kind: str, location: str, existing: Resource | None) -> None:
    """That they are wanted is Azure's rule; the words and the inner code are the sandbox's."""
    for key, type_ in _DEPENDENCIES.items():
        id_, path = given.get(key), f"properties.{key}"
        if id_ is None:
            if key in _REQUIRED and kind != "Project" and existing is None:
                raise user_error(
                    f"A workspace of kind {kind} needs '{path}'.", "BadArgument", location=location, target=path
                )
            continue
        if not id_:
            # An empty id is not read as none: leave the property out (trap T20).
            raise ArmError(
                HTTPStatus.INTERNAL_SERVER_ERROR,
                "InternalServerError",
                "Received an internal server error while processing the request.",
                target=path,
            )
        found = call.store.get(id_)
        if found is None or found.type != type_:
            raise user_error(
                f"'{path}' is '{id_}', which was not found. Create it first.",
                "DependentResourceNotFound",
                location=location,
                target=path,
            )


def _properties(
    call: Call, given: Body, location: str, kind: str, hub: Resource | None, existing: Resource | None
) -> Body:
    before = existing.properties if existing else {}
    inherited = {key: hub.properties.get(key) for key in (*_DEPENDENCIES, "containerRegistry")} if hub else {}
    workspace_id = before.get("workspaceId") or str(uuid.uuid4())
    host = f"{location}.api.azureml.ms"
    properties: Body = {
        **recorded.WORKSPACE,
        **{key: before.get(key) for key in _FIXED},
        "allowRoleAssignmentOnRG": kind != "Project",
        "enableDataIsolation": kind in ("Hub", "Project"),
        "systemDatastoresAuthMode": "AccessKey",
        "encryption": before.get("encryption"),
        "primaryUserAssignedIdentity": before.get("primaryUserAssignedIdentity"),
        **inherited,
        **given,
        "managedNetwork": managed_network.settled(given, existing),
        "tenantId": TENANT,
        "workspaceId": workspace_id,
        "creationTime": before.get("creationTime") or timestamp(call.now),
        "sdkTelemetryAppInsightsKey": before.get("sdkTelemetryAppInsightsKey") or str(uuid.uuid4()),
        "discoveryUrl": f"https://{host}/discovery",
        "mlFlowTrackingUri": f"azureml://{host}/mlflow/v1.0{call.id.text}",
        "notebookInfo": {
            "resourceId": workspace_id.replace("-", ""),
            "fqdn": f"ml-{call.id.name.lower()}-{location}-{workspace_id}.{location}.notebooks.azure.net",
            "isPrivateLinkEnabled": False,
            "notebookPreparationError": None,
        },
    }
    if kind == "Hub":
        properties.setdefault("workspaceHubConfig", {"defaultWorkspaceResourceGroup": call.id.group_id})
    return properties


def _list_keys(call: Call, workspace: Resource) -> Answer:
    properties = workspace.properties
    account = call.store.get(properties.get("storageAccount") or "")
    component = call.store.get(properties.get("applicationInsights") or "")
    keys = {
        "userStorageArmId": properties.get("storageAccount"),
        "userStorageKey": account.secrets.get("key1") if account else None,
        "appInsightsInstrumentationKey": component.properties["InstrumentationKey"] if component else None,
        "containerRegistryCredentials": None,
        "notebookAccessKeys": {"primaryAccessKey": new_key(), "secondaryAccessKey": new_key()},
    }
    return Answer(HTTPStatus.OK, keys)
