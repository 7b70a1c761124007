"""The credential that the provider signs in with: from the variables that azure-native reads, and from no others."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from azure_llama_sandbox.provider.credentials import Credential, TokenCache
from azure_llama_sandbox.provider.errors import ProviderError
from azure_llama_sandbox.provider.sign_in import choose
from tests.deploy.forges import Forge, running

pytestmark = pytest.mark.anyio
IDS = {"ARM_SUBSCRIPTION_ID": "s", "ARM_TENANT_ID": "t", "ARM_CLIENT_ID": "c"}
OIDC = {**IDS, "ARM_USE_OIDC": "true"}
TERRAFORM = {
    "ARM_OIDC_REQUEST_URL": "https://x.example",
    "ARM_OIDC_REQUEST_TOKEN": "t",
    "ARM_OIDC_AZURE_SERVICE_CONNECTION_ID": "s",
    "ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID": "s",
    "SYSTEM_OIDCREQUESTURI": "https://x.example",
    "SYSTEM_ACCESSTOKEN": "t",
    "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID": "s",
    "AZURE_FEDERATED_TOKEN_FILE": "/token",
}


@pytest.fixture
def forge() -> Iterator[Forge]:
    with running() as forge:
        yield forge


def chosen(variables: dict[str, str], **settings: Any) -> Credential:
    return choose(settings, variables, ssl.create_default_context())


async def assertion(credential: Credential) -> str:
    assert credential.assertion is not None
    return await credential.assertion()


def requested(forge: Forge) -> dict[str, str]:
    return {"ACTIONS_ID_TOKEN_REQUEST_URL": f"{forge.url}/idtoken?x=1", "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "job"}


def test_no_other_variable_signs_in() -> None:
    message = r"^A OIDC token or request URL and token must be configured when authenticating with OIDC\.$"
    for variables in ({}, TERRAFORM, {"ACTIONS_ID_TOKEN_REQUEST_URL": "https://x.example"}):
        with pytest.raises(ProviderError, match=message):
            chosen({**OIDC, **variables})


@pytest.mark.parametrize(
    ("variable", "name"),
    [("ARM_SUBSCRIPTION_ID", "Subscription ID"), ("ARM_TENANT_ID", "Tenant ID"), ("ARM_CLIENT_ID", "Client ID")],
)
def test_what_is_missing_is_named(variable: str, name: str) -> None:
    with pytest.raises(ProviderError, match=rf"^A {name} must be configured when authenticating with OIDC\.$"):
        chosen({**OIDC, "ARM_OIDC_TOKEN": "token", variable: ""})


def test_a_secret_goes_before_a_token_and_a_token_before_the_machine() -> None:
    everything = {**OIDC, "ARM_OIDC_TOKEN": "x", "ARM_USE_MSI": "true", "IDENTITY_HEADER": "m"}
    assert chosen({**everything, "ARM_CLIENT_SECRET": "secret"}) == Credential("t", "c", "secret")
    assert chosen(everything).assertion is not None
    assert chosen({**everything, "ARM_USE_OIDC": ""}) == Credential("t", "c", machine="m")
    with pytest.raises(ProviderError, match="no credential is configured"):
        chosen(IDS)


async def test_a_file_is_read_once(tmp_path: Path) -> None:
    file = tmp_path / "token"
    with pytest.raises(ProviderError, match=f"failed to read OIDC token from {file}: No such file"):
        chosen({**OIDC, "ARM_OIDC_TOKEN_FILE_PATH": str(file)})
    file.write_text("first")
    credential = chosen({**OIDC, "ARM_OIDC_TOKEN_FILE_PATH": str(file)})
    file.write_text("second")
    assert await assertion(credential) == "first"
    assert await assertion(chosen({**OIDC, "ARM_OIDC_TOKEN_FILE_PATH": str(file), "ARM_OIDC_TOKEN": "t"})) == "t"


@pytest.mark.parametrize(("seconds", "requests"), [(3600, 1), (1, 3)])
async def test_a_new_token_is_requested_when_the_access_token_has_expired(
    forge: Forge, seconds: int, requests: int
) -> None:
    shown: list[str] = []

    def entra(request: httpx.Request) -> httpx.Response:
        shown.extend(parse_qs(request.content.decode())["client_assertion"])
        return httpx.Response(200, json={"access_token": "a", "expires_in": seconds})

    credential = chosen({**OIDC, **requested(forge), "ARM_OIDC_AUDIENCE": "api://mine"})
    async with httpx.AsyncClient(transport=httpx.MockTransport(entra)) as http:
        tokens = TokenCache(http, "https://login.test")
        for _ in range(3):
            await tokens.token(credential)
    assert shown == [f"token {number + 1}" for number in range(requests)]
    assert set(forge.audiences) == {"api://mine"}
    assert forge.tokens == {"Bearer job"}


async def test_what_the_request_url_answers_is_the_error(forge: Forge) -> None:
    credential = chosen({**OIDC, **requested(forge)})
    forge.status = 401
    with pytest.raises(ProviderError, match=r'^GitHub OIDC: 401 with response: {"message": "no"}$'):
        await assertion(credential)
    closed = {**OIDC, **requested(forge), "ACTIONS_ID_TOKEN_REQUEST_URL": "http://127.0.0.1:1/"}
    with pytest.raises(ProviderError, match="GitHub OIDC: couldn't request token"):
        await assertion(chosen(closed))
