"""The bearer of a request: a key, or an Entra token."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncGenerator, Generator

import httpx
from azure.core.credentials import AccessToken
from azure.core.exceptions import AzureError
from pydantic import SecretStr

from azure_llama.inference.endpoint import Credential, Endpoint, header_secret
from azure_llama.inference.errors import AuthenticationError


class Bearer(httpx.Auth):
    """Signs requests. The secret is taken at the last moment and is in no attribute that prints.

    Raises:
        AuthenticationError: the endpoint has neither key nor credential, or the credential gives no token.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        self._where, self._scope = endpoint.name, endpoint.access.scope
        self._header = endpoint.access.key_header
        key, credential = endpoint.key, endpoint.credential
        # Both may be at hand in a pipeline; the endpoint takes one of them.
        if endpoint.auth == "AADToken" and credential is not None:
            key = None
        if key is None and credential is None:
            raise AuthenticationError(
                f"no way to sign in: give its key, or a credential of azure-identity (auth is {endpoint.auth})",
                where=endpoint.name,
            )
        self._key: SecretStr | None = key
        self._credential: Credential | None = None if key else credential

    @property
    def asynchronous(self) -> bool:
        """Whether its credential is of `azure.identity.aio`."""
        return self._credential is not None and inspect.iscoroutinefunction(self._credential.get_token)

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Sign a request."""
        yield self._sign(request, self._key or self._secret(self._ask()))

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """Sign a request, without holding up others while a token is fetched."""
        if self._key:
            secret = self._key
        elif self.asynchronous:
            secret = self._secret(await self._ask_async())
        else:
            secret = self._secret(await asyncio.to_thread(self._ask))
        yield self._sign(request, secret)

    def _ask(self) -> AccessToken:
        assert self._credential is not None
        try:
            token = self._credential.get_token(self._scope)
        except AzureError as error:
            raise self._refused(error) from error
        assert isinstance(token, AccessToken)
        return token

    async def _ask_async(self) -> AccessToken:
        assert self._credential is not None
        try:
            token = self._credential.get_token(self._scope)
            return token if isinstance(token, AccessToken) else await token
        except AzureError as error:
            raise self._refused(error) from error

    def _refused(self, error: AzureError) -> AuthenticationError:
        return AuthenticationError(f"no Entra token for {self._scope}: {error.message}", where=self._where)

    def _secret(self, token: AccessToken) -> SecretStr:
        try:
            return header_secret(token.token, "the Entra token")
        except ValueError as error:
            text = str(error)
        raise AuthenticationError(text, where=self._where)

    def _sign(self, request: httpx.Request, secret: SecretStr) -> httpx.Request:
        scheme = "Bearer " if self._header == "Authorization" else ""
        request.headers[self._header] = f"{scheme}{secret.get_secret_value()}"
        return request
