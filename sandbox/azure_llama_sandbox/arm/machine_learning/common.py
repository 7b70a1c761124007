"""Shared code of the types below a workspace."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from azure_llama_sandbox.arm import durations, operations
from azure_llama_sandbox.arm.calls import Answer, Call
from azure_llama_sandbox.arm.contract import one_of
from azure_llama_sandbox.arm.errors import conflict, user_error
from azure_llama_sandbox.arm.ids import parse
from azure_llama_sandbox.arm.kinds import HEALTHY, Kind, Style, location_of
from azure_llama_sandbox.facts import CATALOG
from azure_llama_sandbox.store import Operation, Resource, Store
from azure_llama_sandbox.world import World

NAMESPACE = "Microsoft.MachineLearningServices"
WORKSPACE = f"{NAMESPACE}/workspaces"
SUBSCRIPTION_TYPE = f"{WORKSPACE}/marketplaceSubscriptions"
SERVERLESS = f"{WORKSPACE}/serverlessEndpoints"
ENDPOINT = f"{WORKSPACE}/onlineEndpoints"
DEPLOYMENT = f"{ENDPOINT}/deployments"
COMPUTE = f"{WORKSPACE}/computes"
OUTBOUND_RULE = f"{WORKSPACE}/outboundRules"

READY = frozenset({HEALTHY, "Updating", "Scaling"})
"""States of what has once succeeded and is not being deleted."""

OPERATION_URI = "AzureAsyncOperationUri"
"""The entry of an endpoint's or deployment's free properties that holds the address of its last operation."""

_KEY_BYTES = 63


def workspace_of(store: Store, resource_id: str) -> Resource:
    """The parent workspace of a resource."""
    id_ = parse(resource_id)
    assert id_ is not None
    found = store.get(replace(id_, types=id_.types[:1], names=id_.names[:1]).text)
    assert found is not None, resource_id
    return found


def ready_workspace(call: Call) -> Resource:
    """The call's workspace; refuse while it is not there for children."""
    workspace = workspace_of(call.store, call.id.text)
    state = workspace.properties.get("provisioningState")
    if state not in READY:
        raise user_error(
            f"The workspace '{workspace.name}' is in state {state}. Wait until it has Succeeded.",
            "ResourceNotReady",
            location=workspace.body["location"],
            status=HTTPStatus.CONFLICT,
        )
    return workspace


def same_region(call: Call, workspace: Resource) -> str:
    """The workspace's region; refuse a child elsewhere.

    Azure's own words for it are unknown: the refusal is the sandbox's choice.
    """
    region = str(workspace.body["location"])
    asked = location_of(call.body)
    if asked != region:
        raise user_error(
            f"The location '{asked}' of '{call.id.name}' is not that of its workspace '{workspace.name}', '{region}'.",
            "BadArgument",
            location=region,
            target="location",
        )
    return region


def display_name(region: str) -> str:
    """`East US 2`; the ARM name when the catalogue does not know the region."""
    found = CATALOG.find_region(region)
    return found.display_name if found else region


def with_default(given: Mapping[str, Any], key: str, path: str, allowed: tuple[str, ...]) -> str:
    """The value of an enumeration, spelled as Azure does; the first of `allowed` when absent.

    Raises:
        ArmError: 400, another value.
    """
    value = given.get(key)
    one_of(value, path, allowed)
    return next((each for each in allowed if each.lower() == str(value).lower()), allowed[0])


class Child(Kind):
    """A resource below a workspace."""

    machine_learning = True
    put = Style.ASYNC
    patch = Style.ACCEPTED
    delete = Style.ACCEPTED

    def region(self, call: Call, resource: Resource) -> str:
        """The workspace's."""
        return str(workspace_of(call.store, resource.id).body["location"])


def add_only(asked: dict[str, str], existing: Resource | None, region: str) -> dict[str, str]:
    """The map of free entries: they can be added, never changed or removed; the service adds its own.

    Args:
        asked: Required. The entries of a PUT.
        existing: Required. The resource as it is; None for a new one.
        region: Required. The workspace's.

    Raises:
        ArmError: an entry is changed.
    """
    before: dict[str, str] = existing.properties.get("properties") or {} if existing else {}
    # The address of the last operation is the service's to change; clients send back the one that they read.
    fixed = {key: value for key, value in before.items() if key != OPERATION_URI}
    changed = sorted(key for key in asked if key in fixed and asked[key] != fixed[key])
    if changed:
        path = f"properties.properties.{changed[0]}"
        message = f"'{path}' is '{before[changed[0]]}' and cannot be changed."
        raise user_error(message, "BadArgument", location=region, target=path)
    return asked | before


def note_operation(call: Call, resource: Resource, operation: Operation) -> None:
    """Write the operation's address into the resource, as the service does."""
    uri = operations.status_header(call, operation)["Azure-AsyncOperation"]
    resource.properties["properties"] = resource.properties["properties"] | {OPERATION_URI: uri}
    call.store.put(resource)


def new_key() -> str:
    """An endpoint key."""
    return secrets.token_urlsafe(_KEY_BYTES)


def new_keys() -> dict[str, str]:
    """Both keys of an endpoint."""
    return {"primaryKey": new_key(), "secondaryKey": new_key()}


def list_keys(call: Call, endpoint: Resource) -> Answer:
    """POST listKeys."""
    state = endpoint.properties["provisioningState"]
    if state not in READY:
        raise user_error(
            f"The endpoint '{endpoint.name}' is in state {state}; its keys cannot be read.",
            "ResourceNotReady",
            status=HTTPStatus.CONFLICT,
        )
    if endpoint.properties["authMode"] == "AADToken":
        return Answer(HTTPStatus.OK, dict.fromkeys(("primaryKey", "secondaryKey")))
    if endpoint.properties["authMode"] not in ("Key", "KeyAndAAD"):
        raise user_error(
            f"The endpoint '{endpoint.name}' has authMode {endpoint.properties['authMode']}: it has no keys.",
            "BadArgument",
        )
    return Answer(HTTPStatus.OK, dict(endpoint.secrets))


def regenerate_keys(call: Call, endpoint: Resource) -> Answer:
    """POST regenerateKeys: 202, then the keys at the end."""
    for running in operations.running(call, endpoint.id):
        raise conflict(running.id, endpoint.id)
    list_keys(call, endpoint)
    asked = call.body if isinstance(call.body, dict) else {}
    one_of(asked.get("keyType", ""), "keyType", ("Primary", "Secondary"))
    operation = operations.begin(
        call,
        endpoint.type,
        endpoint.id,
        "POST",
        location=workspace_of(call.store, endpoint.id).body["location"],
        seconds=durations.REGENERATE_KEYS,
        detail={
            "do": "regenerate",
            "key": f"{str(asked['keyType']).lower()}Key",
            "value": asked.get("keyValue"),
            "returns_keys": endpoint.type == SERVERLESS,
        },
    )
    call.store.put_operation(operation)
    return Answer(HTTPStatus.ACCEPTED, None, operations.location_header(call, operation), operation.id)


def finish_regenerate(world: World, operation: Operation) -> None:
    """The end of it. Giving the current key as the new one, as the official client does, changes nothing (T6)."""
    endpoint = world.store.get(operation.key)
    if endpoint is not None:
        endpoint.secrets[operation.detail["key"]] = operation.detail["value"] or new_key()
        world.store.put(endpoint)
    operation.detail["value"] = None
    operations.finish(world, operation)
