"""Who may call an endpoint: keys, Entra tokens and the endpoint's own tokens."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.sandbox.inference.harness import (
    CHAT,
    GUEST,
    INFERENCE,
    OWNER,
    PRIMARY,
    SECONDARY,
    V1,
    WORKSPACE,
    Azure,
)

pytestmark = pytest.mark.anyio


# -- who may ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("key", "name"), [(PRIMARY, "key:primary"), (SECONDARY, "key:secondary")])
async def test_both_keys(azure: Azure, key: str, name: str) -> None:
    seen: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await azure.app(scope, receive, send)
        seen.append(scope["azure_llama.principal"])

    for url in (azure.serverless(), azure.managed()):
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as client:
            answer = await client.post(url + V1, json=CHAT, headers={"Authorization": f"Bearer {key}"})
        assert answer.status_code == 200
    assert seen == [name, name]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer wrong"},
        {"Authorization": "Bearer "},
        {"Authorization": PRIMARY},
        {"Authorization": f"Basic {PRIMARY}"},
        {"Authorization": "Bearer schlüssel".encode()},
        {"api-key": PRIMARY},
    ],
)
async def test_401_in_both_shapes(azure: Azure, headers: dict[str, Any]) -> None:
    for url in (azure.serverless(), azure.managed()):
        async with azure.client(None) as client:
            answer = await client.post(url + V1, json=CHAT, headers=headers)
        body = answer.json()
        assert answer.status_code == body["status"] == 401
        assert answer.headers["x-ms-error-code"] == body["error"]["code"] == body["code"] == "Unauthorized"
        assert body["error"]["message"] == body["message"]


async def test_401_in_the_flat_shape(azure: Azure) -> None:
    async with azure.client("wrong", flat=True) as client:
        body = (await client.post(azure.serverless() + V1, json=CHAT)).json()
    assert body.keys() == {"error", "message", "status"}
    assert body["error"] == "Unauthorized"


async def test_api_key_header_is_for_model_inference_routes(azure: Azure) -> None:
    url = azure.serverless()
    async with azure.client(None) as client:
        codes = [
            (await client.post(url + path, json=CHAT, headers={"api-key": PRIMARY})).status_code
            for path in (INFERENCE, V1)
        ]
    assert codes == [200, 401]


async def test_serverless_endpoint_takes_no_entra_token(azure: Azure) -> None:
    token = azure.tokens.issue(OWNER.client_id, "https://ml.azure.com")
    async with azure.client(token) as client:
        for auth in ("Key", "AAD", "KeyAndAAD"):
            assert (await client.post(azure.serverless(auth=auth) + V1, json=CHAT)).status_code == 401


@pytest.mark.parametrize(
    ("client_id", "audience", "status"),
    [
        (OWNER.client_id, "https://ml.azure.com", 200),
        (OWNER.client_id, "https://ai.azure.com/", 200),
        (OWNER.client_id, "https://management.azure.com", 401),
        (GUEST.client_id, "https://ml.azure.com", 401),
    ],
)
async def test_entra_token(azure: Azure, client_id: str, audience: str, status: int) -> None:
    url = azure.managed(auth="AADToken") + V1
    async with azure.client(azure.tokens.issue(client_id, audience)) as client:
        assert (await client.post(url, json=CHAT)).status_code == status
    async with azure.client(PRIMARY) as client:
        assert (await client.post(url, json=CHAT)).status_code == 401


async def test_role_assignment_lets_a_guest_score(azure: Azure) -> None:
    url = azure.managed(auth="AADToken") + V1
    data_scientist = "f6c7c914-8db3-469d-8ca1-694a8f32e121"
    azure.put(
        f"{WORKSPACE}/providers/Microsoft.Authorization/roleAssignments/one",
        "Microsoft.Authorization/roleAssignments",
        {"principalId": GUEST.object_id, "roleDefinitionId": f"/x/roleDefinitions/{data_scientist}"},
    )
    async with azure.client(azure.tokens.issue(GUEST.client_id, "https://ml.azure.com")) as client:
        assert (await client.post(url, json=CHAT)).status_code == 200


@pytest.mark.parametrize(
    ("client_id", "audience", "status"),
    [
        (OWNER.client_id, f"{WORKSPACE}/onlineEndpoints/llama-8b", 200),
        (OWNER.client_id, f"{WORKSPACE}/onlineEndpoints/other", 401),
        (OWNER.client_id, "https://ml.azure.com", 401),
        (GUEST.client_id, f"{WORKSPACE}/onlineEndpoints/llama-8b", 401),
    ],
)
async def test_aml_token_is_the_endpoints_own(azure: Azure, client_id: str, audience: str, status: int) -> None:
    url = azure.managed(auth="AMLToken") + V1
    async with azure.client(azure.tokens.issue(client_id, audience)) as client:
        assert (await client.post(url, json=CHAT)).status_code == status
