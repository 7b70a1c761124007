"""The request log: complete, at once, and without a secret."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from azure_llama_sandbox.masking import MASK
from azure_llama_sandbox.request_log import PRINCIPAL, LogRequests, RequestLog
from azure_llama_sandbox.store import Resource, Store

KEY = "Zm9vYmFyLWtleS0wMTIzNDU2Nzg5/+abc=="
SHORT = "s3cret"
VAULT = "/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v"
JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "state.sqlite")
    yield store
    store.close()


@pytest.fixture
def log(tmp_path: Path, store: Store) -> Iterator[RequestLog]:
    log = RequestLog(tmp_path / "requests.jsonl", (frozenset({"client-secret-value"}), store.secret_values))
    yield log
    log.close()


@pytest.fixture
def client(log: RequestLog) -> TestClient:
    async def put(request: Request) -> Response:
        await request.body()
        request.scope[PRINCIPAL] = "me"
        return JSONResponse({}, status_code=201)

    async def stream(_: Request) -> Response:
        async def parts() -> Any:
            yield b"one"
            yield b"two"

        return StreamingResponse(parts())

    async def fail(_: Request) -> Response:
        raise ZeroDivisionError

    routes = [Route("/put", put, methods=["PUT", "POST"]), Route("/stream", stream), Route("/fail", fail)]
    app = LogRequests(Starlette(routes=routes), log)
    return TestClient(app, base_url="https://management.azure.com", raise_server_exceptions=False)


def lines(tmp_path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (tmp_path / "requests.jsonl").read_text().splitlines()]


def write(log: RequestLog, body: Any, path: str = "/x") -> None:
    log.write(method="PUT", host="h", path=path, api_version="1", principal="me", status=200, body=body)


def test_a_line_has_what_the_design_names(client: TestClient, tmp_path: Path) -> None:
    before = time.time()
    client.put("/put?API-Version=2025-12-01&sig=secret-signature", json={"location": "eastus2"})
    (line,) = lines(tmp_path)
    assert before - 0.001 <= line.pop("time") <= time.time() + 0.001
    assert line == {
        "method": "PUT",
        "host": "management.azure.com",
        "path": "/put",
        "apiVersion": "2025-12-01",
        "principal": "me",
        "status": 201,
        "body": {"location": "eastus2"},
    }


def test_a_stream_a_failure_and_a_missing_path_are_lines_too(client: TestClient, tmp_path: Path) -> None:
    assert client.get("/stream").text == "onetwo"
    client.get("/fail")
    client.get("/nowhere")
    assert [line["status"] for line in lines(tmp_path)] == [200, 500, 404]


def test_forms_text_and_long_bodies(client: TestClient, tmp_path: Path) -> None:
    client.post("/put", data={"grant_type": "client_credentials", "client_secret": "s3cret-of-the-caller"})
    client.post("/put", content="not { json")
    client.post("/put", content=b"x" * 1_100_000)
    form, text, long = (line["body"] for line in lines(tmp_path))
    assert form == {"grant_type": "client_credentials", "client_secret": MASK}
    assert text == "not { json"
    assert long == {"omittedBytes": 1_100_000}


def test_fields_that_hold_secrets_are_masked_and_others_are_not(log: RequestLog, tmp_path: Path) -> None:
    write(
        log,
        {
            "properties": {
                "keyVault": "/subscriptions/s/kv",
                "authMode": "Key",
                "keys": {"primaryKey": "p", "secondaryKey": "s"},
                "credentials": {"credentialsType": "AccountKey", "secrets": {"key": "k"}},
                "parameters": {"adminPassword": {"value": "w"}},
                "max_tokens": 64,
                "clientSecrets": ["a", "b"],
            }
        },
    )
    (line,) = lines(tmp_path)
    assert line["body"]["properties"] == {
        "keyVault": "/subscriptions/s/kv",
        "authMode": "Key",
        "keys": {"primaryKey": MASK, "secondaryKey": MASK},
        "credentials": {"credentialsType": "AccountKey", "secrets": {"key": MASK}},
        "parameters": {"adminPassword": {"value": MASK}},
        "max_tokens": 64,
        "clientSecrets": [MASK, MASK],
    }


def test_keys_of_a_connection_are_masked_whatever_they_are_called(log: RequestLog, tmp_path: Path) -> None:
    write(log, {"properties": {"authType": "CustomKeys", "credentials": {"keys": {"search": "s", "other": "o"}}}})
    (line,) = lines(tmp_path)
    assert line["body"]["properties"]["credentials"] == {"keys": {"search": MASK, "other": MASK}}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (f"{VAULT}/secrets/llama", {"properties": {"value": SHORT, "contentType": "text"}}),
        (f"{VAULT.upper()}/SECRETS/llama", {"properties": {"value": SHORT, "contentType": "text"}}),
        ("/secrets/llama", {"value": SHORT, "contentType": "text"}),
        (
            "/subscriptions/s/resourceGroups/g/providers/Microsoft.Resources/deployments/d",
            {
                "properties": {
                    "template": {
                        "resources": [
                            {
                                "type": "Microsoft.KeyVault/vaults/secrets",
                                "properties": {"value": SHORT, "contentType": "text"},
                            }
                        ]
                    }
                }
            },
        ),
    ],
)
def test_the_value_of_a_vaults_secret_is_masked_before_it_is_known(
    log: RequestLog, tmp_path: Path, path: str, body: dict[str, Any]
) -> None:
    log.write(method="PUT", host="h", path=path, api_version=None, principal=None, status=403, body=body)
    text = (tmp_path / "requests.jsonl").read_text()
    assert SHORT not in text
    assert MASK in text
    assert "text" in text


def test_other_values_are_not_masked(log: RequestLog, tmp_path: Path) -> None:
    body = {"properties": {"parameters": {"p": {"value": SHORT}}}}
    log.write(method="PUT", host="h", path=f"{VAULT}/x", api_version=None, principal=None, status=200, body=body)
    assert SHORT in (tmp_path / "requests.jsonl").read_text()


def test_a_known_secret_is_masked_wherever_it_stands(log: RequestLog, store: Store, tmp_path: Path) -> None:
    store.put(Resource("/e", "T", {}, secrets={"primaryKey": KEY}))
    write(log, {"description": f"use {KEY} or client-secret-value"}, path=f"/x/{KEY}")
    write(log, "https://h/?k=Zm9vYmFyLWtleS0wMTIzNDU2Nzg5%2F%2Babc%3D%3D")
    store.put(Resource("/e", "T", {}, secrets={"primaryKey": "another-key-value"}))
    write(log, ["another-key-value", KEY])
    text = (tmp_path / "requests.jsonl").read_text()
    for secret in (KEY, "Zm9vYmFyLWtleS0wMTIzNDU2Nzg5", "client-secret-value", "another-key-value"):
        assert secret not in text
    assert [line["path"] for line in lines(tmp_path)] == [f"/x/{MASK}", "/x", "/x"]


def test_secrets_of_an_earlier_process_are_known(tmp_path: Path) -> None:
    first = Store(tmp_path / "again.sqlite")
    first.put(Resource("/e", "T", {}, secrets={"primaryKey": KEY}))
    first.close()
    second = Store(tmp_path / "again.sqlite")
    assert KEY in second.secret_values
    second.close()


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (f"Authorization: Bearer {JWT}", f"Authorization: Bearer {MASK}"),
        (f"token {JWT}.", f"token {MASK}."),
        (
            "https://a.blob.core.windows.net/c?sv=1&sig=ab%2Bcd&se=2",
            f"https://a.blob.core.windows.net/c?sv=1&sig={MASK}&se=2",
        ),
        (
            "DefaultEndpointsProtocol=https;AccountKey=abc==;X=1",
            f"DefaultEndpointsProtocol=https;AccountKey={MASK};X=1",
        ),
        ("the bearer of bad news", "the bearer of bad news"),
        ('quotes " and \\ stay', 'quotes " and \\ stay'),
    ],
)
def test_what_looks_like_a_secret_is_masked(log: RequestLog, tmp_path: Path, text: str, masked: str) -> None:
    write(log, {"note": text})
    assert lines(tmp_path)[0]["body"] == {"note": masked}
