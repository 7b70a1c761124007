"""workspaces/marketplaceSubscriptions: subscriptions that models of other publishers require."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus

from azure_llama.catalog import Model, Stage, names, parse_asset_id, roles
from azure_llama_sandbox.arm import access, guards
from azure_llama_sandbox.arm.calls import Call
from azure_llama_sandbox.arm.errors import ArmError, user_error
from azure_llama_sandbox.arm.kinds import Body
from azure_llama_sandbox.arm.machine_learning.bodies import SubscriptionBody
from azure_llama_sandbox.arm.machine_learning.common import (
    SERVERLESS,
    SUBSCRIPTION_TYPE,
    WORKSPACE,
    Child,
    ready_workspace,
    workspace_of,
)
from azure_llama_sandbox.facts import CATALOG
from azure_llama_sandbox.store import Resource
from azure_llama_sandbox.world import World

SUBSCRIBED = "Subscribed"
_PUBLISHER = "metagenai"
_KNOWN_REGISTRIES = ("azureml-meta", "azureml")
DOCUMENTED_WRITE = f"{WORKSPACE}/marketplaceModelSubscriptions/write"
"""What the documents call the action of subscribing."""

_CLOSED = (Stage.DEPRECATED, Stage.RETIRED)


class MarketplaceSubscription(Child):
    """A workspace's subscription to a model's offer: one for each model."""

    type = SUBSCRIPTION_TYPE
    contract = SubscriptionBody
    names = names.MARKETPLACE_SUBSCRIPTION
    located = False
    patchable = frozenset()

    def build(self, call: Call, existing: Resource | None) -> Resource:
        """The subscription."""
        workspace = ready_workspace(call)
        region: str = workspace.body["location"]
        model_id: str = call.properties["modelId"]
        if existing is not None:
            _check_same_model(existing, model_id, region)
            return self.new(call, existing, existing.properties)
        asset = parse_asset_id(model_id)
        if asset is not None and not asset.needs_subscription:
            raise user_error(
                f"The model '{model_id}' is Microsoft's own: it needs no marketplace subscription.",
                "BadArgument",
                location=region,
                target="properties.modelId",
            )
        _check_rights(call, workspace)
        model = offered_model(call, model_id, region)
        _check_purchase(call, region)
        for other in call.store.below(workspace.id, self.type):
            if other.properties["modelId"].lower() == model_id.lower():
                # A workspace subscribes once to an offer; what Azure answers to a second one is unknown.
                raise user_error(
                    f"The workspace '{workspace.name}' is already subscribed to '{model_id}' by '{other.name}'.",
                    "MarketplaceSubscriptionAlreadyExists",
                    location=region,
                    status=HTTPStatus.CONFLICT,
                )
        properties = {
            "modelId": model_id,
            "marketplacePlan": _plan(model, model_id),
            "marketplaceSubscriptionStatus": "Unsubscribed",
        }
        return self.new(call, existing, properties)

    def finished(self, world: World, resource: Resource) -> None:
        """Subscribed; endpoints that were suspended for want of it come back."""
        resource.properties["marketplaceSubscriptionStatus"] = SUBSCRIBED
        for endpoint in endpoints_of(world, resource):
            if endpoint.properties.get("endpointState") == "Suspended":
                endpoint.properties.update(endpointState="Online", marketplaceSubscriptionId=resource.id)
                world.store.put(endpoint)

    def removed(self, world: World, resource: Resource, when: float, *, purge: bool) -> None:
        """Its endpoints stay, and answer no longer."""
        for endpoint in endpoints_of(world, resource):
            endpoint.properties["endpointState"] = "Suspended"
            world.store.put(endpoint)


def _check_same_model(existing: Resource, model_id: str, region: str) -> None:
    if existing.properties["modelId"].lower() != model_id.lower():
        raise user_error(
            f"'properties.modelId' of '{existing.name}' is '{existing.properties['modelId']}' and cannot be changed."
            " Make another subscription.",
            "BadArgument",
            location=region,
            target="properties.modelId",
        )


def _check_rights(call: Call, workspace: Resource) -> None:
    """Buying takes rights on the subscription and the resource group besides those on the workspace.

    ARM itself has checked the write on its own type, `marketplaceSubscriptions`, before. The documents demand
    `marketplaceModelSubscriptions`, which ARM does not have: that the service checks it too is the cautious reading.
    """
    on_subscription, on_group = roles.CUSTOM_ROLE[:2]
    access.require(call, DOCUMENTED_WRITE, scope=workspace.id)
    for grant, scope in ((on_subscription, f"/subscriptions/{call.id.subscription}"), (on_group, call.id.group_id)):
        for action in grant.actions:
            access.require(call, action, scope=scope)


def _check_purchase(call: Call, region: str) -> None:
    """Refuse what the billing account cannot buy, and what unregistered providers cannot sell."""
    if (missing := guards.missing_seller(call.store)) is not None:
        raise user_error(missing, "MissingSubscriptionRegistration", location=region)
    reason = call.world.conditions().refused_purchase
    if reason is not None:
        raise user_error(
            f"Marketplace Subscription purchase eligibility check failed, error message [{reason}]",
            "MarketplacePurchaseNotEligible",
            location=region,
        )


def _plan(model: Model | None, model_id: str) -> Body:
    """Of a model whose offer is unknown, one that looks like those that are known."""
    offer = model.serverless.offer if model else None
    asset = parse_asset_id(model_id)
    name = model.name if model else asset.name if asset else model_id
    offer_id = (offer and offer.offer) or f"{name.lower().replace('.', '-')}-offer"
    return {
        "publisherId": (offer and offer.publisher) or (_PUBLISHER if model else "000-000"),
        "offerId": offer_id,
        "planId": (offer and offer.plan) or f"{offer_id}-sandbox-plan",
    }


def endpoints_of(world: World, subscription: Resource) -> list[Resource]:
    """The serverless endpoints that a subscription pays for."""
    workspace = workspace_of(world.store, subscription.id)
    model_id = subscription.properties["modelId"].lower()
    found = world.store.below(workspace.id, SERVERLESS)
    return [each for each in found if each.properties["modelSettings"]["modelId"].lower() == model_id]


def offered_model(call: Call, model_id: str, region: str) -> Model | None:
    """The model of an id; refuse one that Azure does not offer as a serverless endpoint today, wherever.

    Returns:
        None for a model of another publisher: the catalogue has none of them, so that it may well be offered.

    Raises:
        ArmError: 400. For an id with a version it is the sandbox's choice: the documents say that the newest version is
            always deployed and the official client refuses one that is given, but not what the service does.
    """
    asset = parse_asset_id(model_id)
    if asset is None or asset.version is not None:
        raise user_error(
            f"'{model_id}' is not a model id for serverless endpoints: it has the form"
            " azureml://registries/<registry>/models/<name>, without a version. The newest one is deployed.",
            "BadArgument",
            location=region,
            target="modelId",
        )
    model = CATALOG.find_model(model_id)
    today = call.world.clock.today()
    if model is None and asset.registry.lower() in _KNOWN_REGISTRIES:
        raise not_available(model_id, region)
    if model is not None and model.stage(today) in _CLOSED:
        raise not_available(model_id, region, _farewell(model, region, today))
    if model is not None and model.serverless_regions(today) == frozenset():
        raise not_available(model_id, region, _sentence(CATALOG.instead(model, region, today)))
    return model


def _farewell(model: Model, region: str, today: date) -> str:
    lifecycle = model.lifecycle
    begun = [
        (when, word)
        for when, word in ((lifecycle.deprecated, "deprecated"), (lifecycle.retired, "retired"))
        if when is not None and when <= today
    ]
    when, word = max(begun)
    key = lifecycle.retired_source if word == "retired" else lifecycle.source
    said = f" (source {key}, {CATALOG.sources[key].as_of})" if key else ""
    return f" It was {word} on {when.isoformat()}{said}.{_sentence(CATALOG.instead(model, region, today))}"


def _sentence(advice: str) -> str:
    return f" {advice[0].upper()}{advice[1:]}."


def not_available(model_id: str, region: str, more: str = "") -> ArmError:
    """A model that is retired, or that Azure never offered.

    The first sentence is Azure's; the rest and its inner code are the sandbox's.
    """
    return user_error(
        f"The requested model '{model_id}' is not available.{more}",
        "ServerlessModelNotAvailable",
        location=region,
        target="modelId",
    )
