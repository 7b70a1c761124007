"""The token service, as azure-identity and MSAL ask it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jwt
import pytest
from starlette.testclient import TestClient

from azure_llama_sandbox.conditions import ConditionsScript
from azure_llama_sandbox.identity import GUEST, OWNER, Identity
from azure_llama_sandbox.login import Login
from azure_llama_sandbox.tokens import TokenService
from azure_llama_sandbox.world import TENANT

SCOPE = "https://management.azure.com/.default"


@pytest.fixture(scope="module")
def tokens(identity: Identity) -> TokenService:
    return TokenService(identity)


@pytest.fixture(scope="module")
def entra(identity: Identity, tokens: TokenService) -> Iterator[TestClient]:
    with TestClient(Login(identity, tokens).app(), base_url="https://login.microsoftonline.com") as client:
        yield client


@pytest.fixture
def form(identity: Identity) -> dict[str, str]:
    owner = identity.named(OWNER)
    return {
        "grant_type": "client_credentials",
        "client_id": owner.client_id,
        "client_secret": owner.secret,
        "scope": SCOPE,
    }


def ask(
    entra: TestClient, form: dict[str, str], path: str = f"/{TENANT}/oauth2/v2.0/token"
) -> tuple[int, dict[str, Any]]:
    answer = entra.post(path, data=form)
    return answer.status_code, answer.json()


@pytest.mark.parametrize(
    ("script", "seconds"), [("tokens: {lifetime: 60}", 60), ("", 3599), ("tokens: {lifetime: 0}", 3599)]
)
def test_the_lifetime_of_a_token_is_a_condition(
    identity: Identity, tokens: TokenService, form: dict[str, str], tmp_path: Path, script: str, seconds: int
) -> None:
    file = tmp_path / "conditions.yaml"
    file.write_text(script)
    app = Login(identity, tokens, ConditionsScript(file)).app()
    with TestClient(app, base_url="https://login.microsoftonline.com") as entra:
        _, answer = ask(entra, form)
    claims = jwt.decode(answer["access_token"], options={"verify_signature": False})
    assert (answer["expires_in"], claims["exp"] - claims["iat"]) == (seconds, seconds)


def test_a_secret_gets_a_token_with_the_claims_that_clients_read(
    entra: TestClient, tokens: TokenService, identity: Identity, form: dict[str, str]
) -> None:
    status, answer = ask(entra, form)
    assert (status, answer["token_type"], answer["expires_in"] > 300) == (200, "Bearer", True)
    principal = tokens.principal(f"Bearer {answer['access_token']}")
    owner = identity.named(OWNER)
    assert principal is not None
    assert (principal.client_id, principal.object_id) == (owner.client_id, owner.object_id)
    assert principal.audience == "https://management.azure.com"
    claims = jwt.decode(answer["access_token"], options={"verify_signature": False})
    assert (claims["tid"], claims["appid"], claims["oid"]) == (TENANT, owner.client_id, owner.object_id)


@pytest.mark.parametrize(
    ("scope", "audience"),
    [
        ("https://ml.azure.com/.default", "https://ml.azure.com"),
        ("https://management.core.windows.net//.default", "https://management.core.windows.net/"),
        ("https://127.0.0.1:18443/.default", "https://127.0.0.1:18443"),
        ("https://graph.microsoft.com//.default openid offline_access profile", "https://graph.microsoft.com/"),
    ],
)
def test_the_audience_follows_the_scope(
    entra: TestClient, tokens: TokenService, form: dict[str, str], scope: str, audience: str
) -> None:
    _, answer = ask(entra, {**form, "scope": scope})
    principal = tokens.principal(f"bearer {answer['access_token']}")
    assert principal is not None
    assert principal.audience == audience


def test_a_federated_token_is_taken_with_its_line_end(entra: TestClient, form: dict[str, str]) -> None:
    del form["client_secret"]
    form |= {
        "client_assertion": "anything\n",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    }
    assert ask(entra, form)[0] == 200
    assert ask(entra, {**form, "client_assertion": "\n"})[1]["error_codes"] == [7000218]


def test_the_older_protocol_takes_a_resource(entra: TestClient, form: dict[str, str]) -> None:
    del form["scope"]
    status, answer = ask(entra, {**form, "resource": "https://management.azure.com/"}, f"/{TENANT}/oauth2/token")
    assert (status, answer["resource"], answer["expires_in"]) == (200, "https://management.azure.com/", "3599")


@pytest.mark.parametrize(
    ("change", "status", "error", "code"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client", 7000215),
        ({"client_secret": ""}, 401, "invalid_client", 7000218),
        ({"client_id": "5a0d80c5-11a3-4a5d-9b0e-00000000ffff"}, 400, "unauthorized_client", 700016),
        ({"client_id": ""}, 400, "invalid_request", 900144),
        ({"grant_type": "password"}, 400, "unsupported_grant_type", 70003),
        ({"scope": ""}, 400, "invalid_request", 900144),
        ({"scope": "openid offline_access"}, 400, "invalid_scope", 1002012),
        ({"scope": "https://management.azure.com"}, 400, "invalid_scope", 1002012),
        ({"scope": "https://example.com/.default"}, 400, "invalid_resource", 500011),
    ],
)
def test_what_entra_refuses(
    entra: TestClient, form: dict[str, str], change: dict[str, str], status: int, error: str, code: int
) -> None:
    got, answer = ask(entra, {**form, **change})
    assert (got, answer["error"], answer["error_codes"]) == (status, error, [code])
    assert answer["error_description"].startswith(f"AADSTS{code}: ")
    assert form["client_secret"] not in str(answer)


def test_another_tenant_is_not_found(entra: TestClient, form: dict[str, str]) -> None:
    status, answer = ask(entra, form, "/11111111-1111-1111-1111-111111111111/oauth2/v2.0/token")
    assert (status, answer["error_codes"]) == (400, [90002])


def test_discovery_has_what_msal_needs(entra: TestClient, tokens: TokenService) -> None:
    configuration = entra.get(f"/{TENANT}/v2.0/.well-known/openid-configuration").json()
    for name in ("authorization_endpoint", "token_endpoint"):
        assert configuration[name].startswith(f"https://login.microsoftonline.com/{TENANT}/oauth2/v2.0/")
    assert entra.get(configuration["jwks_uri"]).json() == tokens.key_set()
    instance = entra.get(
        "/common/discovery/instance",
        params={"authorization_endpoint": f"https://127.0.0.1/{TENANT}/oauth2/v2.0/authorize"},
    ).json()
    expected = f"https://login.microsoftonline.com/{TENANT}/v2.0/.well-known/openid-configuration"
    assert instance["tenant_discovery_endpoint"] == expected


def test_the_cloud_is_described_under_the_name_it_was_asked(entra: TestClient) -> None:
    (real,) = entra.get("https://management.azure.com/metadata/endpoints").json()
    (local,) = entra.get("https://127.0.0.1:18443/metadata/endpoints").json()
    assert (real["name"], real["resourceManager"]) == ("AzureCloud", "https://management.azure.com/")
    assert (local["name"], local["resourceManager"]) == ("AzureSandbox", "https://127.0.0.1:18443/")
    assert local["authentication"]["loginEndpoint"] == "https://127.0.0.1:18443/"


def test_managed_identity_wants_its_header(entra: TestClient, tokens: TokenService, identity: Identity) -> None:
    query = {"api-version": "2019-08-01", "resource": "https://management.azure.com"}
    assert entra.get("/msi/token", params=query).status_code == 400
    header = {"X-IDENTITY-HEADER": "x"}
    answer = entra.get("/msi/token", params=query, headers=header).json()
    principal = tokens.principal(f"Bearer {answer['access_token']}")
    assert principal is not None
    assert principal.client_id == identity.named(OWNER).client_id
    guest = identity.named(GUEST).client_id
    assert entra.get("/msi/token", params={**query, "client_id": guest}, headers=header).json()["client_id"] == guest
    unknown = entra.get("/msi/token", params={**query, "client_id": "nobody"}, headers=header)
    assert unknown.status_code == 400


def test_a_token_that_is_forged_expired_or_no_token_names_nobody(tokens: TokenService, identity: Identity) -> None:
    client = identity.named(OWNER).client_id
    good = tokens.issue(client, "https://ml.azure.com")
    head, body, signature = good.split(".")
    other = TokenService(Identity.create())
    for bad in (
        None,
        "",
        good,
        f"Basic {good}",
        "Bearer ",
        "Bearer nonsense",
        f"Bearer {head}.{body}.{signature[::-1]}",
        f"Bearer {jwt.encode(jwt.decode(good, options={'verify_signature': False}), 'k' * 32, 'HS256')}",
        f"Bearer {tokens.issue(client, 'https://ml.azure.com', seconds=-1)}",
    ):
        assert tokens.principal(bad) is None
    assert other.principal(f"Bearer {good}") is None
    assert tokens.principal(f"Bearer {good}") is not None


def test_a_token_that_was_verified_before_expires(
    tokens: TokenService, identity: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    header = f"Bearer {tokens.issue(identity.named(OWNER).client_id, 'https://ml.azure.com', seconds=60)}"
    assert tokens.principal(header) is not None
    later = time.time() + 60
    monkeypatch.setattr(time, "time", lambda: later)
    assert tokens.principal(header) is None


def test_a_token_for_an_unknown_client_is_not_made(tokens: TokenService) -> None:
    with pytest.raises(KeyError):
        tokens.issue("nobody", "https://ml.azure.com")


def test_a_path_that_entra_does_not_have(entra: TestClient) -> None:
    assert entra.get("/nothing/here").status_code == 404
