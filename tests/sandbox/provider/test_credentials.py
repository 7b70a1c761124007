"""What a token service answers instead of a token is one line, without the secret."""

from __future__ import annotations

import httpx
import pytest

from azure_llama_sandbox.provider.credentials import Credential, TokenCache
from azure_llama_sandbox.provider.errors import ProviderError

pytestmark = pytest.mark.anyio
WHO = Credential("tenant", "client", client_secret="the-secret")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (
            httpx.Response(401, json={"error": "invalid_client", "error_description": "AADSTS7000222: expired"}),
            "AADSTS7000222: expired",
        ),
        (httpx.Response(503), "HTTP status 503"),
        (httpx.Response(503, headers={"Content-Type": "application/json"}), "HTTP status 503"),
        (httpx.Response(502, json=["a list"]), "HTTP status 502"),
        (httpx.Response(200, html="<html>Sign in</html>"), "HTTP status 200"),
        (httpx.Response(200, json={"access_token": "t"}), "HTTP status 200"),
    ],
)
async def test_an_answer_without_a_token_is_one_line(answer: httpx.Response, reason: str) -> None:
    async with httpx.AsyncClient(transport=httpx.MockTransport(lambda _: answer)) as http:
        with pytest.raises(ProviderError) as refused:
            await TokenCache(http, "https://login.test").token(WHO)
    assert str(refused.value) == f"cannot get a token for client client: {reason}"
