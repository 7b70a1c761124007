"""Access tokens for ARM, from the token service: by a client secret, a pipeline's token, or a managed identity."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import jwt

from azure_llama_sandbox.provider.errors import ProviderError

ARM_AUDIENCE = "https://management.azure.com"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_MARGIN = 300
"""Seconds before its end at which a token is fetched anew."""
Assertion = Callable[[], Awaitable[str]]
"""Gets the token of a pipeline. Raises ProviderError."""


@dataclass(frozen=True)
class Credential:
    """The identity of the provider.

    Attributes:
        tenant: Required. Tenant id.
        client_id: Required. Application id.
        client_secret: Conditional. One of this and the next two is required. Never shown.
        assertion: Conditional. Gets a pipeline's token, which the token service accepts in place of a secret.
        machine: Conditional. What the machine shows whose managed identity it is.
    """

    tenant: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    assertion: Assertion | None = field(default=None, repr=False)
    machine: str = field(default="", repr=False)


class TokenCache:
    """Fetches tokens and keeps them while they are good."""

    def __init__(self, http: httpx.AsyncClient, authority: str) -> None:
        self._http = http
        self._authority = authority.rstrip("/")
        self._tokens: dict[tuple[Credential, str], tuple[str, float]] = {}
        self._fetching = asyncio.Lock()

    async def token(self, credential: Credential, audience: str = ARM_AUDIENCE) -> str:
        """A token for an audience.

        Raises:
            ProviderError: the token service refuses the client; its own words, without the secret.
        """
        async with self._fetching:  # a deployment starts with many calls at once; one token does for all
            token, end = self._tokens.get((credential, audience), ("", 0.0))
            if end - _MARGIN < time.time():
                token, end = await self._fetch(credential, audience)
                self._tokens[credential, audience] = (token, end)
            return token

    async def claims(self, credential: Credential) -> dict[str, Any]:
        """The claims of the ARM token about its owner (`appid`, `oid`, `tid`)."""
        token = await self.token(credential)
        claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
        return claims

    def forget(self, credential: Credential) -> None:
        """Drop the cached tokens of a credential after a rejection."""
        self._tokens = {key: value for key, value in self._tokens.items() if key[0] != credential}

    async def _fetch(self, credential: Credential, audience: str) -> tuple[str, float]:
        try:
            answer = await self._ask(credential, audience)
        except httpx.TransportError as error:
            raise ProviderError(f"cannot reach the token service at {self._authority}: {error}") from None
        body = _object(answer)
        try:
            return str(body["access_token"]), time.time() + float(body["expires_in"])
        except (KeyError, TypeError, ValueError):
            reason = body.get("error_description") or body.get("error") or f"HTTP status {answer.status_code}"
            raise ProviderError(f"cannot get a token for client {credential.client_id}: {reason}") from None

    async def _ask(self, credential: Credential, audience: str) -> httpx.Response:
        if credential.machine:
            query = {"api-version": "2019-08-01", "resource": audience, "client_id": credential.client_id}
            headers = {"X-IDENTITY-HEADER": credential.machine}
            return await self._http.get(f"{self._authority}/msi/token", params=query, headers=headers)
        form = {
            "grant_type": "client_credentials",
            "client_id": credential.client_id,
            "scope": f"{audience}/.default",
        }
        if credential.assertion is not None:
            form |= {"client_assertion_type": ASSERTION_TYPE, "client_assertion": await credential.assertion()}
        else:
            form["client_secret"] = credential.client_secret
        return await self._http.post(f"{self._authority}/{credential.tenant}/oauth2/v2.0/token", data=form)


def _object(answer: httpx.Response) -> dict[str, Any]:
    """The answer's JSON object; empty for anything else, such as a proxy's page."""
    try:
        body = answer.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
