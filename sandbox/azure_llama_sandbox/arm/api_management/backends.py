"""Backends and named values of a service (contract 2024-05-01)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from azure_llama_sandbox.arm.api_management import vault_secrets
from azure_llama_sandbox.arm.api_management.backend_body import BackendBody, NamedValueBody
from azure_llama_sandbox.arm.api_management.common import (
    BACKEND,
    CONSUMPTION,
    NAMED_VALUE,
    Child,
    names,
    plain_names,
    service_id,
    service_of,
    validation_error,
)
from azure_llama_sandbox.arm.calls import Answer, Call, timestamp
from azure_llama_sandbox.arm.kinds import Action, Body
from azure_llama_sandbox.arm.machine_learning.iso8601 import seconds
from azure_llama_sandbox.store import Resource, Store
from azure_llama_sandbox.world import World

REFERENCE = re.compile(r"\{\{([A-Za-z0-9._-]+)\}\}")
"""How a text names a named value."""
VALUE = "value"
_Problem = tuple[str, str]


class Backend(Child):
    """An endpoint that APIs forward to, or a pool of such endpoints."""

    type = BACKEND
    contract = BackendBody
    names = plain_names("a backend")

    def build(self, call: Call, existing: Resource | None) -> Resource:
        """The backend."""
        properties = {"type": "Single", **call.properties}
        _check(call, properties)
        return self.new(call, existing, properties)

    def check_patch(self, call: Call, resource: Resource) -> None:
        """The same rules as for a PUT."""
        _check(call, resource.properties)


def _check(call: Call, properties: Body) -> None:
    problems = list(_pool(call, properties) if properties["type"] == "Pool" else _single(call, properties))
    problems += _breaker(call, properties)
    if problems:
        raise validation_error(*problems)


def _pool(call: Call, properties: Body) -> Iterator[_Problem]:
    for name in ("url", "protocol", "credentials", "circuitBreaker"):
        if name in properties:
            yield name, f"{name[0].upper()}{name[1:]} is not supported for backend pool."
    members = (properties.get("pool") or {}).get("services") or []
    if not members:
        yield "pool", "A backend pool must have at least one service."
    for index, member in enumerate(members):
        target = f"pool.services[{index}].id"
        backend = call.store.get(absolute(call.id.text, member["id"]))
        if backend is None or backend.type != BACKEND:
            yield target, f"Backend with id '{member['id'].rsplit('/', 1)[-1]}' could not be found."
        elif backend.properties["type"] == "Pool":
            yield target, "A backend pool cannot be a member of a backend pool."


def _single(call: Call, properties: Body) -> Iterator[_Problem]:
    if properties["type"] != "Single":
        yield "type", f"'{properties['type']}' is not a type of a backend; it must be Single or Pool."
    for name in ("url", "protocol"):
        if not properties.get(name):
            yield name, f"{name.capitalize()} is required for a backend of type Single."
    if not str(properties.get("url") or "https://").startswith("https://"):
        yield "url", "The sandbox calls backends over https alone."
    if properties.get("protocol", "http") not in ("http", "soap"):
        yield "protocol", "The protocol of a backend must be http or soap."
    known = {each.properties["displayName"] for each in call.store.below(service_id(call.id.text), NAMED_VALUE)}
    for name in REFERENCE.findall(str((properties.get("credentials") or {}).get("header"))):
        if name not in known:
            yield "credentials.header", f"Cannot find a property '{name}'."


def _breaker(call: Call, properties: Body) -> Iterator[_Problem]:
    rules = (properties.get("circuitBreaker") or {}).get("rules") or []
    if rules and service_of(call.store, call.id.text).body["sku"]["name"] == CONSUMPTION:
        yield "circuitBreaker", "Circuit breakers are not supported in the Consumption tier."
    if len(rules) > 1:
        yield "circuitBreaker.rules", "The sandbox emulates one rule of a circuit breaker."
    for rule in rules:
        condition = rule.get("failureCondition") or {}
        if "count" not in condition or "percentage" in condition:
            yield "circuitBreaker.rules", "The sandbox emulates rules with 'failureCondition.count' alone."
        for name, text in (("tripDuration", rule.get("tripDuration")), ("interval", condition.get("interval"))):
            if text is None or seconds(text) is None:
                yield "circuitBreaker.rules", f"'{name}' is '{text}'; it must be an ISO 8601 duration such as PT1M."


def absolute(inside: str, reference: str) -> str:
    """The ARM id of what a resource in a service names, which may be a path in the service.

    Args:
        inside: Required. Id of the resource.
        reference: Required.
    """
    whole = reference.lower().startswith("/subscriptions/")
    return reference if whole else f"{service_id(inside)}/{reference.lstrip('/')}"


class NamedValue(Child):
    """A text that policies and backends name; a secret one is never shown."""

    type = NAMED_VALUE
    contract = NamedValueBody
    names = names("a named value", 256)

    @property
    def actions(self) -> Mapping[str, Action]:
        """The value."""
        return {"listvalue": _list_value, "refreshsecret": _refresh}

    def build(self, call: Call, existing: Resource | None) -> Resource:
        """The named value, without its value where it is secret."""
        given = call.properties
        value, reference = given.pop("value", None), given.get("keyVault")
        if reference is None and value is None and existing is None:
            raise validation_error(("value", "Value is required for a named value that is not from a key vault."))
        same = find_named_value(call.store, service_id(call.id.text), given["displayName"])
        if same is not None and same.id.lower() != call.id.text.lower():
            raise validation_error(("displayName", f"The named value '{given['displayName']}' already exists."))
        named = self.new(call, existing, {"tags": [], "secret": bool(reference), **given})
        if reference is not None:
            vault_secrets.read(call.world, service_of(call.store, call.id.text), reference)
            named.properties["keyVault"] = reference | {"lastStatus": _status(call)}
            named.secrets = {}
        elif value is not None:
            _keep(named, value)
        return named

    def check_patch(self, call: Call, resource: Resource) -> None:
        """A value that came with it is kept where no answer shows it."""
        if "value" in resource.properties:
            _keep(resource, resource.properties.pop("value"))


def _keep(named: Resource, value: str) -> None:
    named.secrets = {VALUE: value} if named.properties["secret"] else {}
    if not named.properties["secret"]:
        named.properties["value"] = value


def _status(call: Call) -> dict[str, Any]:
    return {"code": "Success", "timeStampUtc": timestamp(call.now)}


def value_of(world: World, named: Resource) -> str:
    """The value of a named value; that of a key vault's secret is read anew.

    Raises:
        ArmError: the service may not read the secret, or it is gone.
    """
    reference = named.properties.get("keyVault")
    if reference is not None:
        return vault_secrets.read(world, service_of(world.store, named.id), reference)
    return str(named.secrets.get(VALUE) or named.properties.get("value") or "")


def find_named_value(store: Store, service: str, name: str) -> Resource | None:
    """The named value that a text names.

    Args:
        store: Required.
        service: Required. Id.
        name: Required. Its display name.
    """
    return next((each for each in store.below(service, NAMED_VALUE) if each.properties["displayName"] == name), None)


def _list_value(call: Call, named: Resource) -> Answer:
    return Answer(HTTPStatus.OK, {"value": value_of(call.world, named)})


def _refresh(call: Call, named: Resource) -> Answer:
    value_of(call.world, named)
    return Answer(HTTPStatus.OK, named.body)
