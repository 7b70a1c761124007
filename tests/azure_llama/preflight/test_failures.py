"""Azure that cannot be asked, or answers half: unknown with the reason, an exit code of its own, never a pass."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from azure.core.exceptions import ClientAuthenticationError

from azure_llama.arm import ArmClient, SignIn
from azure_llama.arm.clouds import PUBLIC
from azure_llama.preflight import CHECKS, Reader, Report, Status, reports, run
from azure_llama_sandbox.arm import build
from tests.azure_llama.preflight.harness import STACK, SUBSCRIPTION, Cloud, of, plan_of

OFFLINE = {"gateway", "lifecycle", "model-region", "model-quota", "references", "removals"}
"""Checks that ask the catalogue, or nothing for a stack without Foundry accounts, gateway and ids."""
TOKEN = "eyJ0eXAiOiJKV1Qi.eyJhdWQiOiJhcm0ifQ.c2lnbmF0dXJl"


class Broken(httpx.AsyncBaseTransport):
    """Answers in one way, or breaks what the sandbox answers."""

    def __init__(self, answer: Callable[[httpx.Request], Any], inner: Any = None) -> None:
        self.answer, self.inner = answer, inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        found = self.answer(request)
        if isinstance(found, Exception):
            raise found
        if found is None:
            answer: httpx.Response = await self.inner.handle_async_request(request)
            return answer
        assert isinstance(found, httpx.Response)
        return found


def always(make: Callable[[], Any]) -> Callable[[httpx.Request], Any]:
    return lambda _: make()


HTML = "<!DOCTYPE html><title>Wi-Fi sign-in</title>"
FAILURES: dict[str, tuple[Callable[[], Any], str]] = {
    "no network": (lambda: httpx.ConnectError("[Errno -2] Name or service not known"), "no network"),
    "refusing proxy": (lambda: httpx.ProxyError("403 Forbidden"), "through the proxy"),
    "no answer": (lambda: httpx.ReadTimeout("late"), "no answer in time"),
    "throttled": (
        lambda: httpx.Response(429, json={"error": {"code": "TooManyRequests"}}, headers={"Retry-After": "300"}),
        "throttled",
    ),
    "HTML": (lambda: httpx.Response(200, text=HTML), "'Wi-Fi sign-in'"),
    "HTML with an error": (lambda: httpx.Response(403, text=HTML), "a page in HTML"),
    "truncated": (lambda: httpx.Response(200, text='{"value": [{"name": "x'), "half an answer"),
    "cut": (lambda: httpx.RemoteProtocolError("peer closed connection: incomplete"), "half an answer"),
    "empty": (lambda: httpx.Response(200), "half an answer"),
    "another shape": (lambda: httpx.Response(200, json=["what?"]), "half an answer"),
    "expired": (lambda: httpx.Response(401, json={"error": {"code": "ExpiredAuthenticationToken"}}), "not signed in"),
    "broken": (lambda: httpx.Response(500, json={"error": {"code": "InternalServerError"}}), "unavailable"),
}


def all_unknown(report: Report, reason: str) -> None:
    assert report.exit_code == 4
    assert {check.name for check in report.runs if check.status is Status.PASS} <= OFFLINE
    unknown = of(report, Status.UNKNOWN)
    assert set(unknown) == {check.name for check in CHECKS} - OFFLINE
    said = "\n".join(text for texts in unknown.values() for text in texts)
    assert reason in said
    assert "Traceback" not in said


@pytest.mark.parametrize("name", FAILURES)
def test_an_azure_that_does_not_answer_is_unknown(cloud: Cloud, name: str) -> None:
    make, reason = FAILURES[name]
    all_unknown(cloud.ask(transport=Broken(always(make))), reason)


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        (ClientAuthenticationError("AADSTS7000222: The provided client secret keys are expired."), "are expired"),
        (ClientAuthenticationError("AADSTS700024: Client assertion is not within its valid time range."), "valid time"),
    ],
)
def test_expired_credentials_are_unknown(failure: Exception, reason: str) -> None:
    class Credential:
        def get_token(self, *_: str, **__: Any) -> Any:
            raise failure

    who = SignIn("a client secret", PUBLIC, SUBSCRIPTION, Credential, remediation="make a new secret")

    async def asked() -> Report:
        async with ArmClient(who, transport=Broken(always(lambda: httpx.Response(200)))) as arm:
            return await run(plan_of(STACK), Reader(arm), who=who.method)

    report = asyncio.run(asked())
    all_unknown(report, reason)
    assert "make a new secret" in str(of(report, Status.UNKNOWN))
    assert str(reports.as_json(report)).count(reason) == 1


PATHS = (
    "/usages",
    "/vmSizes",
    "/checkNameAvailability",
    "/deletedVaults/",
    "/deletedWorkspaces",
    "/providers/Microsoft.KeyVault",
    "Microsoft.Authorization/permissions",
    "/onlineEndpoints",
    "/providers/Microsoft.MachineLearningServices/workspaces",
)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("name", ["HTML", "truncated", "throttled", "another shape"])
def test_one_answer_that_is_none_makes_no_check_pass_that_needs_it(cloud: Cloud, path: str, name: str) -> None:
    if path == "/onlineEndpoints":
        cloud.azure.with_hub()
    make, _ = FAILURES[name]
    seen: list[str] = []

    def answer(request: httpx.Request) -> Any:
        if not request.url.path.endswith(path) and not (path.endswith("/") and path in request.url.path):
            return None
        seen.append(request.url.path)
        return make()

    inner = httpx.ASGITransport(build(cloud.azure.world))
    report = cloud.ask(transport=Broken(answer, inner))
    assert seen
    assert report.exit_code == 4
    assert of(report, Status.FAIL) == {}
    assert of(report, Status.UNKNOWN)


def test_rows_that_nobody_knows_are_unknown_quota(cloud: Cloud) -> None:
    rows = [{"name": {"value": "Standard XYZ Family"}, "limit": 100, "currentValue": 0}]

    def answer(request: httpx.Request) -> Any:
        return httpx.Response(200, json={"value": rows}) if request.url.path.endswith("/usages") else None

    report = cloud.ask(transport=Broken(answer, httpx.ASGITransport(build(cloud.azure.world))))
    (family, total) = of(report, Status.UNKNOWN)["quota"]
    assert "no row of this name; it lists Standard XYZ Family. Needed: 24 more cores" in family
    assert total


def test_no_token_is_in_a_report(cloud: Cloud) -> None:
    def answer(_: httpx.Request) -> Any:
        return httpx.Response(403, json={"error": {"code": "X", "message": f"no, Bearer {TOKEN}"}})

    report = cloud.ask(transport=Broken(answer))
    for text in (
        reports.as_json(report),
        reports.as_markdown(report),
        "\n".join(reports.as_lines(report)),
        repr(report),
    ):
        assert TOKEN not in text
        assert "c2lnbmF0dXJl" not in text
