"""The whole process: every host, over real TLS and real sockets, and what it writes down."""

from __future__ import annotations

import json
import time
from pathlib import Path

import grpc
import httpx
import pytest
from pulumi.runtime.proto import provider_pb2_grpc
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from azure_llama_sandbox.control import Status
from azure_llama_sandbox.dispatch import Dispatch
from azure_llama_sandbox.world import SUBSCRIPTION, TENANT
from tests.sandbox.harness import azure_llama, sign_in

LOGIN_PATHS = [
    "/metadata/endpoints",
    "/msi/token",
    "/common/discovery/instance",
    f"/{TENANT}/oauth2/v2.0/token",
    f"/{TENANT}/v2.0/.well-known/openid-configuration",
    f"/{TENANT}/discovery/v2.0/keys",
]
ARM_PATHS = ["/subscriptions", "/providers/Microsoft.Authorization/operations", "/"]


async def _broken(_: Scope, __: Receive, ___: Send) -> None:
    raise ZeroDivisionError("with a secret in it")


@pytest.fixture(scope="module")
def parts() -> TestClient:
    """The dispatcher before parts that say their names; inference is broken."""
    app = Dispatch(
        arm=PlainTextResponse("arm"),
        login=PlainTextResponse("login"),
        pipelines=PlainTextResponse("pipelines"),
        inference=_broken,
        prices=PlainTextResponse("prices"),
        graph=PlainTextResponse("graph"),
        vaults=PlainTextResponse("vaults"),
    )
    return TestClient(app)


@pytest.mark.parametrize("path", LOGIN_PATHS)
def test_the_loopback_name_plays_entra_on_its_paths(parts: TestClient, path: str) -> None:
    assert parts.get(f"https://127.0.0.1:18443{path}").text == "login"
    assert parts.get(f"https://login.microsoftonline.com{path}").text == "login"


@pytest.mark.parametrize("path", ARM_PATHS)
def test_the_loopback_name_plays_resource_manager_on_all_others(parts: TestClient, path: str) -> None:
    assert parts.get(f"https://localhost{path}").text == "arm"
    assert parts.get(f"https://management.azure.com{path}").text == "arm"


def test_names_that_lead_nowhere_are_answered(parts: TestClient) -> None:
    registry = parts.get("https://eastus.api.azureml.ms/registrymanagement/v1.0/registries/azureml-meta/discovery")
    assert (registry.status_code, registry.json()["error"]["code"]) == (404, "NotFound")
    other = parts.get("https://example.com/")
    assert other.status_code == 404
    assert "does not emulate the host 'example.com'" in other.json()["error"]["message"]


def test_a_part_that_fails_is_answered_for(parts: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    answer = parts.get("https://e.eastus2.models.ai.azure.com/v1")
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "InternalServerError")
    assert "secret" not in answer.text
    assert "GET /v1 failed" in caplog.text


def test_every_host_answers_under_its_own_name(client: httpx.Client, started: Status) -> None:
    header = sign_in(client, started)
    groups = f"/subscriptions/{SUBSCRIPTION}/resourcegroups"
    for base in ("https://management.azure.com", str(started["arm"])):
        answer = client.get(base + groups, params={"api-version": "2024-03-01"}, headers=header)
        assert (answer.status_code, answer.json()["value"]) == (200, [])
    assert client.get("https://nobody.eastus2.models.ai.azure.com/info").status_code == 404
    assert client.get("https://nobody.eastus2.inference.ml.azure.com/score").status_code == 404
    assert client.get("https://eastus.api.azureml.ms/").status_code == 404


def test_keep_alive_connections_do_not_wait_for_acknowledgements(client: httpx.Client) -> None:
    url = "https://management.azure.com/metadata/endpoints"
    client.get(url)
    begin = time.monotonic()
    for _ in range(20):
        client.get(url)
    assert time.monotonic() - begin < 0.7, "40 ms each: TCP_NODELAY is off"


def test_the_engine_finds_a_provider(started: Status) -> None:
    with grpc.insecure_channel(f"127.0.0.1:{started['provider']}") as channel:
        grpc.channel_ready_future(channel).result(timeout=5)
        assert provider_pb2_grpc.ResourceProviderStub(channel)


def test_the_official_credential_signs_in_unmodified(started: Status) -> None:
    program = (
        "from azure.identity import DefaultAzureCredential, ManagedIdentityCredential\n"
        "print(DefaultAzureCredential().get_token('https://management.azure.com/.default').token.count('.'))\n"
    )
    done = azure_llama("sandbox", "--home", started["home"], "exec", "--", "python", "-c", program)
    assert (done.stdout, done.stderr) == ("2\n", "")


def test_requests_are_in_the_log_when_they_are_answered(client: httpx.Client, started: Status) -> None:
    header = sign_in(client, started)
    path = f"/subscriptions/{SUBSCRIPTION}/resourcegroups/logged"
    client.put(
        f"https://management.azure.com{path}",
        params={"api-version": "2024-03-01"},
        headers=header,
        json={"location": "eastus2"},
    )
    line = json.loads(Path(started["requestLog"]).read_text().splitlines()[-1])
    assert (line["method"], line["path"], line["apiVersion"], line["status"]) == ("PUT", path, "2024-03-01", 201)
    assert line["principal"] == started["environment"]["AZURE_CLIENT_ID"]
    assert line["body"] == {"location": "eastus2"}


def test_a_refused_host_is_in_the_log(client: httpx.Client, started: Status) -> None:
    with pytest.raises(httpx.ProxyError):
        client.get("https://example.com/")
    line = json.loads(Path(started["requestLog"]).read_text().splitlines()[-1])
    assert (line["method"], line["host"], line["status"]) == ("CONNECT", "example.com", 403)


def test_no_log_holds_a_secret(client: httpx.Client, started: Status) -> None:
    token = sign_in(client, started)["Authorization"].removeprefix("Bearer ")
    client.post("https://login.microsoftonline.com/x/oauth2/v2.0/token", data={"client_secret": "the-callers-own"})
    environment = started["environment"]
    secrets = {token, "the-callers-own", environment["AZURE_CLIENT_SECRET"], environment["PULUMI_CONFIG_PASSPHRASE"]}
    for log in (started["requestLog"], started["serverLog"]):
        text = Path(log).read_text()
        assert [secret for secret in secrets if secret in text] == []
