"""Two readings of the same documents, the client's models and the sandbox's hosts, judge alike."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from azure_llama.inference.validation import InvalidError, validate
from tests.azure_llama.inference.generated import requests
from tests.catalogs import PACKAGE
from tests.sandbox.inference.harness import Azure

ROUTES = {
    ("llama", "chat"): "/v1/chat/completions",
    ("llama", "completions"): "/v1/completions",
    ("inference", "chat"): "/chat/completions?api-version=2024-05-01-preview",
    ("inference", "completions"): "/completions?api-version=2024-05-01-preview",
}
MODELS = {"chat": "Meta-Llama-3.1-8B-Instruct", "completions": "Meta-Llama-3.1-8B"}
NUMBER = 1_000


@pytest.mark.anyio
async def test_a_thousand_requests_get_one_verdict(azure: Azure) -> None:
    hosts = {route: azure.managed(f"llama-{route}", deployments={"blue": name}) for route, name in MODELS.items()}
    differ, refused = [], 0
    async with azure.client() as client:
        for api, route, body, good in requests(20261122, NUMBER):
            azure.clock.times.append(azure.clock.now() + 120)  # a new minute for the rate limits
            try:
                validate(api, route, body, PACKAGE.model(MODELS[route]))
                ours, why = 2, ""
            except InvalidError as error:
                ours, why = 4, str(error)
            answer = await client.post(hosts[route] + ROUTES[api, route], json=body)
            theirs, said = answer.status_code // 100, "" if answer.is_success else answer.text[:200]
            refused += theirs == 4
            if not ours == theirs == (2 if good else 4) or answer.status_code not in (200, 400, 422):
                differ.append(
                    f"{api} {route} {json.dumps(body)[:300]}\n  generated {'valid' if good else 'invalid'}, "
                    f"models {ours}xx {why[:200]}, sandbox {answer.status_code} {said}"
                )
    assert not differ, f"{len(differ)} verdicts differ:\n" + "\n".join(differ[:40])
    assert refused == NUMBER // 2


def test_neither_is_written_from_the_other() -> None:
    root = Path(__file__).resolve().parents[3] / "azure_llama"
    ours = "".join(path.read_text() for path in (root / "inference").rglob("*.py"))
    theirs = "".join(path.read_text() for path in (root / "sandbox" / "inference").rglob("*.py"))
    assert "azure_llama_sandbox" not in ours
    assert "azure_llama.inference" not in theirs
