"""Projects of a Foundry account, and the connections of both (contract 2025-06-01)."""

from __future__ import annotations

import uuid

from azure_llama.catalog import names
from azure_llama_sandbox.arm.calls import Call
from azure_llama_sandbox.arm.cognitive_services.account_body import AccountIdentity
from azure_llama_sandbox.arm.cognitive_services.common import ACCOUNT, PROJECT, AccountWriter, account_of
from azure_llama_sandbox.arm.contract import ABSENT, Strict, Tracked
from azure_llama_sandbox.arm.errors import bad_request
from azure_llama_sandbox.arm.kinds import Body, identity_of
from azure_llama_sandbox.arm.machine_learning.connections import Connection
from azure_llama_sandbox.store import Resource

_PROJECTS_MOST = 250


class ProjectProperties(Strict):
    """`properties`."""

    description: str = ABSENT
    display_name: str = ABSENT


class ProjectBody(Tracked):
    """A PUT's body."""

    identity: AccountIdentity = ABSENT
    properties: ProjectProperties = ABSENT


class Project(AccountWriter):
    """A project of an account."""

    type = PROJECT
    contract = ProjectBody
    names = names.FOUNDRY_CHILD
    located_as_sent = True
    patchable = frozenset({"tags", "identity", "properties"})

    def build(self, call: Call, existing: Resource | None) -> Resource:
        """The project."""
        account = account_of(call.store, call.id.text)
        if account.body["kind"] != "AIServices" or not account.properties.get("allowProjectManagement"):
            raise bad_request(
                f"The account '{account.name}' takes no projects: it needs kind AIServices and"
                " 'properties.allowProjectManagement'.",
                code="ProjectManagementNotAllowed",
            )
        projects = call.store.below(account.id, PROJECT)
        if existing is None and len(projects) >= _PROJECTS_MOST:
            raise bad_request(
                f"The account '{account.name}' has {_PROJECTS_MOST} projects, the limit.", code="QuotaExceeded"
            )
        before = existing.properties if existing else {}
        domain = account.properties.get("customSubDomainName") or account.name
        uri = f"https://{domain.lower()}.services.ai.azure.com/api/projects/{call.id.name}"
        properties = {
            **call.properties,
            "endpoints": {"AI Foundry API": uri},
            "isDefault": before.get("isDefault", not projects),
            "internalId": before.get("internalId") or uuid.uuid4().hex,
        }
        identity = identity_of(call.body, existing)
        project = self.new(call, existing, properties, kind="AIServices", identity=identity)
        project.body["name"] = f"{account.name}/{call.id.name}"
        return project


class AccountConnection(Connection):
    """A connection of an account: the service is that of Azure ML's connections."""

    type = f"{ACCOUNT}/connections"

    def holder(self, call: Call) -> Resource:
        """The account."""
        return account_of(call.store, call.id.text)

    def owner(self, holder: Resource) -> Body:
        """It names no workspace."""
        return {}


class ProjectConnection(AccountConnection):
    """A connection of a project."""

    type = f"{PROJECT}/connections"
