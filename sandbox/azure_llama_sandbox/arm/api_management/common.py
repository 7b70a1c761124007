"""Shared code of the types below Microsoft.ApiManagement/service."""

from __future__ import annotations

from http import HTTPStatus

from azure_llama.catalog.names import NameRule
from azure_llama_sandbox.arm.calls import Call
from azure_llama_sandbox.arm.errors import ArmError
from azure_llama_sandbox.arm.kinds import Kind
from azure_llama_sandbox.store import Resource, Store

NAMESPACE = "Microsoft.ApiManagement"
SERVICE = f"{NAMESPACE}/service"
API = f"{SERVICE}/apis"
OPERATION = f"{API}/operations"
API_POLICY = f"{API}/policies"
DIAGNOSTIC = f"{API}/diagnostics"
BACKEND = f"{SERVICE}/backends"
LOGGER = f"{SERVICE}/loggers"
NAMED_VALUE = f"{SERVICE}/namedValues"
PRODUCT = f"{SERVICE}/products"
API_LINK = f"{PRODUCT}/apiLinks"
PRODUCT_POLICY = f"{PRODUCT}/policies"
SUBSCRIPTION = f"{SERVICE}/subscriptions"
CONSUMPTION = "Consumption"
_SERVICE_SEGMENTS = 9


def service_id(resource_id: str) -> str:
    """The service id of a resource that is a service or its child."""
    return "/".join(resource_id.split("/")[:_SERVICE_SEGMENTS])


def service_of(store: Store, resource_id: str) -> Resource:
    """The parent service of a resource."""
    service = store.get(service_id(resource_id))
    assert service is not None, resource_id
    return service


def names(what: str, longest: int = 80) -> NameRule:
    """The naming rule for child resources of a service."""
    pattern = r"[^*#&+:<>?/\\%]+"
    return NameRule(what, pattern, 1, longest, r"none of * # & + : < > ? / \ %", "upstream", "2026-11-22")


def plain_names(what: str) -> NameRule:
    """The rule for names of backends and products."""
    rule = "letters, digits and dashes, beginning with a letter and ending with a letter or digit"
    return NameRule(what, "[A-Za-z]([A-Za-z0-9-]*[A-Za-z0-9])?", 1, 80, rule, "upstream", "2026-11-30")


def validation_error(*details: tuple[str, str]) -> ArmError:
    """The service's refusal of a body.

    Args:
        details: Required. Target and message of each error.
    """
    return ArmError(
        HTTPStatus.BAD_REQUEST,
        "ValidationError",
        "One or more fields contain incorrect values:",
        details=[{"code": "ValidationError", "target": target, "message": text} for target, text in details],
    )


def require(call: Call, type_: str, reference: str, target: str) -> Resource:
    """The resource that a body references, by its id or by its path in the service.

    Raises:
        ArmError: it is not there.
    """
    service = service_id(call.id.text)
    inside = reference if reference.lower().startswith("/subscriptions/") else f"{service}/{reference.lstrip('/')}"
    found = call.store.get(inside)
    if found is None or found.type != type_ or service_id(found.id).lower() != service.lower():
        what = type_.rsplit("/", 1)[-1]
        raise validation_error((target, f"The {what} '{reference.rsplit('/', 1)[-1]}' could not be found."))
    return found


class Child(Kind):
    """A child type of a service: without a location and without long-running operations."""

    located = False
    stateful = False
    patchable = frozenset({"properties"})
