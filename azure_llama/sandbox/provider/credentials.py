"""Access tokens for ARM, from the token service, by client credentials."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

import httpx
import jwt

from azure_llama.sandbox.provider.errors import ProviderError

ARM_AUDIENCE = "https://management.azure.com"
_MARGIN = 300
"""Seconds before its end at which a token is fetched anew."""


@dataclass(frozen=True)
class Credential:
    """Who the provider is to Azure.

    Attributes:
        tenant: Required. Tenant id.
        client_id: Required. Application id.
        client_secret: Required. Never shown.
    """

    tenant: str
    client_id: str
    client_secret: str = field(repr=False)


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
        """What the ARM token says of its owner (`appid`, `oid`, `tid`)."""
        token = await self.token(credential)
        claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
        return claims

    def forget(self, credential: Credential) -> None:
        """Drop the tokens of a credential: somebody did not accept one."""
        self._tokens = {key: value for key, value in self._tokens.items() if key[0] != credential}

    async def _fetch(self, credential: Credential, audience: str) -> tuple[str, float]:
        try:
            answer = await self._http.post(
                f"{self._authority}/{credential.tenant}/oauth2/v2.0/token",
                data={
                    "grant_type": "client_credentials",
                    "client_id": credential.client_id,
                    "client_secret": credential.client_secret,
                    "scope": f"{audience}/.default",
                },
            )
        except httpx.TransportError as error:
            raise ProviderError(f"cannot reach the token service at {self._authority}: {error}") from None
        body: Any = answer.json() if "json" in answer.headers.get("content-type", "") else {}
        if answer.status_code != 200:
            reason = body.get("error_description") or body.get("error") or f"HTTP status {answer.status_code}"
            raise ProviderError(f"cannot get a token for client {credential.client_id}: {reason}")
        return body["access_token"], time.time() + float(body["expires_in"])
