"""The principal that azure-native would deploy as, from the same settings in the same order."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import httpx
import pytest
from azure.identity import (
    AzureCliCredential,
    ClientAssertionCredential,
    ClientSecretCredential,
    DefaultAzureCredential,
    ManagedIdentityCredential,
)

from azure_llama.arm import ConfigurationError, HalfAnswerError, NoNetworkError, NotAzureError, SignInError, oidc
from azure_llama.arm import sign_in as make
from azure_llama.arm.clouds import CHINA, US_GOVERNMENT

SUBSCRIPTION, TENANT, CLIENT = (f"5a0d80c5-11a3-4a5d-9b0e-00000000000{n}" for n in (1, 2, 3))
SECRET = "a-secret-that-nobody-may-see"
IDS = {"ARM_SUBSCRIPTION_ID": SUBSCRIPTION, "ARM_TENANT_ID": TENANT, "ARM_CLIENT_ID": CLIENT}


@pytest.fixture(autouse=True)
def no_cli(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No Azure CLI but that of a test."""
    monkeypatch.setenv("PATH", str(tmp_path))


class Azure:
    """Answers of hosts that are not ARM."""

    def __init__(self) -> None:
        self.answer: Any = httpx.Response(200, json={})
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if isinstance(self.answer, Exception):
            raise self.answer
        found: httpx.Response = self.answer
        return found


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Azure:
    """The network of synchronous clients."""
    found, real = Azure(), httpx.Client

    def client(**options: Any) -> httpx.Client:
        options.pop("verify", None)
        return real(**options, transport=httpx.MockTransport(found))

    monkeypatch.setattr(httpx, "Client", client)
    return found


def test_a_secret_of_the_stack_goes_before_the_environment() -> None:
    config = {"azure-native:clientSecret": SECRET, "azure-native:clientId": CLIENT, "azure-llama:workspace": "{}"}
    found = make(config, {**IDS, "ARM_CLIENT_ID": "another", "ARM_CLIENT_SECRET": "another"})
    assert isinstance(found.make(), ClientSecretCredential)
    assert (found.client, found.subscription, found.tenant) == (CLIENT, SUBSCRIPTION, TENANT)
    assert found.secrets == {SECRET}
    assert SECRET not in repr(found)


@pytest.mark.parametrize(
    ("more", "kind", "method"),
    [
        ({"ARM_USE_DEFAULT_AZURE_CREDENTIAL": "true"}, DefaultAzureCredential, "the default Azure credential"),
        ({"ARM_CLIENT_SECRET": SECRET, "ARM_USE_OIDC": "true"}, ClientSecretCredential, "a client secret"),
        (
            {"ARM_USE_OIDC": "true", "ARM_OIDC_TOKEN": "t", "ARM_USE_MSI": "true"},
            ClientAssertionCredential,
            "a federated token (OIDC) of a token that was given",
        ),
        ({"ARM_USE_MSI": "true"}, ManagedIdentityCredential, "a managed identity"),
        ({}, AzureCliCredential, "the Azure CLI"),
    ],
)
def test_the_order_is_that_of_azure_native(more: dict[str, str], kind: type, method: str) -> None:
    found = make({}, {**IDS, **more})
    assert (type(found.make()), found.method) == (kind, method)


def test_a_certificate_goes_before_a_secret(tmp_path: Path) -> None:
    path = tmp_path / "certificate.pem"
    environment = {**IDS, "ARM_CLIENT_CERTIFICATE_PATH": str(path), "ARM_CLIENT_SECRET": SECRET}
    with pytest.raises(ConfigurationError, match="no such file"):
        make({}, environment)
    path.write_text("no certificate")
    assert make({}, environment).method == "a client certificate"


@pytest.mark.parametrize("missing", IDS)
def test_what_is_missing_is_named(missing: str) -> None:
    environment = {key: value for key, value in IDS.items() if key != missing}
    with pytest.raises(ConfigurationError, match=missing):
        make({}, {**environment, "ARM_CLIENT_SECRET": SECRET})


def test_without_anything_there_is_still_somebody_to_say_so() -> None:
    found = make({}, {})
    assert found.subscription == ""
    with pytest.raises(SignInError, match="az login"):
        found.make()


def azure_cli(folder: Path, answer: dict[str, Any], code: int = 0) -> None:
    script = folder / "az"
    script.write_text(f"#!{os.path.realpath('/bin/sh')}\ncat <<'END'\n{json.dumps(answer)}\nEND\nexit {code}\n")
    script.chmod(0o755)


def test_the_azure_cli_knows_the_subscription(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    azure_cli(tmp_path, {"id": SUBSCRIPTION, "tenantId": TENANT, "environmentName": "AzureCloud"})
    found = make({}, {})
    assert (found.method, found.subscription, found.tenant) == ("the Azure CLI", SUBSCRIPTION, TENANT)
    azure_cli(tmp_path, {}, code=1)
    assert make({}, {"ARM_SUBSCRIPTION_ID": SUBSCRIPTION}).subscription == SUBSCRIPTION


def test_the_azure_cli_says_which_cloud_it_is_signed_in_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    azure_cli(tmp_path, {"id": SUBSCRIPTION, "environmentName": "AzureUSGovernment"})
    assert make({}, {}).cloud == US_GOVERNMENT
    assert make({"azure-native:environment": "usgovernment"}, {}).cloud == US_GOVERNMENT
    with pytest.raises(ConfigurationError, match="signed in to AzureUSGovernment"):
        make({"azure-native:environment": "china"}, {})


@pytest.mark.parametrize(
    ("name", "cloud"),
    [
        ("usgovernment", US_GOVERNMENT),
        ("AzureUSGovernment", US_GOVERNMENT),
        ("china", CHINA),
        ("AzureChinaCloud", CHINA),
    ],
)
def test_sovereign_clouds(name: str, cloud: Any) -> None:
    for config, more in (({"azure-native:environment": name}, {}), ({}, {"ARM_ENVIRONMENT": name})):
        found = make(config, {**IDS, **more, "ARM_CLIENT_SECRET": SECRET})
        assert found.cloud == cloud
        assert found.cloud.scope.startswith(f"{cloud.arm}/")
    with pytest.raises(ConfigurationError, match="public, usgovernment or china"):
        make({"azure-native:environment": "moon"}, IDS)


DOCUMENT = {
    "name": "AzureStackUser",
    "resourceManager": "https://management.local.example/",
    "authentication": {"loginEndpoint": "https://login.local.example/", "audiences": ["https://arm.local.example/"]},
}


@pytest.mark.parametrize("body", [DOCUMENT, [DOCUMENT]])
def test_a_cloud_of_ones_own_describes_itself(web: Azure, body: Any) -> None:
    web.answer = httpx.Response(200, json=body)
    found = make({"azure-native:metadataHost": "management.local.example"}, {**IDS, "ARM_ENVIRONMENT": "china"})
    assert str(web.requests[0].url).startswith("https://management.local.example/metadata/endpoints?api-version=")
    assert (found.cloud.arm, found.cloud.authority, found.cloud.scope) == (
        "https://management.local.example",
        "https://login.local.example",
        "https://arm.local.example/.default",
    )


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (httpx.ConnectError("refused"), NoNetworkError),
        (httpx.Response(200, text="<html>"), NotAzureError),
        (httpx.Response(200, json={"name": "x"}), HalfAnswerError),
        (httpx.Response(200, json=[]), HalfAnswerError),
        (httpx.Response(200, json={**DOCUMENT, "authentication": "x"}), HalfAnswerError),
    ],
)
def test_a_cloud_that_does_not_is_an_error(web: Azure, answer: Any, kind: type[Exception]) -> None:
    web.answer = answer
    with pytest.raises(kind):
        make({"azure-native:metadataHost": "management.local.example"}, IDS)


def test_a_cloud_in_the_clear_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="https alone"):
        make({"azure-native:metadataHost": "http://management.local.example"}, IDS)


def assertion(found: Any) -> str:
    """The token of the pipeline that would be sent."""
    return str(found.make()._func())


OIDC = {**IDS, "ARM_USE_OIDC": "true"}
GITHUB = {"ACTIONS_ID_TOKEN_REQUEST_URL": "https://github.example/t?x=1", "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "job"}
DEVOPS = {
    "SYSTEM_OIDCREQUESTURI": "https://dev.azure.example/t",
    "SYSTEM_ACCESSTOKEN": "job",
    "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID": "connection",
}


def test_github_gives_a_token_when_it_is_asked(web: Azure) -> None:
    web.answer = httpx.Response(200, json={"value": "from-github"})
    found = make({}, {**OIDC, **GITHUB})
    assert (found.method, assertion(found)) == ("a federated token (OIDC) of the pipeline", "from-github")
    (request,) = web.requests
    assert (request.method, dict(request.url.params)) == ("GET", {"x": "1", "audience": "api://AzureADTokenExchange"})
    assert request.headers["Authorization"] == "Bearer job"


@pytest.mark.parametrize(
    "variables",
    [
        DEVOPS,
        {**DEVOPS, "ARM_OIDC_AZURE_SERVICE_CONNECTION_ID": "connection"},
        {**DEVOPS, "ARM_OIDC_REQUEST_URL": "https://dev.azure.example/t", "ARM_OIDC_REQUEST_TOKEN": "job"},
    ],
)
def test_variables_that_azure_native_does_not_read_sign_nobody_in(variables: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError, match=r"does not read Azure DevOps' variables .*run_pulumi\.py"):
        make({}, {**OIDC, **variables})


def test_the_request_url_and_token_of_the_stack_go_before_the_environment(web: Azure) -> None:
    web.answer = httpx.Response(200, json={"value": "requested"})
    config = {"azure-native:oidcRequestUrl": "https://other.example/t", "azure-native:oidcRequestToken": "other"}
    assert assertion(make(config, {**OIDC, **GITHUB, "ARM_OIDC_AUDIENCE": "api://mine"})) == "requested"
    (request,) = web.requests
    assert (request.url.host, request.url.params["audience"]) == ("other.example", "api://mine")
    assert request.headers["Authorization"] == "Bearer other"


def test_azure_devops_issues_a_token_on_request(web: Azure) -> None:
    web.answer = httpx.Response(200, json={"oidcToken": "from-devops"})
    issuer = oidc.azure_devops(DEVOPS)
    assert issuer.fetch() == "from-devops"
    (request,) = web.requests
    assert request.method == "POST"
    assert dict(request.url.params) == {"api-version": "7.1", "serviceConnectionId": "connection"}
    assert request.headers["Authorization"] == "Bearer job"
    assert request.headers["X-TFS-FedAuthRedirect"] == "Suppress"  # or a refusal is a redirect to a sign-in page
    assert "job" not in repr(issuer)


def test_azure_devops_without_its_variables_names_all_that_is_missing() -> None:
    with pytest.raises(ConfigurationError, match=r"needs SYSTEM_ACCESSTOKEN .*, and AZURESUBSCRIPTION_SERVICE_CONN"):
        oidc.azure_devops({"SYSTEM_OIDCREQUESTURI": "https://dev.azure.example/t"})


@pytest.mark.parametrize(
    "answer",
    [
        httpx.ConnectError("refused"),
        httpx.Response(200, text="<html>"),
        httpx.Response(403, json={"message": "id-token: write is missing"}),
        httpx.Response(200, json={"value": None}),
        httpx.Response(200, json=[]),
    ],
)
def test_a_pipeline_that_gives_none_is_an_error_of_the_sign_in(web: Azure, answer: Any) -> None:
    web.answer = answer
    with pytest.raises((SignInError, NotAzureError), match=r"github\.example"):
        assertion(make({}, {**OIDC, **GITHUB}))


def test_a_file_of_a_token_is_read_each_time(tmp_path: Path) -> None:
    path = tmp_path / "token"
    found = make({"azure-native:oidcTokenFilePath": str(path)}, OIDC)
    with pytest.raises(ConfigurationError):
        assertion(found)
    for token in ("one", "two"):
        path.write_text(f"{token}\n")
        assert assertion(found) == token
    path.write_text("\n")
    with pytest.raises(ConfigurationError, match="is empty"):
        assertion(found)


def test_oidc_without_a_token_says_what_to_do() -> None:
    with pytest.raises(ConfigurationError, match="id-token: write"):
        make({}, OIDC)


def test_auxiliary_tenants_are_a_list() -> None:
    environment = {**IDS, "ARM_CLIENT_SECRET": SECRET}
    assert make({"azure-native:auxiliaryTenantIds": json.dumps([TENANT])}, environment).make()
    with pytest.raises(ConfigurationError, match="JSON list"):
        make({"azure-native:auxiliaryTenantIds": "x"}, environment).make()
