"""workspaces/serverlessEndpoints: models billed by tokens."""

from __future__ import annotations

from collections.abc import Mapping

from azure_llama.catalog import names, parse_asset_id
from azure_llama_sandbox.arm.calls import Call
from azure_llama_sandbox.arm.contract import one_of
from azure_llama_sandbox.arm.errors import user_error
from azure_llama_sandbox.arm.kinds import Action, Style, identity_of
from azure_llama_sandbox.arm.machine_learning import regional_limits
from azure_llama_sandbox.arm.machine_learning.bodies import ServerlessBody
from azure_llama_sandbox.arm.machine_learning.common import (
    SERVERLESS,
    SUBSCRIPTION_TYPE,
    Child,
    display_name,
    list_keys,
    new_keys,
    ready_workspace,
    regenerate_keys,
    same_region,
    with_default,
)
from azure_llama_sandbox.arm.machine_learning.marketplace import SUBSCRIBED, offered_model
from azure_llama_sandbox.facts import CATALOG
from azure_llama_sandbox.store import Resource
from azure_llama_sandbox.world import World

_AUTH_MODES = ("Key", "AAD", "KeyAndAAD")
_HOSTING_KINDS = ("Project", "Default")
_AUTH_MODE_REQUIRED_FROM = "2024-07-01"


def host_of(name: str, region: str) -> str:
    """The endpoint's DNS name."""
    return f"{name}.{region}.models.ai.azure.com".lower()


class ServerlessEndpoint(Child):
    """A serverless endpoint: one for each model and workspace."""

    type = SERVERLESS
    contract = ServerlessBody
    names = names.SERVERLESS_ENDPOINT
    patch = Style.ACCEPTED
    patchable = frozenset({"tags", "sku", "identity"})

    @property
    def actions(self) -> Mapping[str, Action]:
        """Keys. (getStatus is gone since 2024-07-01-preview.)"""
        return {"listkeys": list_keys, "regeneratekeys": regenerate_keys}

    def adapt(self, call: Call) -> Call:
        """Older API versions did not require authMode, and had an offer block that is no longer used."""
        body = call.body
        if not isinstance(body, dict) or not isinstance(body.get("properties"), dict):
            return call
        if call.api_version >= _AUTH_MODE_REQUIRED_FROM:
            return call
        properties = {"authMode": "Key"} | body["properties"]
        if "offer" in properties:
            raise user_error(
                f"The offer {properties['offer']} was not found. Subscribe to the model with a marketplaceSubscription"
                " and name it in properties.modelSettings.modelId.",
                "NotFound",
                "ServerlessOfferNotFound",
                target="properties.offer",
            )
        return call.about(call.id, body=body | {"properties": properties})

    def build(self, call: Call, existing: Resource | None) -> Resource:
        """The endpoint."""
        workspace = ready_workspace(call)
        region = same_region(call, workspace)
        _check_kind(workspace, region)
        given = call.properties
        auth_mode = with_default(given, "authMode", "properties.authMode", _AUTH_MODES)
        safety = given.get("contentSafety") or {}
        status = with_default(
            safety, "contentSafetyStatus", "properties.contentSafety.contentSafetyStatus", ("Enabled", "Disabled")
        )
        one_of((call.body.get("sku") or {}).get("name"), "sku.name", ("Consumption",))
        model_id = (given.get("modelSettings") or {}).get("modelId") or ""
        if existing is None:
            _check_name(call, region)
            regional_limits.check(call, SERVERLESS, region)
            subscription_id = _check_model(call, workspace, model_id, region)
        else:
            _check_same_model(existing, model_id, region)
            subscription_id = existing.properties.get("marketplaceSubscriptionId")
        before = existing.properties if existing else {}
        endpoint = self.new(
            call,
            existing,
            {
                "authMode": auth_mode,
                "modelSettings": {"modelId": model_id},
                "contentSafety": {"contentSafetyStatus": status},
                "marketplaceSubscriptionId": subscription_id,
                "inferenceEndpoint": before.get("inferenceEndpoint"),
                "endpointState": before.get("endpointState", "Creating"),
            },
            kind=call.body.get("kind"),
            sku=call.body.get("sku") or {"name": "Consumption"},
            identity=identity_of(call.body, existing),
        )
        endpoint.secrets = endpoint.secrets or new_keys()
        return endpoint

    def stored(self, call: Call, resource: Resource) -> None:
        """Takes its name."""
        call.store.claim_host(host_of(resource.name, resource.body["location"]), resource.id)

    def finished(self, world: World, resource: Resource) -> None:
        """Online, with an address."""
        uri = f"https://{host_of(resource.name, resource.body['location'])}"
        resource.properties["inferenceEndpoint"] = {"uri": uri, "headers": {}}
        if resource.properties["endpointState"] == "Creating":
            resource.properties["endpointState"] = "Online"

    def deleting(self, resource: Resource) -> None:
        """Its own state says so too."""
        resource.properties["endpointState"] = "Deleting"


def _check_kind(workspace: Resource, region: str) -> None:
    if workspace.body["kind"] not in _HOSTING_KINDS:
        raise user_error(
            f"The workspace '{workspace.name}' is of kind {workspace.body['kind']}: serverless endpoints are"
            " deployed in a project or in a workspace of kind Default.",
            "BadArgument",
            location=region,
        )


def _check_name(call: Call, region: str) -> None:
    host = host_of(call.id.name, region)
    owner = call.store.host_owner(host)
    if call.world.conditions().takes(host) or (owner is not None and owner != call.id.text.lower()):
        raise user_error(
            f"The serverless endpoint name ({call.id.name}) is not available. Please select a different name: it is"
            f" unique in the region {display_name(region)}.",
            "BadArgument",
            location=region,
            target="name",
        )


def _check_same_model(existing: Resource, model_id: str, region: str) -> None:
    before = existing.properties["modelSettings"]["modelId"]
    if before.lower() != model_id.lower():
        raise user_error(
            f"'properties.modelSettings.modelId' of '{existing.name}' is '{before}' and cannot be changed. Make another"
            " endpoint.",
            "BadArgument",
            location=region,
            target="properties.modelSettings.modelId",
        )


def _check_model(call: Call, workspace: Resource, model_id: str, region: str) -> str | None:
    """The id of the subscription that pays for it; None for Microsoft's own models."""
    asset = parse_asset_id(model_id)
    needs_subscription = asset is None or asset.needs_subscription or CATALOG.find_model(model_id) is not None
    if needs_subscription or (asset is not None and asset.version is not None):
        model = offered_model(call, model_id, region)
        # Where another publisher's model is offered is unknown: then it is taken to be offered here. A model of the
        # catalogue whose regions are unknown is refused: Azure's answer is unknown, and this one is the cautious one.
        if model is not None and region not in (model.serverless_regions(call.world.clock.today()) or ()):
            raise user_error(
                f"The requested model '{model_id}' is not available in region '{display_name(region)}'.",
                "BadArgument",
                "ServerlessModelNotAvailableInRegion",
                location=region,
                target="properties.modelSettings.modelId",
            )
    subscription = _subscription(call, workspace, model_id)
    if needs_subscription and subscription is None:
        # Azure's code for this is unknown; this one is the sandbox's.
        raise user_error(
            f"The workspace '{workspace.name}' is not subscribed to the offer of the model '{model_id}'. Create a"
            " marketplaceSubscription for it and wait until it is Subscribed.",
            "MarketplaceSubscriptionNotFound",
            location=region,
            target="properties.modelSettings.modelId",
        )
    for other in call.store.below(workspace.id, SERVERLESS):
        if other.properties["modelSettings"]["modelId"].lower() == model_id.lower():
            # The limit is documented, Azure's code for it is unknown; this one is the sandbox's.
            raise user_error(
                f"The model '{model_id}' is already deployed in the workspace '{workspace.name}' by the serverless"
                f" endpoint '{other.name}'; one deployment of a model is allowed in a workspace.",
                "ServerlessEndpointLimitExceeded",
                location=region,
                target="properties.modelSettings.modelId",
            )
    return subscription.id if subscription else None


def _subscription(call: Call, workspace: Resource, model_id: str) -> Resource | None:
    for each in call.store.below(workspace.id, SUBSCRIPTION_TYPE):
        properties = each.properties
        standing = properties["provisioningState"] in ("Succeeded", "Updating")
        if properties["modelId"].lower() == model_id.lower() and standing:
            return each if properties["marketplaceSubscriptionStatus"] == SUBSCRIBED else None
    return None
