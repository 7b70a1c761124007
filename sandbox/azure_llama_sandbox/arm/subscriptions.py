"""Subscriptions, their regions, and the resource providers that are registered in them."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from azure_llama_sandbox.arm import access, guards, verbs
from azure_llama_sandbox.arm.api_versions import announced
from azure_llama_sandbox.arm.calls import Answer, Call
from azure_llama_sandbox.arm.errors import ArmError, not_played
from azure_llama_sandbox.arm.ids import RESOURCES
from azure_llama_sandbox.facts import CATALOG
from azure_llama_sandbox.store import Resource
from azure_llama_sandbox.world import SUBSCRIPTION, TENANT, World

_ID = f"/subscriptions/{SUBSCRIPTION}"
_EXTRA_NAMESPACES = ("Microsoft.Marketplace", "Microsoft.MarketplaceOrdering", "Microsoft.SaaS")


def _subscription(world: World) -> dict[str, Any]:
    held = world.conditions().subscription
    return {
        "id": _ID,
        "subscriptionId": SUBSCRIPTION,
        "tenantId": TENANT,
        "displayName": "azure-llama sandbox",
        "state": held.state,
        "subscriptionPolicies": {
            "locationPlacementId": "Public_2014-09-01",
            "quotaId": held.quota_id,
            "spendingLimit": held.spending_limit,
        },
        "authorizationSource": "RoleBased",
    }


def list_subscriptions(call: Call) -> Answer:
    """Those in which the caller has any role."""
    visible = access.sees_subscription(call.world, call.principal)
    return verbs.value([_subscription(call.world)] if visible else [])


def get_subscription(call: Call) -> Answer:
    """The only subscription, for callers that have a role in it."""
    _require_visible(call, "Microsoft.Resources/subscriptions/read")
    return Answer(HTTPStatus.OK, _subscription(call.world))


def _require_visible(call: Call, action: str) -> None:
    if not access.sees_subscription(call.world, call.principal):
        raise access.refusal(call.principal, action, _ID)


def list_tenants(call: Call) -> Answer:
    """The one there is."""
    return verbs.value([{"id": f"/tenants/{TENANT}", "tenantId": TENANT, "displayName": "azure-llama sandbox"}])


def list_locations(call: Call) -> Answer:
    """The regions of the catalogue."""
    _require_visible(call, "Microsoft.Resources/subscriptions/locations/read")
    found = [
        {
            "id": f"{_ID}/locations/{region.name}",
            "name": region.name,
            "type": "Region",
            "displayName": region.display_name,
            "regionalDisplayName": f"({region.geography_group}) {region.display_name}",
            "metadata": {
                "regionType": "Physical",
                "geography": region.geography,
                "geographyGroup": region.geography_group,
                "physicalLocation": region.location,
                "pairedRegion": [{"name": region.pair}] if region.pair else [],
            },
        }
        for region in CATALOG.regions
    ]
    return verbs.value(found)


def _types_by_namespace() -> dict[str, dict[str, tuple[str, ...]]]:
    """Resource types with their API versions, by namespace."""
    found: dict[str, dict[str, tuple[str, ...]]] = {namespace: {} for namespace in _EXTRA_NAMESPACES}
    for kind in verbs.KINDS.values():
        namespace, _, type_ = kind.type.partition("/")
        short = type_.removeprefix("subscriptions/") if namespace == RESOURCES else type_
        found.setdefault(namespace, {})[short] = announced(kind.type)
    return found


def _provider(world: World, namespace: str, types: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    stored = world.store.get(guards.registration_id(namespace))
    display_names = [region.display_name for region in CATALOG.regions]
    return {
        "id": f"{_ID}/providers/{namespace}",
        "namespace": namespace,
        "registrationPolicy": "RegistrationRequired",
        "registrationState": stored.body["registrationState"] if stored else "Registered",
        "resourceTypes": [
            {"resourceType": type_, "locations": display_names, "apiVersions": sorted(versions, reverse=True)}
            for type_, versions in types.items()
        ],
    }


def list_providers(call: Call) -> Answer:
    """All emulated providers; registered unless a caller unregistered them."""
    access.require(call, "Microsoft.Resources/subscriptions/providers/read", scope=_ID)
    return verbs.value([_provider(call.world, *item) for item in sorted(_types_by_namespace().items())])


def _known(call: Call) -> tuple[str, dict[str, tuple[str, ...]]]:
    for namespace, types in _types_by_namespace().items():
        if namespace.lower() == call.id.names[0].lower():
            return namespace, types
    raise ArmError(
        HTTPStatus.NOT_FOUND,
        "InvalidResourceNamespace",
        f"The resource namespace '{call.id.names[0]}' is invalid. {not_played('it').message}",
    )


def get_provider(call: Call) -> Answer:
    """One."""
    namespace, types = _known(call)
    access.require(call, "Microsoft.Resources/subscriptions/providers/read", scope=_ID)
    return Answer(HTTPStatus.OK, _provider(call.world, namespace, types))


def register(call: Call) -> Answer:
    """POST register or unregister: at once."""
    namespace, types = _known(call)
    verb = call.id.types[-1].lower()
    access.require(call, f"{namespace}/{verb}/action", scope=_ID)
    state = "Registered" if verb == "register" else "Unregistered"
    id_ = guards.registration_id(namespace)
    call.store.put(Resource(id_, guards.REGISTRATION, {"registrationState": state}, {}, call.now, call.now))
    return Answer(HTTPStatus.OK, _provider(call.world, namespace, types))
