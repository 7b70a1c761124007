"""Authenticates callers of an endpoint: keys, Azure ML tokens, Entra tokens."""

from __future__ import annotations

from hmac import compare_digest

from azure_llama_sandbox.arm.access import allows
from azure_llama_sandbox.inference.endpoints import Endpoint
from azure_llama_sandbox.inference.errors import RefusalError, unauthorized
from azure_llama_sandbox.world import World

AUDIENCES = frozenset({"https://ml.azure.com", "https://ai.azure.com"})
"""Audiences of Entra tokens that managed endpoints take."""

MAY_SCORE = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/score/action"
MAY_FETCH = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/token/action"


def authenticate(world: World, endpoint: Endpoint, authorization: str | None, api_key: str | None) -> str:
    """The caller's name for the log: `key:primary`, `key:secondary`, or a client id.

    Args:
        world: Required.
        endpoint: Required. Which one is called; its `authMode` says what it takes.
        authorization: Required. The header, if any.
        api_key: Required. The `api-key` header, if any and if the route takes it; looked at when the other is absent.

    Raises:
        RefusalError: 401, also for a token without the right to score, as managed endpoints answer.
    """
    match endpoint.auth:
        case "Key" | "KeyAndAAD":
            return _by_key(endpoint, authorization, api_key)
        case "AADToken":
            return _by_entra(world, endpoint, authorization)
        case "AMLToken":
            return _by_aml(world, endpoint, authorization)
    # No document shows a serverless Llama endpoint that takes an Entra token, and users report that it fails.
    raise unauthorized(
        f"The authMode of endpoint {endpoint.name} is {endpoint.auth}; no caller is known to be let in that way. "
        "Set authMode to Key."
    )


def _by_key(endpoint: Endpoint, authorization: str | None, api_key: str | None) -> str:
    given = api_key if authorization is None else _bearer(authorization)
    if given is not None:
        for name, key in endpoint.keys.items():
            if compare_digest(given.encode(), key.encode()):
                return f"key:{name}"
    raise _refused(endpoint, authorization or api_key, "one of its two keys as 'Authorization: Bearer <key>'")


def _by_entra(world: World, endpoint: Endpoint, authorization: str | None) -> str:
    principal = world.tokens.principal(authorization)
    if principal is None or principal.audience.rstrip("/") not in AUDIENCES:
        raise _refused(endpoint, authorization, "an Entra token for https://ml.azure.com as 'Authorization: Bearer'")
    if not allows(world, principal, MAY_SCORE, endpoint.id):
        raise unauthorized(
            f"The client '{principal.client_id}' may not score endpoint {endpoint.name}: "
            f"none of its roles allows {MAY_SCORE}."
        )
    return principal.client_id


def _by_aml(world: World, endpoint: Endpoint, authorization: str | None) -> str:
    principal = world.tokens.principal(authorization)
    # The token is this endpoint's alone. Calling takes no right of its own; having it took the right to fetch it here.
    own = principal is not None and principal.audience.casefold() == endpoint.id.casefold()
    if principal is None or not own or not allows(world, principal, MAY_FETCH, endpoint.id):
        raise _refused(endpoint, authorization, "an Azure ML token from its token action as 'Authorization: Bearer'")
    return principal.client_id


def _bearer(authorization: str) -> str | None:
    scheme, _, credential = authorization.partition(" ")
    return credential.strip() if scheme.lower() == "bearer" else None


def _refused(endpoint: Endpoint, given: str | None, wanted: str) -> RefusalError:
    what = "No credential was given" if not given else "The credential that was given is not valid here"
    return unauthorized(f"{what}: endpoint {endpoint.name} takes {wanted}.")
