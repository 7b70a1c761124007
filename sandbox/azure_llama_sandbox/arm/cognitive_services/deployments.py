"""Microsoft.CognitiveServices/accounts/deployments (contract 2025-06-01): models that an account serves."""

from __future__ import annotations

from http import HTTPStatus

from pydantic import Field

from azure_llama.catalog import limits
from azure_llama.catalog.names import NameRule
from azure_llama_sandbox import foundry
from azure_llama_sandbox.arm import guards
from azure_llama_sandbox.arm.calls import Answer, Call
from azure_llama_sandbox.arm.cognitive_services import rai_policies
from azure_llama_sandbox.arm.cognitive_services.common import DEPLOYMENT, AccountWriter, account_of
from azure_llama_sandbox.arm.cognitive_services.regional import quota, sku_row
from azure_llama_sandbox.arm.contract import ABSENT, Sku, Strict, Tagged, one_of
from azure_llama_sandbox.arm.errors import ArmError, bad_request
from azure_llama_sandbox.arm.kinds import Body, location_of
from azure_llama_sandbox.store import Resource

_INVALID = "InvalidResourceProperties"
_UPGRADE_OPTIONS = ("OnceNewDefaultVersionAvailable", "OnceCurrentVersionExpired", "NoAutoUpgrade")


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
    """`properties`."""

    capacity_settings: CapacitySettings = ABSENT
    current_capacity: int = ABSENT
    model: DeploymentModel = ABSENT
    parent_deployment_name: str = ABSENT
    rai_policy_name: str = ABSENT
    scale_settings: Scale = ABSENT
    spillover_deployment_name: str = ABSENT
    version_upgrade_option: str = ABSENT


class DeploymentSku(Sku):
    """`sku`: its tier is an open enumeration."""

    tier: str = ABSENT  # type: ignore[assignment]  # wider than Azure ML's


class DeploymentBody(Tagged):
    """A PUT's body."""

    properties: DeploymentProperties = ABSENT
    sku: DeploymentSku = ABSENT


class Deployment(AccountWriter):
    """A model deployed to an account: ready when the PUT is answered."""

    type = DEPLOYMENT
    contract = DeploymentBody
    names = NameRule(
        "a deployment", r"[a-zA-Z0-9][\w.-]*", 1, 64, "letters, digits, _, . and -", "upstream", "2026-11-30"
    )
    located = False
    patchable = frozenset({"tags", "sku"})

    def build(self, call: Call, existing: Resource | None) -> Resource:
        """The deployment."""
        account = account_of(call.store, call.id.text)
        most = limits.DEPLOYMENTS_PER_ACCOUNT.high
        if existing is None and len(call.store.below(account.id, DEPLOYMENT)) >= most:
            # Azure's code for it is unknown; this one is the sandbox's.
            raise bad_request(f"The account '{account.name}' has {most} deployments, the limit.", code="QuotaExceeded")
        sku = call.body.get("sku")
        if sku is None:
            raise bad_request("The sku of model deployment is not provided.", target="sku", code=_INVALID)
        named = call.properties.get("model") or {}
        model = _model(call, named, account)
        offer = _offer(model, sku["name"], account)
        capacity = sku.get("capacity", offer.capacity["default"])
        before = existing.properties if existing else {}
        asked: Body = {"format": model.format, "name": model.name, "version": model.version}
        same = existing is not None and before["model"].items() >= asked.items()
        if existing is not None and not same and before["currentCapacity"] != capacity:
            raise bad_request("Cannot change capacity and model at the same time for deployment", target="sku.capacity")
        if not same:
            _check_deployable(call, model)
        _check_properties(call, account)
        _check_capacity(call, model, offer, capacity, account)
        properties = {
            "versionUpgradeOption": _UPGRADE_OPTIONS[0],
            **call.properties,
            "model": named | asked,
            "currentCapacity": capacity,
            "capabilities": dict(model.capabilities),
            "rateLimits": offer.rate_limits(capacity),
        }
        shown_sku = sku | {"name": offer.name, "capacity": capacity}
        return self.new(call, existing, properties, sku=shown_sku, tags=call.body.get("tags"))

    def check_patch(self, call: Call, resource: Resource) -> None:
        """Scaling takes quota."""
        account = account_of(call.store, resource.id)
        model = foundry.model_of(resource.properties)
        offer = _offer(model, resource.body["sku"]["name"], account)
        capacity = resource.body["sku"]["capacity"]
        _check_capacity(call, model, offer, capacity, account)
        resource.properties["currentCapacity"] = capacity
        resource.properties["rateLimits"] = offer.rate_limits(capacity)


def list_skus(call: Call) -> Answer:
    """GET the SKUs that a deployment can have."""
    deployment = call.store.get(call.id.parent.text if call.id.parent else "")
    if deployment is None:
        raise ArmError(HTTPStatus.NOT_FOUND, "DeploymentNotFound", "The deployment does not exist.")
    offers = foundry.model_of(deployment.properties).offers
    rows = [{"resourceType": DEPLOYMENT, "sku": {"name": each.name}, "capacity": sku_row(each)} for each in offers]
    return Answer(HTTPStatus.OK, {"value": rows})


def _model(call: Call, named: Body, account: Resource) -> foundry.Model:
    found = foundry.find_models(named.get("format") or "", named.get("name") or "", named.get("version"))
    kinds = ("AIServices", account.body["kind"])
    model = next((each for each in found if account.body["kind"] == "AIServices" or each.kind in kinds), None)
    if model is None:
        words = ",".join(f"{key.title()}:{named.get(key) or ''}" for key in ("format", "name", "version"))
        raise bad_request(
            f"The model '{words}' of account deployment is not supported.",
            target="properties.model",
            code="DeploymentModelNotSupported",
        )
    if model.name in call.world.conditions().foundry.no_access:
        raise bad_request(
            f"The current subscription does not have access to this model '{model.words}'.",
            target="properties.model",
            code="SpecialFeatureOrQuotaIdRequired",
        )
    return model


def _offer(model: foundry.Model, sku: str, account: Resource) -> foundry.Offer:
    region = location_of(account.body)
    offer = model.offer(sku)
    if not foundry.is_sku_name(sku):
        message = f"The deployment sku name '{sku}' is invalid."
    elif offer is None:
        message = f"The specified SKU '{sku}' of account deployment is not supported by the model '{model.words}'."
    elif offer.regions is not None and region not in offer.regions:
        version = f"{model.name} {model.version}"
        message = f"The specified SKU '{sku}' for model '{version}' is not supported in this region '{region}'."
    else:
        return offer
    raise bad_request(message, target="sku.name", code=_INVALID)


def _check_deployable(call: Call, model: foundry.Model) -> None:
    """Refuse a model that is retired, that this subscription never deployed and is deprecating, or cannot buy."""
    conditions = call.world.conditions()
    status = model.lifecycle(call.world.clock.today(), conditions)
    deployed = any(foundry.model_of(each.properties) == model for each in call.store.of_type(DEPLOYMENT))
    if status == foundry.DEPRECATED or (status == foundry.DEPRECATING and not deployed):
        raise bad_request(
            f"The model '{model.words}' is in {status.lower()} state and cannot be used for new deployments.",
            target="properties.model",
            code=f"ServiceModel{status}",
        )
    if model.marketplace and (missing := guards.missing_seller(call.store)) is not None:
        raise bad_request(missing, target="properties.model", code="MarketplacePurchaseEligibilityFailed")
    if model.marketplace and (reason := conditions.refused_purchase) is not None:
        # Azure's code for it is unknown; this one is the sandbox's.
        raise bad_request(
            f"Marketplace Subscription purchase eligibility check failed. {reason}",
            target="properties.model",
            code="MarketplacePurchaseEligibilityFailed",
        )


def _check_properties(call: Call, account: Resource) -> None:
    given = call.properties
    one_of(
        given.get("versionUpgradeOption"), "properties.versionUpgradeOption", _UPGRADE_OPTIONS, machine_learning=False
    )
    policy = given.get("raiPolicyName")
    if policy is not None and rai_policies.find(call.store, account, policy) is None:
        # Azure's code for it is unknown; this one is the sandbox's.
        raise bad_request(
            f"The content filter '{policy}' does not exist in the account '{account.name}'.",
            target="properties.raiPolicyName",
            code=_INVALID,
        )


def _check_capacity(call: Call, model: foundry.Model, offer: foundry.Offer, capacity: int, account: Resource) -> None:
    problem = offer.problem(capacity)
    if problem is not None:
        # Azure's code for it is unknown; this one is the sandbox's.
        raise bad_request(
            f"The capacity '{capacity}' of '{model.name}' version '{model.version}' with SKU '{offer.name}' {problem}.",
            target="sku.capacity",
            code="InvalidCapacity",
        )
    text, limit, used = quota(call.world, location_of(account.body), offer.usage_name, without=call.id.text)
    if used + capacity > limit:
        raise bad_request(
            f"This operation require {capacity} new capacity in quota {text}, which is bigger than the current"
            f" available capacity {limit - used}. The current quota usage is {used} and the quota limit is {limit} for"
            f" quota {text}.",
            code="InsufficientQuota",
        )
