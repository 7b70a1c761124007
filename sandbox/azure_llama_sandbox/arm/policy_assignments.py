"""Microsoft.Authorization/policyAssignments (contract 2025-01-01): kept and answered, not enforced."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Literal

from pydantic import Field

from azure_llama.catalog.names import NameRule
from azure_llama_sandbox.arm.calls import Call
from azure_llama_sandbox.arm.contract import ABSENT, Empty, Strict, one_of
from azure_llama_sandbox.arm.errors import bad_request
from azure_llama_sandbox.arm.kinds import Kind, identity_of
from azure_llama_sandbox.store import Resource

_DEFINITIONS = ("/policydefinitions/", "/policysetdefinitions/")


class AssignmentIdentity(Strict):
    """`identity`."""

    type: Literal["SystemAssigned", "UserAssigned", "None"] = ABSENT
    user_assigned_identities: dict[str, Empty] = ABSENT


class Message(Strict):
    """One of `nonComplianceMessages`."""

    message: str
    policy_definition_reference_id: str = ABSENT


class Selector(Strict):
    """One of `selectors`."""

    in_: list[str] = Field(ABSENT, alias="in")
    kind: str = ABSENT
    not_in: list[str] = ABSENT


class Override(Strict):
    """One of `overrides`."""

    kind: str = ABSENT
    selectors: list[Selector] = ABSENT
    value: str = ABSENT


class ParameterValue(Strict):
    """One of `parameters`."""

    value: Any = ABSENT


class ResourceSelector(Strict):
    """One of `resourceSelectors`."""

    name: str = ABSENT
    selectors: list[Selector] = ABSENT


class PolicyProperties(Strict):
    """`properties`."""

    assignment_type: str = ABSENT
    definition_version: str = ABSENT
    description: str = ABSENT
    display_name: str = ABSENT
    enforcement_mode: str = ABSENT
    metadata: Any = ABSENT
    non_compliance_messages: list[Message] = ABSENT
    not_scopes: list[str] = ABSENT
    overrides: list[Override] = ABSENT
    parameters: dict[str, ParameterValue] = ABSENT
    policy_definition_id: str = ABSENT
    resource_selectors: list[ResourceSelector] = ABSENT


class PolicyBody(Strict):
    """A PUT's body."""

    identity: AssignmentIdentity = ABSENT
    location: str = ABSENT
    properties: PolicyProperties = ABSENT


class PolicyAssignment(Kind):
    """A policy assigned to a scope."""

    type = "Microsoft.Authorization/policyAssignments"
    contract = PolicyBody
    names = NameRule(
        "a policy assignment", r"[^%&\\?/<>:*+ ]+", 1, 128, "no %, &, \\, ?, /, <, >, :, *, + or space",
        "azure-names-2020-02", "2020-02-11",
    )  # fmt: skip
    located = False
    stateful = False
    extension = True
    again = HTTPStatus.CREATED
    shows_deleted = True
    patchable = frozenset()

    def build(self, call: Call, existing: Resource | None) -> Resource:
        """The assignment."""
        given = call.properties
        definition = str(given.get("policyDefinitionId", "")).lower()
        if not any(part in definition for part in _DEFINITIONS):
            raise bad_request(
                f"'properties.policyDefinitionId' is '{given.get('policyDefinitionId', '')}'; it is the id of a policy"
                " or of an initiative.",
                target="properties.policyDefinitionId",
                code="InvalidPolicyDefinitionId",
            )
        modes = ("Default", "DoNotEnforce", "Enroll")
        one_of(given.get("enforcementMode"), "properties.enforcementMode", modes, machine_learning=False)
        identity = identity_of(call.body, existing)
        if identity is not None and not call.body.get("location"):
            raise bad_request(
                "An assignment with an identity needs a location.", target="location", code="LocationRequired"
            )
        properties = {"enforcementMode": "Default", "parameters": {}, "notScopes": [], **given, "scope": call.id.scope}
        return self.new(call, existing, properties, identity=identity, location=call.body.get("location"))
