"""Products of a service, the APIs that they open, and the subscriptions to them (contract 2024-05-01)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from http import HTTPStatus

from azure_llama_sandbox.arm.api_management.backends import absolute
from azure_llama_sandbox.arm.api_management.common import (
    API,
    API_LINK,
    PRODUCT,
    SUBSCRIPTION,
    Child,
    names,
    plain_names,
    require,
    service_id,
    validation_error,
)
from azure_llama_sandbox.arm.api_management.product_body import ApiLinkBody, ProductBody, SubscriptionBody
from azure_llama_sandbox.arm.calls import Answer, Call, timestamp
from azure_llama_sandbox.arm.kinds import Action, Body
from azure_llama_sandbox.store import Resource

PRIMARY, SECONDARY = "primaryKey", "secondaryKey"
_KEY_BYTES = 16


class Product(Child):
    """A product: APIs for those who subscribe to it."""

    type = PRODUCT
    contract = ProductBody
    names = plain_names("a product")

    def build(self, call: Call, existing: Resource | None) -> Resource:
        """The product."""
        given = call.properties
        for other in call.store.below(service_id(call.id.text), PRODUCT):
            same = other.properties["displayName"] == given["displayName"]
            if same and other.id.lower() != call.id.text.lower():
                raise validation_error(("displayName", f"The product '{given['displayName']}' already exists."))
        defaults: Body = {"subscriptionRequired": True, "state": "notPublished"}
        if given.get("subscriptionRequired", True):
            defaults["approvalRequired"] = False
        return self.new(call, existing, defaults | given)

    def check_delete(self, call: Call, resource: Resource) -> None:
        """Refuse while there are subscriptions to it."""
        subscriptions = [
            each
            for each in call.store.below(service_id(resource.id), SUBSCRIPTION)
            if each.properties["scope"].lower() == resource.id.lower()
        ]
        if subscriptions and call.query.get("deletesubscriptions", "").lower() != "true":
            raise validation_error(
                (
                    "productId",
                    f"The product '{resource.name}' has {len(subscriptions)} subscriptions. Delete them first, or set"
                    " deleteSubscriptions=true.",
                )
            )
        for each in subscriptions:
            call.store.delete(each.id)


class ApiLink(Child):
    """An API of a product."""

    type = API_LINK
    contract = ApiLinkBody
    names = names("a link to an API")

    def build(self, call: Call, existing: Resource | None) -> Resource:
        """The link."""
        api = require(call, API, call.properties["apiId"], "apiId")
        return self.new(call, existing, {"apiId": api.id})


class Subscription(Child):
    """Two keys that open the APIs of a product, one API, or all."""

    type = SUBSCRIPTION
    contract = SubscriptionBody
    names = names("a subscription", 256)

    @property
    def actions(self) -> Mapping[str, Action]:
        """Keys."""
        return {
            "listsecrets": _list_secrets,
            "regenerateprimarykey": _regenerate_primary,
            "regeneratesecondarykey": _regenerate_secondary,
        }

    def build(self, call: Call, existing: Resource | None) -> Resource:
        """The subscription, without its keys."""
        given = call.properties
        keys = {name: given.pop(name) for name in (PRIMARY, SECONDARY) if name in given}
        before = existing.properties if existing else {}
        properties = {
            "allowTracing": False,
            "state": before.get("state", "submitted"),
            "createdDate": before.get("createdDate") or timestamp(call.now),
            **given,
            "scope": _scope(call, given["scope"]),
        }
        subscription = self.new(call, existing, properties)
        made = subscription.secrets or {PRIMARY: _key(), SECONDARY: _key()}
        subscription.secrets = made | keys
        return subscription

    def check_patch(self, call: Call, resource: Resource) -> None:
        """Keys that came with it are kept where no answer shows them."""
        for name in (PRIMARY, SECONDARY):
            if name in resource.properties:
                resource.secrets[name] = resource.properties.pop(name)
        resource.properties["scope"] = _scope(call, resource.properties["scope"])


def _scope(call: Call, reference: str) -> str:
    """The id that a scope stands for: a product, an API, or all APIs of the service."""
    whole = absolute(call.id.text, reference).rstrip("/")
    service = service_id(call.id.text)
    if whole.lower() in (service.lower(), f"{service}/apis".lower()):
        return f"{service}/apis" if whole.lower().endswith("/apis") else f"{service}/"
    type_ = PRODUCT if "/products/" in whole.lower() else API
    return require(call, type_, whole, "scope").id


def _key() -> str:
    return secrets.token_hex(_KEY_BYTES)


def _list_secrets(call: Call, subscription: Resource) -> Answer:
    return Answer(HTTPStatus.OK, dict(subscription.secrets))


def _regenerate(call: Call, subscription: Resource, name: str) -> Answer:
    subscription.secrets[name] = _key()
    call.store.put(subscription)
    return Answer(HTTPStatus.NO_CONTENT)


def _regenerate_primary(call: Call, subscription: Resource) -> Answer:
    return _regenerate(call, subscription, PRIMARY)


def _regenerate_secondary(call: Call, subscription: Resource) -> Answer:
    return _regenerate(call, subscription, SECONDARY)
