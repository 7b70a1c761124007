"""Azure's access control: what the caller's roles allow, and where."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache, lru_cache
from http import HTTPStatus
from typing import Any

from azure_llama.catalog import roles
from azure_llama_sandbox.arm.calls import Call
from azure_llama_sandbox.arm.errors import ArmError
from azure_llama_sandbox.store import Resource
from azure_llama_sandbox.world import SUBSCRIPTION, Principal, World

ASSIGNMENT = "Microsoft.Authorization/roleAssignments"
DEFINITION = "Microsoft.Authorization/roleDefinitions"
_ML = "Microsoft.MachineLearningServices"

Permission = Mapping[str, list[str]]
"""`actions`, `notActions`, `dataActions`, `notDataActions`."""


def _permission(
    actions: tuple[str, ...], not_actions: tuple[str, ...] = (), data_actions: tuple[str, ...] = ()
) -> Permission:
    return {
        "actions": list(actions),
        "notActions": list(not_actions),
        "dataActions": list(data_actions),
        "notDataActions": [],
    }


_AI = "Microsoft.CognitiveServices"
_CALL = (f"{_AI}/accounts/OpenAI/*", f"{_AI}/accounts/MaaS/*")
_PURCHASE = tuple(action for grant in roles.CUSTOM_ROLE[:2] for action in grant.actions)
_DATA_SCIENCE = roles.find_role("AzureML Data Scientist")

# General knowledge of Azure, for the roles whose actions no gathered document lists. A role that is in neither table
# allows nothing here. Microsoft names Azure AI Developer among the roles that may subscribe to an offer.
_ACTIONS: dict[str, Permission] = {
    "Owner": _permission(("*",)),
    "Contributor": _permission(
        ("*",),
        (
            "Microsoft.Authorization/*/Delete",
            "Microsoft.Authorization/*/Write",
            "Microsoft.Authorization/elevateAccess/Action",
        ),
    ),
    "Reader": _permission(("*/read",)),
    "User Access Administrator": _permission(("*/read", "Microsoft.Authorization/*", "Microsoft.Support/*")),
    "Azure AI Developer": _permission(
        (
            *((_DATA_SCIENCE.actions or ()) if _DATA_SCIENCE else ()),
            f"{_ML}/locations/*/read",
            "Microsoft.Authorization/*/read",
            "Microsoft.Resources/deployments/*",
            "Microsoft.Resources/subscriptions/resourceGroups/read",
            *_PURCHASE,
        ),
        tuple(f"{_ML}/workspaces/{action}" for action in ("delete", "write", "listKeys/action")),
        _CALL,
    ),
}
_VAULT = "Microsoft.KeyVault/vaults"
_ACTIONS |= {
    "Key Vault Administrator": _permission(("Microsoft.KeyVault/*/read",), (), (f"{_VAULT}/*",)),
    "Key Vault Secrets Officer": _permission(("Microsoft.KeyVault/*/read",), (), (f"{_VAULT}/secrets/*",)),
    "Key Vault Crypto Officer": _permission(("Microsoft.KeyVault/*/read",), (), (f"{_VAULT}/keys/*",)),
    "Key Vault Secrets User": _permission(
        (), (), (f"{_VAULT}/secrets/getSecret/action", f"{_VAULT}/secrets/readMetadata/action")
    ),
    "Key Vault Crypto Service Encryption User": _permission(
        (), (), (f"{_VAULT}/keys/read", f"{_VAULT}/keys/wrap/action", f"{_VAULT}/keys/unwrap/action")
    ),
}

_AI_READ = (f"{_AI}/*/read",)
_ACTIONS |= {
    "Cognitive Services User": _permission((*_AI_READ, f"{_AI}/accounts/listkeys/action"), (), (f"{_AI}/*",)),
    "Cognitive Services OpenAI User": _permission(_AI_READ, (), (_CALL[0],)),
    "Cognitive Services Contributor": _permission(
        (f"{_AI}/*", "Microsoft.Resources/subscriptions/resourceGroups/read")
    ),
    "Cognitive Services Usages Reader": _permission((f"{_AI}/locations/usages/read",)),
    "Foundry Project Manager": _permission((*_AI_READ, f"{_AI}/accounts/projects/*"), (), (f"{_AI}/*",)),
    **dict.fromkeys(("Azure AI User", "Foundry User"), _permission(_AI_READ, (), (f"{_AI}/*",))),
}

# Roles that the catalogue does not name.
_OTHERS = {
    "bba48692-92b0-4667-a9ad-c31c7b334ac2": "Cognitive Services Usages Reader",
    "eadc314b-1a2d-4efa-be10-5d325db5065e": "Foundry Project Manager",
    "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9": "User Access Administrator",
    "b86a8fe4-44ce-4948-aee5-eccb2c155cd7": "Key Vault Secrets Officer",
    "14b46e9e-c2b7-41b4-b07b-48a6ebf60603": "Key Vault Crypto Officer",
}


@cache
def built_in() -> dict[str, tuple[str, Permission]]:
    """Built-in roles: id in lower case to name and permission."""
    known = {
        role.id: (
            role.name,
            _ACTIONS.get(role.name, _permission(role.actions or (), role.not_actions or ())),
        )
        for role in roles.BUILT_IN
    }
    return {guid: (name, _ACTIONS[name]) for guid, name in _OTHERS.items()} | known


@lru_cache(maxsize=4096)
def _matches(pattern: str, action: str) -> bool:
    parts = (re.escape(part) for part in pattern.split("*"))
    return re.fullmatch(".*".join(parts), action, re.IGNORECASE) is not None


def _grants(permission: Permission, action: str) -> bool:
    # Calling an endpoint is documented as an action and is a data action in some role definitions: there, both count.
    both = action.startswith(f"{_ML}/") and action.endswith("/action")
    allowed = (*(permission.get("actions") or ()), *((permission.get("dataActions") or ()) if both else ()))
    denied = (*(permission.get("notActions") or ()), *((permission.get("notDataActions") or ()) if both else ()))
    return any(_matches(p, action) for p in allowed) and not any(_matches(p, action) for p in denied)


def covers(scope: str, resource_id: str) -> bool:
    """Whether a scope is the resource or one of its parents."""
    scope, resource_id = scope.rstrip("/").lower(), resource_id.lower()
    return resource_id == scope or resource_id.startswith(scope + "/")


def assignment_scope(assignment_id: str) -> str:
    """The scope that the id of a role assignment, or of another extension resource, is made of."""
    at = assignment_id.lower().rindex("/providers/")
    return assignment_id[:at]


def permissions(world: World, principal: Principal, scope: str) -> Iterator[Permission]:
    """The actions that the principal's roles allow at a scope; notActions apply within one role only."""
    if principal.client_id.lower() == world.client_id.lower() and covers(f"/subscriptions/{SUBSCRIPTION}", scope):
        yield _ACTIONS["Owner"]
    for assignment in world.store.of_type(ASSIGNMENT):
        properties = assignment.properties
        if properties["principalId"].lower() != principal.object_id.lower():
            continue
        if covers(assignment_scope(assignment.id), scope):
            yield from role_permissions(world, properties["roleDefinitionId"])


def role_permissions(world: World, definition_id: str) -> list[Permission]:
    """The permissions of a role definition; none when it does not exist."""
    guid = definition_id.rsplit("/", 1)[-1].lower()
    if guid in built_in():
        return [built_in()[guid][1]]
    for definition in world.store.of_type(DEFINITION):
        if definition.name.lower() == guid:
            stored: list[Permission] = definition.properties["permissions"]
            return stored
    return []


def allows(world: World, principal: Principal, action: str, scope: str) -> bool:
    """Whether the principal may do something.

    Args:
        world: Required.
        principal: Required. Who.
        action: Required. `Microsoft.MachineLearningServices/workspaces/onlineEndpoints/score/action`.
        scope: Required. The resource's id.
    """
    return any(_grants(permission, action) for permission in permissions(world, principal, scope))


def allows_data(world: World, principal: Principal, action: str, scope: str) -> bool:
    """Whether the principal may do something to the data in a resource: what a role's `dataActions` alone allow."""
    return any(
        any(_matches(each, action) for each in permission.get("dataActions") or ())
        and not any(_matches(each, action) for each in permission.get("notDataActions") or ())
        for permission in permissions(world, principal, scope)
    )


def sees_subscription(world: World, principal: Principal) -> bool:
    """Whether the subscription is visible: any role in it is enough."""
    subscription = f"/subscriptions/{SUBSCRIPTION}"
    if allows(world, principal, "Microsoft.Resources/subscriptions/read", subscription):
        return True
    return any(
        assignment.properties["principalId"].lower() == principal.object_id.lower()
        and covers(subscription, assignment_scope(assignment.id))
        for assignment in world.store.of_type(ASSIGNMENT)
    )


def readable(call: Call, container: str) -> Callable[[Resource], bool]:
    """The items of a list that the caller may read: all if a role covers the list, else those that a role covers.

    Args:
        call: Required. The GET of the list.
        container: Required. The id that the list is of.

    Raises:
        ArmError: 403, the caller has no role in the subscription, or the list is not of the whole subscription.
    """
    actions = actions_for(call)
    if any(allows(call.world, call.principal, action, container) for action in actions):
        return lambda _: True
    whole = container.lower() == f"/subscriptions/{SUBSCRIPTION}"
    if not whole or not sees_subscription(call.world, call.principal):
        raise refusal(call.principal, actions[0], container)
    return lambda item: allows(call.world, call.principal, f"{item.type}/read", item.id)


def refusal(principal: Principal, action: str, scope: str) -> ArmError:
    """The refusal of an action."""
    return ArmError(
        HTTPStatus.FORBIDDEN,
        "AuthorizationFailed",
        f"The client '{principal.client_id}' with object id '{principal.object_id}' does not have authorization to"
        f" perform action '{action}' over scope '{scope}' or the scope is invalid. If access was recently granted,"
        " please refresh your credentials.",
    )


def require(call: Call, *actions: str, scope: str | None = None) -> None:
    """Refuse the call unless the caller may do one of the actions.

    Args:
        call: Required.
        actions: Required. Alternatives; the refusal names the first.
        scope: Optional. Where; what the call is about when None.

    Raises:
        ArmError: 403 `AuthorizationFailed`.
    """
    where = scope if scope is not None else call.id.text
    if not any(allows(call.world, call.principal, action, where) for action in actions):
        raise refusal(call.principal, actions[0], where)


def require_linked(call: Call, action: str, scope: str) -> None:
    """Refuse the call unless the caller may also do something to another resource that the body names.

    Raises:
        ArmError: 403 `LinkedAuthorizationFailed`.
    """
    if allows(call.world, call.principal, action, scope):
        return
    raise ArmError(
        HTTPStatus.FORBIDDEN,
        "LinkedAuthorizationFailed",
        f"The client '{call.principal.client_id}' with object id '{call.principal.object_id}' has permission to perform"
        f" action '{actions_for(call)[0]}' on scope '{call.id.text}'; however, it does not have permission to perform"
        f" action(s) '{action}' on the linked scope(s) '{scope}' (respectively) or the linked scope(s) are invalid.",
    )


_VERBS = {"GET": "read", "HEAD": "read", "PUT": "write", "PATCH": "write", "DELETE": "delete"}
_DEPLOYMENT = f"{_ML}/workspaces/onlineEndpoints/deployments"


def actions_for(call: Call) -> tuple[str, ...]:
    """The actions, each enough, that a call takes: its type with read, write, delete or the action's own name.

    The documents give deployments the actions of their endpoint, ARM's scheme gives them their own: either will do.
    """
    verb = _VERBS.get(call.method, "action")
    action = f"{call.id.type}/{verb}"
    if call.id.type.lower().startswith(_DEPLOYMENT.lower()) and verb != "action":
        return action, f"{_DEPLOYMENT.rsplit('/', 1)[0]}/{verb}"
    return (action,)


def effective(call: Call) -> list[dict[str, Any]]:
    """All permissions of the caller at the call's scope."""
    return [dict(permission) for permission in permissions(call.world, call.principal, call.id.scope)]
