"""Below Microsoft.CognitiveServices/accounts (contract 2025-06-01): deployments, projects and projects' connections."""

from __future__ import annotations

import uuid

from pydantic import Field

from azure_llama.catalog import names
from azure_llama.catalog.names import NameRule
from azure_llama_sandbox.arm import cognitive_services_data as data
from azure_llama_sandbox.arm.calls import Call
from azure_llama_sandbox.arm.cognitive_services_body import AccountIdentity
from azure_llama_sandbox.arm.cognitive_services_models import ACCOUNT, DEPLOYMENT, account_of, used_of
from azure_llama_sandbox.arm.contract import ABSENT, Sku, Strict, Tagged, Tracked
from azure_llama_sandbox.arm.errors import bad_request
from azure_llama_sandbox.arm.kinds import Body, Kind, identity_of, location_of
from azure_llama_sandbox.arm.machine_learning.connections import Connection
from azure_llama_sandbox.store import Resource

PROJECT = f"{ACCOUNT}/projects"
_DEPLOYMENTS_MOST = 32
_FORMATS = "the sandbox knows " + ", ".join(sorted({f"{each.format} {each.name}" for each in data.MODELS}))


class Scale(Strict):
    """`scaleSettings`."""

    capacity: int = ABSENT
    scale_type: str = ABSENT


class CapacitySettings(Strict):
    """`capacitySettings`."""

    designated_capacity: int = Field(ABSENT, ge=0)
    priority: int = Field(ABSENT, ge=0)


class DeploymentModel(Strict):
    """`model`."""

    format: str = ABSENT
    name: str = ABSENT
    publisher: str = ABSENT
    source: str = ABSENT
    source_account: str = ABSENT
    version: str = ABSENT


class DeploymentProperties(Strict):
    """`properties` of a deployment."""

    capacity_settings: CapacitySettings = ABSENT
    current_capacity: int = ABSENT
    model: DeploymentModel = ABSENT
    parent_deployment_name: str = ABSENT
    rai_policy_name: str = ABSENT
    scale_settings: Scale = ABSENT
    spillover_deployment_name: str = ABSENT
    version_upgrade_option: str = ABSENT


class DeploymentSku(Sku):
    """`sku` of a deployment: its tier is an open enumeration."""

    tier: str = ABSENT  # type: ignore[assignment]  # wider than Azure ML's


class DeploymentBody(Tagged):
    """A deployment's PUT."""

    properties: DeploymentProperties = ABSENT
    sku: DeploymentSku = ABSENT


class ProjectProperties(Strict):
    """`properties` of a project."""

    description: str = ABSENT
    display_name: str = ABSENT


class ProjectBody(Tracked):
    """A project's PUT."""

    identity: AccountIdentity = ABSENT
    properties: ProjectProperties = ABSENT


class Deployment(Kind):
    """A model deployed to an account: ready at once."""

    type = DEPLOYMENT
    contract = DeploymentBody
    names = NameRule(
        "a deployment", r"[a-zA-Z0-9][\w.-]*", 1, 64, "letters, digits, _, . and -", "upstream", "2026-11-30"
    )
    located = False
    etagged = dated = True
    patchable = frozenset({"tags", "sku"})

    def build(self, call: Call, existing: Resource | None) -> Resource:
        """The deployment."""
        account = account_of(call.store, call.id.text)
        if existing is None and len(call.store.below(account.id, DEPLOYMENT)) >= _DEPLOYMENTS_MOST:
            raise bad_request(
                f"The account '{account.name}' has {_DEPLOYMENTS_MOST} deployments, the limit.", code="QuotaExceeded"
            )
        sku = call.body.get("sku")
        if sku is None:
            raise bad_request("The sku of model deployment is not provided.", target="sku", code="InvalidSku")
        model = _model(call.properties.get("model") or {}, sku["name"], account)
        capacity = sku.get("capacity", model.default)
        before = existing.properties if existing else {}
        asked: Body = {"format": model.format, "name": model.name, "version": model.version}
        if existing and before["model"] != asked and before["currentCapacity"] != capacity:
            raise bad_request("Cannot change capacity and model at the same time for deployment", target="sku.capacity")
        _check_capacity(call, model, capacity, account)
        properties = {
            "versionUpgradeOption": "OnceNewDefaultVersionAvailable",
            **call.properties,
            "model": (call.properties.get("model") or {}) | asked,
            "currentCapacity": capacity,
            "capabilities": dict(model.capabilities),
            "rateLimits": [each | {"count": each["count"] * capacity} for each in model.rate_limits],
        }
        return self.new(call, existing, properties, sku=sku | {"capacity": capacity}, tags=call.body.get("tags"))

    def check_patch(self, call: Call, resource: Resource) -> None:
        """Scaling takes quota."""
        account = account_of(call.store, resource.id)
        model = _model(resource.properties["model"], resource.body["sku"]["name"], account)
        capacity = resource.body["sku"]["capacity"]
        _check_capacity(call, model, capacity, account)
        resource.properties["currentCapacity"] = capacity


def _model(asked: Body, sku: str, account: Resource) -> data.Model:
    found = data.find_models(asked.get("format") or "", asked.get("name") or "", asked.get("version"))
    kinds = ("AIServices", account.body["kind"])
    model = next((each for each in found if each.kind in kinds or account.body["kind"] == "AIServices"), None)
    if model is None or model.sku.lower() != sku.lower():
        words = ", ".join(f"{key.title()}: {asked.get(key) or ''}" for key in ("format", "name", "version"))
        sold = f" with SKU '{sku}'" if model else ""
        raise bad_request(
            f"The model '{words}' of account deployment is not supported{sold}: {_FORMATS}.",
            target="properties.model",
            code="DeploymentModelNotSupported",
        )
    return model


def _check_capacity(call: Call, model: data.Model, capacity: int, account: Resource) -> None:
    if not 1 <= capacity <= model.maximum:
        raise bad_request(
            f"The capacity '{capacity}' of '{model.name}' version '{model.version}' must be from 1 to {model.maximum}.",
            target="sku.capacity",
            code="InvalidCapacity",
        )
    text, limit = data.LIMITS[model.usage_name]
    used = used_of(call.store, location_of(account.body), model.usage_name, without=call.id.text)
    if used + capacity > limit:
        raise bad_request(
            f"This operation require {capacity} new capacity in quota {text}, which is bigger than the current"
            f" available capacity {limit - used}. The current quota usage is {used} and the quota limit is {limit} for"
            f" quota {text}.",
            code="InsufficientQuota",
        )


class Project(Kind):
    """A project of an account."""

    type = PROJECT
    contract = ProjectBody
    names = names.COGNITIVE_ACCOUNT
    located_as_sent = True
    etagged = dated = True
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
        before = existing.properties if existing else {}
        domain = account.properties.get("customSubDomainName") or account.name
        uri = f"https://{domain.lower()}.services.ai.azure.com/api/projects/{call.id.name}"
        properties = {
            **call.properties,
            "endpoints": {"AI Foundry API": uri},
            "isDefault": before.get("isDefault", not call.store.below(account.id, PROJECT)),
            "internalId": before.get("internalId") or uuid.uuid4().hex,
        }
        identity = identity_of(call.body, existing)
        project = self.new(call, existing, properties, kind="AIServices", identity=identity)
        project.body["name"] = f"{account.name}/{call.id.name}"
        return project


class ProjectConnection(Connection):
    """A connection of a project: the service is that of Azure ML's connections."""

    type = f"{PROJECT}/connections"

    def holder(self, call: Call) -> Resource:
        """The account."""
        return account_of(call.store, call.id.text)

    def owner(self, holder: Resource) -> Body:
        """A project's connection names no workspace."""
        return {}
