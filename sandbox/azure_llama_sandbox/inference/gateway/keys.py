"""Authenticates callers of a gateway's API with subscription keys."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import parse_qs

from azure_llama_sandbox.inference.exchange import Exchange
from azure_llama_sandbox.inference.gateway.refusals import GatewayError
from azure_llama_sandbox.inference.gateway.services import Api, Product, Service, Subscription

_MISSING = "missing subscription key. Make sure to include subscription key when making requests to an API."
_INVALID = "invalid subscription key. Make sure to provide a valid key for an active subscription."


def authenticate(service: Service, api: Api, exchange: Exchange) -> tuple[Subscription | None, Product | None]:
    """The subscription of a caller, and the product that it is for.

    Raises:
        GatewayError: 401.
    """
    query = parse_qs(str(exchange.scope["query_string"], "latin-1"))
    key = exchange.header(api.key_header.encode()) or next(iter(query.get(api.key_query, ())), None)
    if not api.key_required and key is None:
        return None, None
    if key is None:
        raise _refused(service, api, _MISSING)
    subscription = service.keys.get(key)
    if subscription is None or not subscription.active:
        raise _refused(service, api, _INVALID)
    scope = subscription.scope.lower().rstrip("/")
    product = service.products.get(scope)
    opened = product is not None and api.id.lower() in product.apis
    if not opened and scope not in (service.id.lower(), f"{service.id}/apis".lower(), api.id.lower()):
        raise _refused(service, api, _INVALID)
    return subscription, product


def _refused(service: Service, api: Api, reason: str) -> GatewayError:
    realm = f"{service.resource.properties['gatewayUrl']}/{api.path}"
    challenge = f'AzureApiManagementKey realm="{realm}",name="{api.key_header}",type="header"'
    return GatewayError(
        HTTPStatus.UNAUTHORIZED, f"Access denied due to {reason}", headers={"WWW-Authenticate": challenge}
    )
