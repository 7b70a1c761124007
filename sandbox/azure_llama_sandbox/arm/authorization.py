"""Microsoft.Authorization: role definitions (contract 2022-05-01-preview) and role assignments (2022-04-01)."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Any

from azure_llama.catalog.names import NameRule
from azure_llama_sandbox.arm import access, verbs
from azure_llama_sandbox.arm.access import ASSIGNMENT, DEFINITION
from azure_llama_sandbox.arm.calls import Answer, Call, timestamp
from azure_llama_sandbox.arm.contract import ABSENT, Strict, one_of
from azure_llama_sandbox.arm.errors import ArmError, bad_request
from azure_llama_sandbox.arm.kinds import Body, Kind
from azure_llama_sandbox.store import Resource
from azure_llama_sandbox.world import SUBSCRIPTION

_GUID = r"[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"
_NAME = NameRule("a role or a role assignment", _GUID, 36, 36, "a GUID", "upstream", "2026-11-22")
_PRINCIPAL_TYPES = ("User", "Group", "ServicePrincipal", "ForeignGroup", "Device", "AgentUser", "AgentServicePrincipal")


class AssignmentProperties(Strict):
    """`properties` of an assignment."""

    principal_id: str
    role_definition_id: str
    condition: str = ABSENT
    condition_version: str = ABSENT
    delegated_managed_identity_resource_id: str = ABSENT
    description: str = ABSENT
    principal_type: str = ABSENT


class AssignmentBody(Strict):
    """An assignment's PUT."""

    properties: AssignmentProperties


class PermissionBody(Strict):
    """One of a definition's `permissions`."""

    actions: list[str] = ABSENT
    data_actions: list[str] = ABSENT
    not_actions: list[str] = ABSENT
    not_data_actions: list[str] = ABSENT


class DefinitionProperties(Strict):
    """`properties` of a definition."""

    assignable_scopes: list[str] = ABSENT
    description: str = ABSENT
    permissions: list[PermissionBody] = ABSENT
    role_name: str = ABSENT
    type: str = ABSENT


class DefinitionBody(Strict):
    """A definition's PUT."""

    properties: DefinitionProperties = ABSENT


def _guid_of(definition_id: str) -> str:
    return definition_id.rsplit("/", 1)[-1].lower()


def _definition(call: Call, definition_id: str) -> Resource | None:
    guid = _guid_of(definition_id)
    return next((each for each in call.store.of_type(DEFINITION) if each.name.lower() == guid), None)


class _RoleKind(Kind):
    """The base of role definitions and role assignments."""

    names = _NAME
    shows_deleted = True
    located = False
    extension = True
    stateful = False
    patchable = frozenset()


class RoleAssignment(_RoleKind):
    """A role given to a principal at a scope."""

    type = ASSIGNMENT
    contract = AssignmentBody
    name_code = "InvalidRoleAssignmentId"

    def build(self, call: Call, existing: Resource | None) -> Resource:
        """The assignment."""
        given = call.properties
        scope = call.id.scope
        one_of(given.get("principalType"), "properties.principalType", _PRINCIPAL_TYPES, machine_learning=False)
        if re.fullmatch(_GUID, given["principalId"]) is None:
            raise bad_request(
                f"'properties.principalId' is '{given['principalId']}'; it is the object id of a principal, a GUID.",
                target="properties.principalId",
                code="InvalidPrincipalId",
            )
        definition = _definition(call, given["roleDefinitionId"])
        if definition is None and _guid_of(given["roleDefinitionId"]) not in access.built_in():
            raise bad_request(
                f"The specified role definition with ID '{_guid_of(given['roleDefinitionId'])}' does not exist.",
                target="properties.roleDefinitionId",
                code="RoleDefinitionDoesNotExist",
            )
        scopes = definition.properties["assignableScopes"] if definition else [scope]
        if not any(access.covers(each, scope) for each in scopes):
            raise bad_request(
                f"The role '{definition.properties['roleName'] if definition else ''}' cannot be assigned at"
                f" '{scope}': its assignable scopes are {', '.join(scopes)}.",
                code="RoleDefinitionNotAssignableAtScope",
            )
        _check_assignment(call, given, existing)
        body = {"principalType": "ServicePrincipal", **given, "scope": scope}
        when = timestamp(call.now)
        before = existing.properties if existing else {}
        body |= {"createdOn": before.get("createdOn", when), "updatedOn": when}
        return self.new(call, existing, body)


def _check_assignment(call: Call, given: Body, existing: Resource | None) -> None:
    keys = ("principalId", "roleDefinitionId")
    if existing is not None:
        if any(_guid_of(given[key]) != _guid_of(existing.properties[key]) for key in keys):
            raise bad_request(
                "Tenant ID, application ID, principal ID, and scope are not allowed to be updated.",
                code="RoleAssignmentUpdateNotPermitted",
            )
        return
    for other in call.store.of_type(ASSIGNMENT):
        same_scope = access.assignment_scope(other.id).lower() == call.id.scope.lower()
        if same_scope and all(_guid_of(given[key]) == _guid_of(other.properties[key]) for key in keys):
            raise ArmError(
                HTTPStatus.CONFLICT,
                "RoleAssignmentExists",
                f"The role assignment already exists. The ID of the existing role assignment is {other.name}.",
            )


class RoleDefinition(_RoleKind):
    """A custom role."""

    type = DEFINITION
    contract = DefinitionBody
    name_code = "InvalidRoleDefinitionId"
    again = HTTPStatus.CREATED

    def build(self, call: Call, existing: Resource | None) -> Resource:
        """The role."""
        if _guid_of(call.id.name) in access.built_in():
            raise bad_request(
                f"'{call.id.name}' is a built-in role, which cannot be changed.", code="RoleDefinitionCannotBeUpdated"
            )
        given = call.properties
        name, scopes = given.get("roleName"), given.get("assignableScopes") or []
        if not name or not scopes:
            raise bad_request("A role needs 'properties.roleName' and 'properties.assignableScopes'.")
        for scope in scopes:
            if not access.covers(f"/subscriptions/{SUBSCRIPTION}", scope):
                raise bad_request(
                    f"The assignable scope '{scope}' is not in the subscription '{SUBSCRIPTION}'.",
                    target="properties.assignableScopes",
                    code="InvalidAssignableScopes",
                )
        others = [each for each in call.store.of_type(DEFINITION) if each.name.lower() != call.id.name.lower()]
        if name.lower() in {each.properties["roleName"].lower() for each in others}:
            raise ArmError(
                HTTPStatus.CONFLICT,
                "RoleDefinitionWithSameNameExists",
                f"A custom role with the name '{name}' already exists in this directory. Use a different name.",
            )
        permissions: list[Any] = given.get("permissions") or []
        empty: Body = {"actions": [], "notActions": [], "dataActions": [], "notDataActions": []}
        properties = {
            "description": "",
            **given,
            "type": "CustomRole",
            "permissions": [empty | each for each in permissions],
        }
        return self.new(call, existing, properties)

    def not_found(self, call: Call) -> ArmError:
        """The service's own words."""
        return ArmError(
            HTTPStatus.NOT_FOUND,
            "RoleDefinitionDoesNotExist",
            f"The specified role definition with ID '{call.id.name}' does not exist.",
        )

    def check_delete(self, call: Call, resource: Resource) -> None:
        """Refuse while it is assigned."""
        assigned = [a for a in call.store.of_type(ASSIGNMENT) if _definition_of(a) == resource.name.lower()]
        if assigned:
            raise bad_request(
                f"There are {len(assigned)} existing role assignments referencing the role '{resource.name}'."
                " Delete them first.",
                code="RoleDefinitionHasAssignments",
            )


def _definition_of(assignment: Resource) -> str:
    return _guid_of(assignment.properties["roleDefinitionId"])


def _built_in_body(guid: str) -> Body:
    name, permission = access.built_in()[guid]
    return {
        "id": f"/subscriptions/{SUBSCRIPTION}/providers/{DEFINITION}/{guid}",
        "name": guid,
        "type": DEFINITION,
        "properties": {
            "roleName": name,
            "type": "BuiltInRole",
            "description": "",
            "assignableScopes": ["/"],
            "permissions": [dict(permission)],
        },
    }


_FILTER = re.compile(r"\b(?P<name>roleName|type)\s+eq\s+'(?P<value>(?:[^']|'')*)'", re.IGNORECASE)


def list_definitions(call: Call) -> Answer:
    """GET roleDefinitions at a scope, built-in ones included; `$filter` of roleName and type."""
    access.require(call, f"{DEFINITION}/read", scope=call.id.scope)
    found = [_built_in_body(guid) for guid in access.built_in()]
    found += [each.body for each in call.store.of_type(DEFINITION)]
    for match in _FILTER.finditer(call.query.get("$filter", "")):
        key = "roleName" if match["name"].lower() == "rolename" else "type"
        value = match["value"].replace("''", "'").lower()
        found = [each for each in found if each["properties"][key].lower() == value]
    return verbs.value(found)


def get_definition(call: Call) -> Answer:
    """GET a definition: built-in ones are everywhere."""
    guid = _guid_of(call.id.name)
    if guid not in access.built_in():
        return verbs.get(call, verbs.KINDS[DEFINITION.lower()])
    access.require(call, f"{DEFINITION}/read", scope=call.id.scope)
    return Answer(HTTPStatus.OK, _built_in_body(guid))


def list_assignments(call: Call) -> Answer:
    """GET roleAssignments at, above and below a scope; filters: `principalId eq`, `assignedTo()` and `atScope()`."""
    scope, filter_ = call.id.scope, call.query.get("$filter", "")
    access.require(call, f"{ASSIGNMENT}/read", scope=scope)
    principal = re.search(r"(?:principalId\s+eq\s+|assignedTo\()'([^']*)'", filter_, re.IGNORECASE)
    found = []
    for each in call.store.of_type(ASSIGNMENT):
        where = access.assignment_scope(each.id)
        below = "atscope()" not in filter_.lower() and access.covers(scope, where)
        wanted = principal is None or each.properties["principalId"].lower() == principal[1].lower()
        if wanted and (below or access.covers(where, scope)):
            found.append(each.body)
    return verbs.value(found)


def list_permissions(call: Call) -> Answer:
    """GET permissions: what the caller may do at a scope."""
    return verbs.value(access.effective(call))
