"""APIs of a service, their operations and policies (contract 2024-05-01)."""

from __future__ import annotations

import re

from azure_llama_sandbox.arm.api_management.api_body import ApiBody, OperationBody, PolicyBody
from azure_llama_sandbox.arm.api_management.common import (
    API,
    API_POLICY,
    CONSUMPTION,
    OPERATION,
    PRODUCT_POLICY,
    Child,
    names,
    service_id,
    service_of,
    validation_error,
)
from azure_llama_sandbox.arm.api_management.policy_language import elements, problems, read
from azure_llama_sandbox.arm.calls import Call
from azure_llama_sandbox.arm.kinds import Body, Style
from azure_llama_sandbox.store import Resource

_PARAMETER = re.compile(r"\{([^}]+)\}")
_POLICY_NAME = "policy"
_FORMAT = "xml"


class Api(Child):
    """An API: a path of the service's host, and operations below it."""

    type = API
    contract = ApiBody
    names = names("an API", 256)
    delete = Style.ACCEPTED

    def build(self, call: Call, existing: Resource | None) -> Resource:
        """The API."""
        given = call.properties
        if given.get("format") or given.get("value"):
            raise validation_error(("format", "The sandbox imports no API descriptions. Put the operations instead."))
        properties = {
            "displayName": call.id.name,
            "apiRevision": "1",
            "isCurrent": True,
            "subscriptionRequired": True,
            "protocols": ["https"],
            "authenticationSettings": {},
            **given,
            "subscriptionKeyParameterNames": {"header": "Ocp-Apim-Subscription-Key", "query": "subscription-key"}
            | (given.get("subscriptionKeyParameterNames") or {}),
        }
        _check_path(call, properties)
        return self.new(call, existing, properties)

    def check_patch(self, call: Call, resource: Resource) -> None:
        """The same rules as for a PUT."""
        _check_path(call, resource.properties)


def _check_path(call: Call, properties: Body) -> None:
    for other in call.store.below(service_id(call.id.text), API):
        if other.id.lower() != call.id.text.lower() and other.properties["path"] == properties["path"]:
            raise validation_error(
                (
                    "path",
                    f"Cannot create API '{call.id.name}' with the same Path '{properties['path']}' as API"
                    f" '{other.name}'.",
                )
            )


class Operation(Child):
    """An operation of an API."""

    type = OPERATION
    contract = OperationBody
    names = names("an operation")

    def build(self, call: Call, existing: Resource | None) -> Resource:
        """The operation."""
        given = call.properties
        named = {each["name"] for each in given.get("templateParameters") or ()}
        if named != set(_PARAMETER.findall(given["urlTemplate"])):
            raise validation_error(
                ("templateParameters", "All template parameters used in the UriTemplate must be defined in Operation.")
            )
        if given.get("policies"):
            raise validation_error(("policies", "The sandbox emulates policies of APIs and products alone."))
        return self.new(call, existing, {"templateParameters": [], "responses": [], **given})


class ApiPolicy(Child):
    """The policy of an API."""

    type = API_POLICY
    contract = PolicyBody
    names = names("a policy")

    def build(self, call: Call, existing: Resource | None) -> Resource:
        """The policy."""
        properties = {"format": _FORMAT, **call.properties}
        _check_policy(call, properties)
        return self.new(call, existing, properties)

    def check_patch(self, call: Call, resource: Resource) -> None:
        """The same rules as for a PUT."""
        _check_policy(call, resource.properties)


class ProductPolicy(ApiPolicy):
    """The policy of a product."""

    type = PRODUCT_POLICY


def _check_policy(call: Call, properties: Body) -> None:
    if call.id.name.lower() != _POLICY_NAME:
        raise validation_error(("policyId", f"The name of a policy must be '{_POLICY_NAME}'."))
    if properties["format"] != _FORMAT:
        raise validation_error(("format", f"The sandbox takes policies of format '{_FORMAT}' alone."))
    found = [(each.element, each.message) for each in problems(properties["value"])]
    if found:
        raise validation_error(*found)
    service = service_of(call.store, call.id.text)
    for node in elements(read(properties["value"])):
        place = f"Error in element '{node.tag}' on line {node.line}, column {node.column}"
        if node.tag.startswith("llm-token") and service.body["sku"]["name"] == CONSUMPTION:
            found.append((node.tag, f"{place}: the policy is not supported in the Consumption tier."))
        backend = node.attributes.get("backend-id")
        if backend and call.store.get(f"{service.id}/backends/{backend}") is None:
            found.append((node.tag, f"{place}: Backend with id '{backend}' could not be found."))
    if found:
        raise validation_error(*found)
