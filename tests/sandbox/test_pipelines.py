"""Tokens of pipelines: given to the right job, taken for the right application, and for no other."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import jwt
import pytest
from starlette.testclient import TestClient

from azure_llama_sandbox.identity import Application, Federation, Identity, SignIn
from azure_llama_sandbox.login import Login
from azure_llama_sandbox.pipelines import (
    ALGORITHM,
    AUDIENCE,
    DEVOPS_URL,
    GITHUB_URL,
    SERVICE_CONNECTION,
    Pipelines,
    mint,
)
from azure_llama_sandbox.tokens import TokenService
from azure_llama_sandbox.world import TENANT

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
GITHUB = Application.create("ci", SignIn.GITHUB)
DEVOPS = Application.create("ado", SignIn.AZURE_DEVOPS)
MACHINE = Application.create("vm", SignIn.MANAGED_IDENTITY)
PLAIN = Application.create("app")


@pytest.fixture(scope="module")
def known(identity: Identity) -> Identity:
    return replace(identity, applications=(*identity.applications, GITHUB, DEVOPS, MACHINE, PLAIN))


@pytest.fixture(scope="module")
def services(known: Identity) -> Iterator[TestClient]:
    with TestClient(Pipelines(known, known).app()) as client:
        yield client


@pytest.fixture(scope="module")
def entra(known: Identity) -> Iterator[TestClient]:
    app = Login(known, TokenService(known)).app()
    with TestClient(app, base_url="https://login.microsoftonline.com") as client:
        yield client


def exchange(entra: TestClient, application: Application, token: str) -> dict[str, Any]:
    form = {
        "grant_type": "client_credentials",
        "client_id": application.client_id,
        "client_assertion_type": ASSERTION,
        "client_assertion": token,
        "scope": "https://management.azure.com/.default",
    }
    answer: dict[str, Any] = entra.post(f"/{TENANT}/oauth2/v2.0/token", data=form).json()
    return answer


def bearer(application: Application) -> dict[str, str]:
    return {"Authorization": f"Bearer {application.secret}"}


def test_a_workflow_of_github_gets_its_token_and_signs_in(services: TestClient, entra: TestClient) -> None:
    answer = services.get(f"{GITHUB_URL}&audience={AUDIENCE}", headers=bearer(GITHUB)).json()
    assert exchange(entra, GITHUB, answer["value"])["token_type"] == "Bearer"


def test_without_an_audience_the_token_is_for_somebody_else(services: TestClient, entra: TestClient) -> None:
    answer = services.get(GITHUB_URL, headers=bearer(GITHUB)).json()
    assert exchange(entra, GITHUB, answer["value"])["error_codes"] == [700212]


def test_a_job_of_azure_devops_gets_its_token_and_signs_in(services: TestClient, entra: TestClient) -> None:
    url = f"{DEVOPS_URL}?api-version=7.1&serviceConnectionId={SERVICE_CONNECTION}"
    answer = services.post(url, headers=bearer(DEVOPS)).json()
    assert exchange(entra, DEVOPS, answer["oidcToken"])["token_type"] == "Bearer"
    assert services.post(DEVOPS_URL, headers=bearer(DEVOPS)).status_code == 404


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer x"}, bearer(PLAIN), {"Authorization": "Basic x"}])
def test_nobody_else_gets_a_token(services: TestClient, headers: dict[str, str]) -> None:
    assert services.get(GITHUB_URL, headers=headers).status_code == 401
    assert services.post(DEVOPS_URL, headers=headers).status_code == 401


def test_each_service_knows_its_own_jobs(services: TestClient) -> None:
    assert services.get(GITHUB_URL, headers=bearer(DEVOPS)).status_code == 401
    assert services.post(DEVOPS_URL, headers=bearer(GITHUB)).status_code == 401


def signed(known: Identity, **changes: Any) -> str:
    claims = jwt.decode(mint(known, GITHUB), options={"verify_signature": False})
    return jwt.encode({name: value for name, value in (claims | changes).items() if value}, known.token_key, ALGORITHM)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"sub": "repo:example/llama:pull_request"}, 700213),
        ({"iss": "https://gitlab.com"}, 700211),
        ({"aud": "https://github.com/example"}, 700212),
        ({"exp": int(time.time()) - 1, "iat": 1, "nbf": 1}, 700024),
        ({"exp": None}, 50027),
    ],
)
def test_a_token_that_does_not_match_is_refused(
    entra: TestClient, known: Identity, changes: dict[str, Any], code: int
) -> None:
    answer = exchange(entra, GITHUB, signed(known, **changes))
    assert (answer["error"], answer["error_codes"]) == ("invalid_client", [code])


def test_a_forged_token_is_refused(entra: TestClient) -> None:
    forged = mint(Identity.create(), GITHUB)
    for token in (forged, "no token"):
        assert exchange(entra, GITHUB, token)["error_codes"] == [50027]


def test_an_application_without_a_federated_credential_takes_none(entra: TestClient, known: Identity) -> None:
    assert exchange(entra, PLAIN, mint(known, GITHUB))["error_codes"] == [70025]


def test_the_secret_of_a_job_is_no_client_secret(entra: TestClient) -> None:
    form = {
        "grant_type": "client_credentials",
        "client_id": GITHUB.client_id,
        "client_secret": GITHUB.secret,
        "scope": "https://management.azure.com/.default",
    }
    assert entra.post(f"/{TENANT}/oauth2/v2.0/token", data=form).json()["error_codes"] == [7000218]


def test_a_machine_is_known_by_what_it_shows(entra: TestClient) -> None:
    query = {"api-version": "2019-08-01", "resource": "https://management.azure.com"}
    answer = entra.get("/msi/token", params=query, headers={"X-IDENTITY-HEADER": MACHINE.secret}).json()
    assert answer["client_id"] == MACHINE.client_id


def test_issuer_and_subject_can_be_ones_own() -> None:
    federation = Federation("https://token.actions.githubusercontent.com", "repo:contoso/x:ref:refs/heads/main")
    assert Application.create("ci", SignIn.GITHUB, federation).federation == federation
    assert PLAIN.federation is None
