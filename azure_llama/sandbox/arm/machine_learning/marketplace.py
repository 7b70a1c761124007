"""workspaces/marketplaceSubscriptions: the purchase that a third party's model needs before it is deployed."""

from __future__ import annotations

from http import HTTPStatus

from azure_llama.catalog import Model, Stage, find_model, names, parse_asset_id, roles
from azure_llama.sandbox.arm import access
from azure_llama.sandbox.arm.calls import Call
from azure_llama.sandbox.arm.errors import ArmError, user_error
from azure_llama.sandbox.arm.machine_learning.bodies import SubscriptionBody
from azure_llama.sandbox.arm.machine_learning.common import (
    SERVERLESS,
    SUBSCRIPTION_TYPE,
    Child,
    ready_workspace,
    workspace_of,
)
from azure_llama.sandbox.store import Resource
from azure_llama.sandbox.world import World

SUBSCRIBED = "Subscribed"
_PUBLISHER = "metagenai"
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
        model = offered_model(call, model_id, region)
        _check_rights(call)
        for other in call.store.below(workspace.id, self.type):
            if other.properties["modelId"].lower() == model_id.lower():
                # A workspace subscribes once to an offer; what Azure answers to a second one is unknown.
                raise user_error(
                    f"The workspace '{workspace.name}' is already subscribed to '{model_id}' by '{other.name}'.",
                    "MarketplaceSubscriptionAlreadyExists",
                    location=region,
                    status=HTTPStatus.CONFLICT,
                )
        offer = model.serverless.offer
        offer_id = (offer and offer.offer) or f"{model.name.lower().replace('.', '-')}-offer"
        plan = {
            "publisherId": (offer and offer.publisher) or _PUBLISHER,
            "offerId": offer_id,
            "planId": (offer and offer.plan) or f"{offer_id}-sandbox-plan",
        }
        properties = {
            "modelId": model_id,
            "marketplacePlan": plan,
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


def _check_rights(call: Call) -> None:
    """Buying takes rights on the subscription and the resource group besides those on the workspace."""
    on_subscription, on_group = roles.CUSTOM_ROLE[:2]
    for grant, scope in ((on_subscription, f"/subscriptions/{call.id.subscription}"), (on_group, call.id.group_id)):
        for action in grant.actions:
            access.require(call, action, scope=scope)


def endpoints_of(world: World, subscription: Resource) -> list[Resource]:
    """The serverless endpoints that a subscription pays for."""
    workspace = workspace_of(world.store, subscription.id)
    model_id = subscription.properties["modelId"].lower()
    found = world.store.below(workspace.id, SERVERLESS)
    return [each for each in found if each.properties["modelSettings"]["modelId"].lower() == model_id]


def offered_model(call: Call, model_id: str, region: str) -> Model:
    """The model of an id; refuse one that Azure does not offer as a serverless endpoint today, wherever.

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
    model = find_model(model_id)
    if model is None or model.stage(call.world.clock.today()) in _CLOSED:
        raise not_available(model_id, region)
    return model


def not_available(model_id: str, region: str) -> ArmError:
    """A model that is retired, or that Azure never offered.

    The text is Azure's; its inner code is unknown, and this one the sandbox's choice.
    """
    return user_error(
        f"The requested model '{model_id}' is not available.",
        "ServerlessModelNotAvailable",
        location=region,
        target="modelId",
    )
