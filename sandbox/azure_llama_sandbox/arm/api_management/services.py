"""Microsoft.ApiManagement/service (contract 2024-05-01)."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from azure_llama.catalog import gateways
from azure_llama.catalog.names import NameRule
from azure_llama_sandbox.arm import access
from azure_llama_sandbox.arm.api_management.common import BACKEND, CONSUMPTION, NAMESPACE, SERVICE, validation_error
from azure_llama_sandbox.arm.api_management.deleted import find_deleted
from azure_llama_sandbox.arm.api_management.service_body import ServiceBody
from azure_llama_sandbox.arm.calls import Answer, Call, timestamp
from azure_llama_sandbox.arm.errors import ArmError, bad_request
from azure_llama_sandbox.arm.kinds import Kind, Style, identity_of, location_of
from azure_llama_sandbox.hosts import GATEWAY_DOMAIN
from azure_llama_sandbox.store import Resource
from azure_llama_sandbox.world import World

SKUS: Final[dict[str, tuple[int, int | None]]] = {
    "Developer": (1, 1),
    "Basic": (1, 2),
    "Standard": (1, 4),
    "Premium": (1, None),
    "Isolated": (1, None),
    CONSUMPTION: (0, 0),
    "BasicV2": (1, 10),
    "StandardV2": (1, 10),
}
"""Least and most units of each tier that this API version knows; None where the most is unknown."""
_DEFAULTS: Final = {
    "notificationSenderEmail": "apimgmt-noreply@mail.windowsazure.com",
    "virtualNetworkType": "None",
    "disableGateway": False,
    "natGatewayState": "Disabled",
    "apiVersionConstraint": {},
    "publicNetworkAccess": "Enabled",
    "legacyPortalStatus": "Disabled",
    "developerPortalStatus": "Disabled",
}


def host_of(name: str) -> str:
    """The host that a service's APIs are called at."""
    return f"{name.lower()}.{GATEWAY_DOMAIN}"


class Service(Kind):
    """A service: its name is taken in the whole cloud, and stays so after a deletion until it is purged."""

    type = SERVICE
    contract = ServiceBody
    names = NameRule(
        "an API Management service",
        r"[a-zA-Z](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?",
        1,
        50,
        "letters, digits and dashes, beginning with a letter and ending with a letter or digit",
        "upstream",
        "2026-11-22",
    )
    put = Style.ASYNC
    patch = Style.ASYNC
    delete = Style.ACCEPTED
    etagged = dated = True
    patchable = frozenset({"tags", "sku", "identity", "properties", "zones"})

    def build(self, call: Call, existing: Resource | None) -> Resource:
        """The service."""
        given = call.properties
        restore = given.pop("restore", False)
        _check_sku(call.body["sku"], existing)
        _check_region(call.body["sku"]["name"], location_of(call.body))
        deleted = None if existing else find_deleted(call.store, call.id.name)
        if existing is None:
            _check_name(call, deleted, restore=restore)
        before = existing.properties if existing else deleted.properties if deleted else {}
        host, region = host_of(call.id.name), location_of(call.body)
        properties = {
            **_DEFAULTS,
            **(before if deleted else {}),
            **given,
            "targetProvisioningState": "",
            "createdAtUtc": before.get("createdAtUtc") or timestamp(call.now),
            "gatewayUrl": f"https://{host}",
            "gatewayRegionalUrl": f"https://{call.id.name.lower()}-{region}-01.regional.{GATEWAY_DOMAIN}",
            "platformVersion": "stv2.1",
            "hostnameConfigurations": given.get("hostnameConfigurations") or [_own_host(host)],
        }
        return self.new(
            call,
            existing,
            properties,
            sku=dict(call.body["sku"]),
            identity=identity_of(call.body, existing),
            zones=call.body.get("zones"),
        )

    def stored(self, call: Call, resource: Resource) -> None:
        """It has its host, and is no longer deleted."""
        call.store.claim_host(host_of(resource.name), resource.id)
        if (deleted := find_deleted(call.store, resource.name)) is not None:
            call.store.purge(deleted.id)

    def check_patch(self, call: Call, resource: Resource) -> None:
        """The same rules as for a PUT."""
        existing = call.store.get(resource.id)
        _check_sku(resource.body["sku"], existing)
        breakers = (each.properties.get("circuitBreaker") for each in call.store.below(resource.id, BACKEND))
        if resource.body["sku"]["name"] == CONSUMPTION and any(breakers):
            raise validation_error(("circuitBreaker", "Circuit breakers are not supported in the Consumption tier."))

    def removed(self, world: World, resource: Resource, when: float, *, purge: bool) -> None:
        """Deleted services stay recoverable."""
        world.store.soft_delete(resource, when)


def _own_host(host: str) -> dict[str, Any]:
    return {
        "type": "Proxy",
        "hostName": host,
        "negotiateClientCertificate": False,
        "defaultSslBinding": True,
        "certificateSource": "BuiltIn",
    }


def _check_sku(sku: dict[str, Any], existing: Resource | None) -> None:
    name = next((each for each in SKUS if each.lower() == str(sku.get("name")).lower()), None)
    if name is None:
        raise bad_request(
            f"The SKU '{sku.get('name')}' is not one of an API Management service in this API version:"
            f" {', '.join(SKUS)}.",
            target="sku.name",
            code="InvalidParameters",
        )
    least, most = SKUS[name]
    units = f"{least} or more" if most is None else f"{least} to {most}"
    if sku["capacity"] < least or (most is not None and sku["capacity"] > most):
        raise bad_request(
            f"'sku.capacity' is {sku['capacity']}; the tier {name} has {units} units.",
            target="sku.capacity",
            code="InvalidParameters",
        )
    before = existing.body["sku"]["name"] if existing else name
    if _family(before) != _family(name):
        raise bad_request(
            f"The tier of a service cannot be changed from {before} to {name}. Create another service.",
            target="sku.name",
            code="InvalidParameters",
        )
    sku["name"] = name


def _check_region(sku: str, region: str) -> None:
    """Azure's code for it is unknown; this one is the sandbox's."""
    known = gateways.SKUS.get(sku)
    if known is not None and not known.is_in(region):
        raise bad_request(
            f"The SKU '{sku}' is not available in the region '{region}'. Choose another region or SKU.",
            target="sku.name",
            code="InvalidParameters",
        )


def _family(sku: str) -> str:
    return sku if sku == CONSUMPTION else "v2" if sku.endswith("V2") else "classic"


def _taken(call: Call, name: str) -> bool:
    return call.store.host_owner(host_of(name)) is not None or call.world.conditions().takes(host_of(name))


def _check_name(call: Call, deleted: Resource | None, *, restore: bool) -> None:
    name = call.id.name
    if _taken(call, name):
        raise ArmError(HTTPStatus.CONFLICT, "ServiceAlreadyExists", f"Api service already exists: {name}")
    if deleted is not None and not restore:
        raise ArmError(
            HTTPStatus.CONFLICT,
            "ServiceAlreadyExistsInSoftDeletedState",
            f"Api service {name} was soft-deleted. In order to create the new service with the same name, you have to"
            " either undelete the service or purge it. See https://aka.ms/apimsoftdelete.",
        )
    if restore and (deleted is None or deleted.id.lower() != call.id.text.lower()):
        # Azure's code for it is unknown; this one is the sandbox's.
        raise ArmError(
            HTTPStatus.NOT_FOUND,
            "ServiceNotFoundInSoftDeletedState",
            f"Api service {name} was not soft-deleted and cannot be restored. Set 'properties.restore' to false.",
        )


def check_name(call: Call) -> Answer:
    """POST checkNameAvailability."""
    access.require(call, f"{NAMESPACE}/checkNameAvailability/action", scope=call.id.scope)
    name = str((call.body if isinstance(call.body, dict) else {}).get("name") or "")
    problem = Service.names.problem(name)
    if problem is not None:
        return Answer(HTTPStatus.OK, _availability("Invalid", f"The name '{name}' {problem}."))
    if _taken(call, name) or find_deleted(call.store, name) is not None:
        return Answer(HTTPStatus.OK, _availability("AlreadyExists", f"{name} is already in use."))
    return Answer(HTTPStatus.OK, {"nameAvailable": True, "reason": "Valid", "message": ""})


def _availability(reason: str, message: str) -> dict[str, Any]:
    return {"nameAvailable": False, "reason": reason, "message": message}
