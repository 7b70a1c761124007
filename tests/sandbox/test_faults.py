"""The script acts on the requests that it names, as often as it says, and tells its own errors."""

from __future__ import annotations

import time
from pathlib import Path

import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from azure_llama_sandbox.clock import Clock
from azure_llama_sandbox.control import Status
from azure_llama_sandbox.faults import Faults
from tests.sandbox.harness import connect

ARM = "https://management.azure.com"


async def azure(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse("azure's own answer")(scope, receive, send)


@pytest.fixture
def script(tmp_path: Path) -> Path:
    return tmp_path / "faults.yaml"


@pytest.fixture
def app(script: Path) -> ASGIApp:
    return Faults(azure, script, Clock(1000))


def ask(app: ASGIApp, method: str = "GET", path: str = "/subscriptions/x", host: str = ARM) -> httpx.Response:
    import asyncio

    async def go() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=host) as client:
            return await client.request(method, path)

    return asyncio.run(go())


def test_without_a_script_nothing_happens(app: ASGIApp) -> None:
    assert ask(app).text == "azure's own answer"


def test_a_fault_happens_to_what_it_names_as_often_as_it_says(app: ASGIApp, script: Path) -> None:
    script.write_text(
        "- match: {method: PUT, path: '*/serverlessendpoints/*'}\n  times: 2\n  status: 429\n"
        "  headers: {Retry-After: '1'}\n  body: {error: {code: TooManyRequests}}\n"
    )
    path = "/workspaces/w/serverlessEndpoints/e"
    assert ask(app, "GET", path).status_code == 200
    assert ask(app, "PUT", "/workspaces/w").status_code == 200
    refused = [ask(app, "PUT", path) for _ in range(3)]
    assert [answer.status_code for answer in refused] == [429, 429, 200]
    assert refused[0].headers["retry-after"] == "1"
    assert refused[0].json() == {"error": {"code": "TooManyRequests"}}


def test_rules_apply_in_order_and_hosts_may_be_named(app: ASGIApp, script: Path) -> None:
    script.write_text("- {match: {host: '*.models.ai.azure.com'}, status: 503}\n- {status: 500, times: 1}\n")
    assert ask(app, host="https://e.eastus2.models.ai.azure.com:443").status_code == 503
    assert [ask(app).status_code for _ in range(2)] == [500, 200]


def test_a_delay_is_in_azure_seconds_and_azure_answers_after_it(app: ASGIApp, script: Path) -> None:
    script.write_text("- {delay: 50, times: 1}\n")
    begin = time.perf_counter()
    assert ask(app).text == "azure's own answer"
    assert time.perf_counter() - begin >= 0.05


def test_a_changed_script_counts_afresh_and_a_removed_one_is_gone(app: ASGIApp, script: Path) -> None:
    script.write_text("- {status: 500, times: 1}\n")
    assert [ask(app).status_code for _ in range(2)] == [500, 200]
    script.write_text("- {status: 502, times: 1} # again\n")
    assert [ask(app).status_code for _ in range(2)] == [502, 200]
    script.write_text("- {status: 502}\n")
    script.unlink()
    assert ask(app).status_code == 200


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- {status: 42}", "0.status"),
        ("- {stauts: 500}", "0.stauts"),
        ("- {times: 0}", "0.times"),
        ("status: 500", "the script"),
        ("- [", "expected"),
    ],
)
def test_a_mistake_in_the_script_is_told_by_every_answer(app: ASGIApp, script: Path, text: str, told: str) -> None:
    script.write_text(text)
    answer = ask(app)
    assert answer.status_code == 500
    assert "faults.yaml" in answer.json()["error"]["message"]
    assert told in answer.json()["error"]["message"]


def test_a_proxy_between_may_speak_for_azure(app: ASGIApp, script: Path) -> None:
    script.write_text("- {status: 200, headers: {Content-Type: text/html}, text: <html>Sign in</html>}\n")
    answer = ask(app)
    assert (answer.headers["content-type"], answer.text) == ("text/html", "<html>Sign in</html>")


@pytest.mark.parametrize("own", ["", "  status: 200\n  body: {value: [1, 2, 3]}\n"])
def test_an_answer_may_break_off(started: Status, own: str) -> None:
    script = Path(started["faults"])
    script.write_text(f"- match: {{path: '/subscriptions*'}}\n  cut: 8\n{own}")
    try:
        with connect(started) as client, pytest.raises(httpx.RemoteProtocolError, match="closed connection"):
            client.get(f"{ARM}/subscriptions")
    finally:
        script.unlink()
