"""Microsoft Graph refuses in its own words, so that clients go on without it."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from azure_llama_sandbox import graph, hosts
from azure_llama_sandbox.world import Principal

CALLERS = {
    "Bearer graph": Principal("id", "object", "https://graph.microsoft.com/"),
    "Bearer arm": Principal("id", "object", "https://management.azure.com"),
}


class Tokens:
    """Tokens by name."""

    def issue(self, client_id: str, audience: str, seconds: int = 3600) -> str:
        raise NotImplementedError

    def issue_to(self, principal: Principal, seconds: int = 3600) -> str:
        raise NotImplementedError

    def principal(self, authorization: str | None) -> Principal | None:
        return CALLERS.get(authorization or "")


@pytest.mark.parametrize(
    ("token", "status", "code"),
    [
        ("Bearer graph", 403, "Authorization_RequestDenied"),
        ("Bearer arm", 401, "InvalidAuthenticationToken"),
        ("", 401, "InvalidAuthenticationToken"),
    ],
)
def test_it_refuses(token: str, status: int, code: str) -> None:
    client = TestClient(graph.build(Tokens()), base_url=f"https://{hosts.GRAPH}")
    headers = {"client-request-id": "mine"} | ({"Authorization": token} if token else {})
    answer = client.post("/v1.0/directoryObjects/getByIds", json={"ids": []}, headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert answer.json()["error"]["innerError"]["client-request-id"] == "mine"


def test_its_host_is_emulated() -> None:
    assert hosts.role("graph.microsoft.com") is hosts.Role.GRAPH
