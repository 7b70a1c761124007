from __future__ import annotations

from dataclasses import replace
from typing import Any

import httpx
import pytest
from azure.core.credentials import AccessToken
from azure.core.exceptions import ClientAuthenticationError

from azure_llama.catalog import kinds
from azure_llama.inference import AsyncClient, AuthenticationError, Client, Endpoint
from tests.azure_llama.inference.clients import CHAT, KEY, MANAGED, SERVERLESS, Both, Kind, Wire

ENTRA = replace(MANAGED, auth="AADToken", key=None)


class Credential:
    """Of azure-identity."""

    def __init__(self, error: Exception | None = None) -> None:
        self.scopes: list[str] = []
        self._error = error

    def get_token(self, *scopes: str, **_: Any) -> AccessToken:
        self.scopes += scopes
        if self._error:
            raise self._error
        return AccessToken("entra-token", 0)


class AsyncCredential:
    """Of azure.identity.aio."""

    async def get_token(self, *scopes: str, **_: Any) -> AccessToken:
        if scopes != (kinds.MANAGED.scope,):
            raise ClientAuthenticationError("wrong scope")
        return AccessToken("entra-token", 0)

    async def close(self) -> None:
        """Nothing is open."""

    async def __aenter__(self) -> AsyncCredential:
        return self

    async def __aexit__(self, *_: Any) -> None:
        """Nothing is open."""


def bearer(kind: Kind, endpoint: Endpoint) -> str:
    wire = Wire(httpx.Response(200, json=CHAT))
    Both(kind, wire, endpoint).ask("chat", "hi")
    return wire.requests[0].headers["authorization"].removeprefix("Bearer ")


@pytest.mark.parametrize("kind", ["sync", "async"])
@pytest.mark.parametrize("key", [None, MANAGED.key])
def test_an_entra_endpoint_gets_a_token(kind: Kind, key: Any) -> None:
    credential = Credential()
    assert bearer(kind, replace(ENTRA, credential=credential, key=key)) == "entra-token"
    assert credential.scopes == ["https://ml.azure.com/.default"]


def test_the_asynchronous_client_awaits_an_asynchronous_credential() -> None:
    assert bearer("async", replace(ENTRA, credential=AsyncCredential())) == "entra-token"


def test_the_synchronous_client_refuses_one() -> None:
    with pytest.raises(AuthenticationError, match="take AsyncClient"):
        Client(replace(ENTRA, credential=AsyncCredential()))


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_a_key_endpoint_gets_its_key_even_beside_a_credential(kind: Kind) -> None:
    assert bearer(kind, replace(SERVERLESS, credential=Credential())) == KEY


@pytest.mark.parametrize("client", [Client, AsyncClient])
def test_an_endpoint_without_either_is_refused(client: Any) -> None:
    with pytest.raises(AuthenticationError, match=r"llama-8b: no way to sign in.*auth is AADToken"):
        client(ENTRA)


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_a_credential_that_gives_no_token_says_why(kind: Kind) -> None:
    credential = Credential(ClientAuthenticationError("please run az login"))
    wire = Wire(httpx.Response(200, json=CHAT))
    with pytest.raises(AuthenticationError, match=r"no Entra token for .*: please run az login") as raised:
        Both(kind, wire, replace(ENTRA, credential=credential)).ask("chat", "hi")
    assert raised.value.__cause__ is not None
    assert wire.requests == []
