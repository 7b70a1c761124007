from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.sandbox.inference.harness import Azure

pytestmark = pytest.mark.anyio

BASE = {"blue": "Meta-Llama-3.1-8B"}
MESSAGES = [{"role": "user", "content": "hi"}]


def body(input_string: Any, **parameters: Any) -> dict[str, Any]:
    return {"input_data": {"input_string": input_string, "parameters": parameters}}


async def test_chat_model_answers_messages(azure: Azure, client: httpx.AsyncClient) -> None:
    answer = await client.post(azure.managed() + "/score", json=body(MESSAGES, temperature=0.5, unknown=1))
    assert answer.status_code == 200
    assert answer.headers["azureml-model-deployment"] == "blue"
    assert answer.json().keys() == {"output"}
    assert "no model ran" in answer.json()["output"]


async def test_base_model_answers_texts(azure: Azure, client: httpx.AsyncClient) -> None:
    url = azure.managed(deployments=BASE) + "/score"
    rows = (await client.post(url, json=body(["one", "two"], max_new_tokens=3))).json()
    assert [list(row) for row in rows] == [["0"], ["0"]]
    full = (await client.post(url, json=body(["one"], return_full_text=True, stop=["model"]))).json()
    assert full[0]["0"].startswith("oneSandbox answer, no ")
    assert "model" not in full[0]["0"]


async def test_classifier_answers_texts(azure: Azure, client: httpx.AsyncClient) -> None:
    url = azure.managed(deployments={"blue": "Prompt-Guard-86M"}) + "/score"
    assert (await client.post(url, json=body(["one"]))).json() == [{"0": "safe"}]


@pytest.mark.parametrize(
    ("wrong", "container"),
    [
        ({"input_data": {}}, "422"),
        (body([]), "422"),
        (body("hi"), "422"),
        (body(MESSAGES, temperature=9), "422"),
        (body(["hi"]), "400"),
        ({"messages": MESSAGES}, "422"),
    ],
)
async def test_container_error_is_424(
    azure: Azure, client: httpx.AsyncClient, wrong: dict[str, Any], container: str
) -> None:
    answer = await client.post(azure.managed() + "/score", json=wrong)
    assert answer.status_code == 424
    assert answer.headers["ms-azureml-model-error-statuscode"] == container
    assert answer.headers["azureml-model-deployment"] == "blue"


async def test_base_model_refuses_messages(azure: Azure, client: httpx.AsyncClient) -> None:
    answer = await client.post(azure.managed(deployments=BASE) + "/score", json=body(MESSAGES))
    assert answer.status_code == 424
    assert "takes texts" in answer.json()["message"]
