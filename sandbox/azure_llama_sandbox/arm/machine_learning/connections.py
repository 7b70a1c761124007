"""workspaces/connections: addresses and credentials of other services (contract 2025-12-01)."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from azure_llama.catalog import names
from azure_llama_sandbox.arm import private_links
from azure_llama_sandbox.arm.calls import Answer, Call
from azure_llama_sandbox.arm.contract import ABSENT, Strict
from azure_llama_sandbox.arm.errors import ArmError, conflict, user_error
from azure_llama_sandbox.arm.kinds import Action, Body, Kind
from azure_llama_sandbox.arm.machine_learning import recorded
from azure_llama_sandbox.arm.machine_learning.common import NAMESPACE, workspace_of
from azure_llama_sandbox.store import Resource
from azure_llama_sandbox.world import World

_KEYS = "keys"
CREDENTIALS: dict[str, tuple[str, ...]] = {
    "AAD": (),
    "AccessKey": ("accessKeyId", "secretAccessKey"),
    "AccountKey": ("key",),
    "ApiKey": ("key",),
    "CustomKeys": (_KEYS,),
    "ManagedIdentity": ("clientId", "resourceId"),
    "None": (),
    "OAuth2": (
        "authUrl",
        "clientId",
        "clientSecret",
        "developerToken",
        "password",
        "refreshToken",
        "tenantId",
        "username",
    ),
    "PAT": ("pat",),
    "SAS": ("sas",),
    "ServicePrincipal": ("clientId", "clientSecret", "tenantId"),
    "UsernamePassword": ("password", "securityToken", "username"),
}
"""What each authType's `credentials` may hold."""


class ConnectionProperties(Strict):
    """`properties`; `credentials` depend on authType."""

    auth_type: str
    category: str = ABSENT
    credentials: dict[str, Any] = ABSENT
    error: str = ABSENT
    expiry_time: str = ABSENT
    is_shared_to_all: bool = ABSENT
    metadata: dict[str, str] = ABSENT
    pe_requirement: str = ABSENT
    pe_status: str = ABSENT
    shared_user_list: list[str] = ABSENT
    target: str = ABSENT
    use_workspace_managed_identity: bool = ABSENT


class ConnectionBody(Strict):
    """A connection's PUT."""

    properties: ConnectionProperties


class Connection(Kind):
    """A connection: at once, its credentials read by an action alone."""

    type = f"{NAMESPACE}/workspaces/connections"
    contract = ConnectionBody
    names = names.CONNECTION
    machine_learning = True
    located = False
    stateful = False
    fresh = HTTPStatus.OK
    patchable = frozenset({"properties"})

    @property
    def actions(self) -> Mapping[str, Action]:
        """Credentials."""
        return {"listsecrets": _list_secrets}

    def build(self, call: Call, existing: Resource | None) -> Resource:
        """The connection."""
        given = call.properties
        holder = self.holder(call)
        _require_no_private_endpoint(call, holder)
        credentials = _credentials(given, holder.body["location"])
        group = recorded.CONNECTION_GROUPS.get(given.get("category") or "")
        added = {"group": group} | self.owner(holder)
        connection = self.new(call, existing, recorded.CONNECTION | added | given)
        connection.secrets = credentials
        return connection

    def holder(self, call: Call) -> Resource:
        """The parent resource, whose region its errors name."""
        return workspace_of(call.store, call.id.text)

    def owner(self, holder: Resource) -> Body:
        """The properties of a connection."""
        return {"createdByWorkspaceArmId": holder.id}

    def show(self, world: World, resource: Resource) -> Body:
        """The connection, its credentials hidden."""
        hidden: Body = {} if resource.properties["authType"] in ("None", "AAD") else {"credentials": None}
        properties = recorded.CONNECTION_NULLS | hidden | resource.properties
        return {"tags": None, "location": None} | resource.body | {"properties": properties}

    def not_found(self, call: Call) -> ArmError:
        """The service's own words."""
        return user_error(
            f"Connection {call.id.name} can't be found in this workspace",
            "NotFoundError",
            location=self.holder(call).body["location"],
            status=HTTPStatus.NOT_FOUND,
            component="account-rp",
        )

    def check_patch(self, call: Call, resource: Resource) -> None:
        """Credentials of a PATCH replace those before."""
        region = self.holder(call).body["location"]
        if "credentials" in resource.properties:
            resource.secrets = _credentials(resource.properties, region)


def _require_no_private_endpoint(call: Call, workspace: Resource) -> None:
    """Refuse while a private endpoint of the workspace is being made: the two do not go together (trap T18)."""
    for operation in call.store.open_operations():
        endpoint = call.store.get(operation.key) if "/privateendpoints/" in operation.key else None
        links = private_links.asked(endpoint.properties) if endpoint else ()
        ids = {str(each.get("properties", {}).get("privateLinkServiceId", "")).lower() for each in links}
        if workspace.id.lower() in ids:
            raise conflict(operation.id, workspace.id)


def _credentials(given: dict[str, Any], region: str) -> dict[str, str]:
    """Take the credentials out of the properties; a custom connection's keys become its secrets."""
    auth_type = given["authType"]
    allowed = CREDENTIALS.get(auth_type)
    if allowed is None:
        raise _refuse(f"'properties.authType' must be one of {', '.join(CREDENTIALS)}.", "properties.authType", region)
    credentials: dict[str, Any] = given.pop("credentials", None) or {}
    for key in credentials:
        if key not in allowed:
            path = f"properties.credentials.{key}"
            raise _refuse(f"'{path}' is not a credential of authType {auth_type}.", path, region)
    values: dict[str, Any] = credentials.get(_KEYS, {}) if allowed == (_KEYS,) else credentials
    if not isinstance(values, dict) or not all(isinstance(value, str) for value in values.values()):
        raise _refuse("'properties.credentials' must hold texts.", "properties.credentials", region)
    return dict(values)


def _refuse(message: str, path: str, region: str) -> ArmError:
    return user_error(message, "BadArgument", location=region, target=path)


def _list_secrets(call: Call, connection: Resource) -> Answer:
    custom = connection.properties["authType"] == "CustomKeys"
    credentials: dict[str, Any] = {_KEYS: connection.secrets} if custom else dict(connection.secrets)
    properties = connection.properties | ({"credentials": credentials} if credentials else {})
    return Answer(HTTPStatus.OK, connection.body | {"properties": properties})
