"""Authenticates callers of a Foundry account: keys, and Entra tokens of callers with a role."""

from __future__ import annotations

from hmac import compare_digest

from azure_llama_sandbox.arm.access import allows_data
from azure_llama_sandbox.inference.errors import RefusalError
from azure_llama_sandbox.inference.exchange import Exchange
from azure_llama_sandbox.inference.foundry.accounts import Account
from azure_llama_sandbox.inference.foundry.routes import Api, Route
from azure_llama_sandbox.world import Principal, World

_PROJECT_AUDIENCE = "https://ai.azure.com"
AUDIENCES = frozenset({_PROJECT_AUDIENCE, "https://cognitiveservices.azure.com"})
"""Audiences of Entra tokens that accounts take; a project's routes take the first alone."""
_OPERATIONS = {Api.CHAT: "chat/completions", Api.COMPLETION: "completions", Api.MODELS: "models"}
_NO_KEY = (
    "Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an"
    " active subscription and use a correct regional API endpoint for your resource."
)


def authenticate(world: World, account: Account, route: Route, exchange: Exchange) -> Principal | str:
    """The caller: a principal, or the name of a key as the log has it.

    Raises:
        RefusalError: 401, or 403 for a key of an account that takes none.
    """
    header = exchange.header(b"authorization")
    scheme, _, bearer = (header or "").partition(" ")
    key = exchange.header(b"api-key") or (bearer.strip() if scheme.lower() == "bearer" else None)
    if key is None:
        raise RefusalError(401, "401", _NO_KEY)
    principal = None if exchange.header(b"api-key") else world.tokens.principal(header)
    if principal is None:
        return _by_key(account, route, key)
    audience = principal.audience.rstrip("/")
    if audience not in AUDIENCES or (route.entra_only and audience != _PROJECT_AUDIENCE):
        wanted = _PROJECT_AUDIENCE if route.entra_only else "https://cognitiveservices.azure.com"
        raise RefusalError(
            401,
            "401",
            f"Unauthorized. Access token is missing, invalid, audience is incorrect ({wanted}), or have expired.",
        )
    return principal


def _by_key(account: Account, route: Route, key: str) -> str:
    if not account.local_auth:
        raise RefusalError(403, "AuthenticationTypeDisabled", "Key based authentication is disabled for this resource.")
    for name, known in account.keys.items():
        if compare_digest(key.encode(), known.encode()) and not route.entra_only:
            return f"key:{name}"
    raise RefusalError(401, "401", _NO_KEY)


def authorize(world: World, account: Account, route: Route, caller: Principal | str, format_: str) -> None:
    """Refuse a caller whose roles do not allow the operation.

    Args:
        world: Required.
        account: Required.
        route: Required.
        caller: Required. Of `authenticate`.
        format_: Required. The model's; that of OpenAI has data actions of its own.

    Raises:
        RefusalError: 401 `PermissionDenied`.
    """
    if isinstance(caller, str):
        return
    operation = _OPERATIONS[route.api]
    if route.api is Api.MODELS:
        action = "Microsoft.CognitiveServices/accounts/OpenAI/models/read"
    elif format_ == "OpenAI":
        action = f"Microsoft.CognitiveServices/accounts/OpenAI/deployments/{operation}/action"
    else:
        action = f"Microsoft.CognitiveServices/accounts/MaaS/{operation}/action"
    if not allows_data(world, caller, action, account.id):
        raise RefusalError(
            401,
            "PermissionDenied",
            f"The principal `{caller.object_id}` lacks the required data action `{action}` to perform"
            f" `{route.method} {operation}` operation.",
        )
