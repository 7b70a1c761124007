"""What the client makes of each kind of answer: a body, one more attempt, or an error that says which kind it was."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import httpx
import pytest
from azure.core.exceptions import ClientAuthenticationError, DecodeError, ServiceRequestError
from azure.identity import CredentialUnavailableError

from azure_llama.arm import (
    ArmClient,
    ArmError,
    ForbiddenError,
    HalfAnswerError,
    NoNetworkError,
    NotAzureError,
    NotFoundError,
    RefusedError,
    SignInError,
    ThrottledError,
    UnavailableError,
)
from tests.azure_llama.arm.harness import SECRET, SUB, TOKEN, Azure, Credential, error, everything

PATH, VERSION = f"{SUB}/providers/Microsoft.KeyVault/vaults", "2024-11-01"


async def get(arm: ArmClient) -> dict[str, Any]:
    return await arm.get(PATH, VERSION)


async def rows(arm: ArmClient) -> list[dict[str, Any]]:
    return await arm.list(PATH, VERSION)


def test_a_request_has_its_version_and_its_token() -> None:
    azure = Azure(httpx.Response(200, json={"a": 1}))
    assert azure.ask(get) == {"a": 1}
    (request,) = azure.requests
    assert str(request.url) == f"https://management.azure.com{PATH}?api-version={VERSION}"
    assert request.headers["Authorization"] == f"Bearer {TOKEN}"


def test_one_token_does_for_many_requests_and_an_old_one_is_replaced() -> None:
    async def twice(arm: ArmClient) -> None:
        await arm.get(PATH, VERSION)
        await arm.get(PATH, VERSION)

    for lifetime, asked in ((4_000_000_000, 1), (0, 2)):
        credential = Credential(lifetime=lifetime)
        Azure(httpx.Response(200, json={}), credential=credential).ask(twice)
        assert credential.asked == asked


def test_a_list_goes_over_its_pages() -> None:
    link = f"https://management.azure.com{PATH}?api-version={VERSION}&$skiptoken=2"
    azure = Azure(
        httpx.Response(200, json={"value": [{"n": 1}], "nextLink": link}),
        httpx.Response(200, json={"value": [{"n": 2}]}),
    )
    assert azure.ask(rows) == [{"n": 1}, {"n": 2}]
    assert str(azure.requests[1].url) == link


def test_a_link_to_another_host_gets_no_token() -> None:
    azure = Azure(httpx.Response(200, json={"value": [], "nextLink": "https://management.azure.com.example/x"}))
    with pytest.raises(NotAzureError, match="is not ARM"):
        azure.ask(rows)
    assert len(azure.requests) == 1


def test_half_a_list_is_no_list() -> None:
    link = f"https://management.azure.com{PATH}?page=2"
    azure = Azure(httpx.Response(200, json={"value": [{}], "nextLink": link}), error(403))
    with pytest.raises(ForbiddenError):
        azure.ask(rows)


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_what_may_succeed_later_is_sent_again(status: int) -> None:
    azure = Azure(error(status), error(status), httpx.Response(200, json={}))
    assert azure.ask(get) == {}
    assert len(azure.requests) == 3


@pytest.mark.parametrize("headers", [{"Retry-After": "7"}, {"retry-after-ms": "7000"}, {"x-ms-retry-after-ms": "7000"}])
def test_the_wait_is_the_one_that_was_asked_for(headers: dict[str, str]) -> None:
    azure = Azure(error(429, **headers), httpx.Response(200, json={}))
    azure.ask(get)
    assert azure.waits == [7]


def test_the_patience_ends() -> None:
    azure = Azure(error(429, **{"Retry-After": "120"}))
    with pytest.raises(ThrottledError, match="names 120 s"):
        azure.ask(get)
    assert (len(azure.requests), azure.waits) == (1, [])


def test_so_do_the_attempts() -> None:
    azure = Azure(error(503, "ServerBusy"))
    with pytest.raises(UnavailableError, match="503 ServerBusy"):
        azure.ask(get)
    assert len(azure.requests) == 4


def test_a_post_that_may_have_begun_is_not_sent_again() -> None:
    async def post(arm: ArmClient) -> Any:
        return await arm.post(PATH, VERSION, {})

    for answer, sent in ((error(500), 1), (error(429), 4), (httpx.ReadTimeout("late"), 1)):
        azure = Azure(answer)
        with pytest.raises(ArmError):
            azure.ask(post)
        assert len(azure.requests) == sent


HTML = {"content-type": "text/html"}
FAILURES: list[tuple[Callable[[], Any], type[ArmError], str]] = [
    (lambda: httpx.ConnectError("[Errno -2] Name or service not known"), NoNetworkError, "cannot be reached"),
    (lambda: httpx.ConnectTimeout("late"), NoNetworkError, "no answer in time"),
    (lambda: httpx.ReadTimeout("late"), NoNetworkError, "no answer in time"),
    (lambda: httpx.ProxyError("403 Forbidden"), NoNetworkError, "through the proxy: 403"),
    (
        lambda: httpx.RemoteProtocolError("peer closed connection without sending complete message body"),
        HalfAnswerError,
        "ended too early",
    ),
    (lambda: httpx.Response(200, text='{"value": [{"name"'), HalfAnswerError, "ends after 18 characters"),
    (lambda: httpx.Response(200), HalfAnswerError, "is empty"),
    (lambda: httpx.Response(200, json=[1]), HalfAnswerError, "no object"),
    (lambda: httpx.Response(200, text="<html><title>Sign in\n to  Wi-Fi</title>"), NotAzureError, "'Sign in to Wi-Fi'"),
    (lambda: httpx.Response(502, text="<!DOCTYPE html>bad gateway", headers=HTML), NotAzureError, "502 with a page"),
    (lambda: httpx.Response(403, text="blocked by policy"), NotAzureError, "no JSON: 'blocked by policy'"),
    (lambda: error(401, "ExpiredAuthenticationToken", "The token expired."), SignInError, "The token expired."),
    (lambda: error(429), ThrottledError, "too many requests"),
    (lambda: error(404, "ResourceNotFound"), NotFoundError, "404 ResourceNotFound"),
    (lambda: error(409, "Conflict", "Taken."), RefusedError, "409 Conflict: Taken."),
    (lambda: httpx.Response(400, json={"code": "Flat", "message": "No envelope."}), RefusedError, "Flat: No envelope"),
    (lambda: httpx.Response(400), RefusedError, "HTTP400"),
]


@pytest.mark.parametrize(("answer", "kind", "says"), FAILURES)
def test_each_failure_has_its_kind(answer: Callable[[], Any], kind: type[ArmError], says: str) -> None:
    with pytest.raises(kind, match=says) as raised:
        Azure(answer()).ask(get)
    assert type(raised.value) is kind


def test_a_list_without_its_rows_is_half_an_answer() -> None:
    bodies: list[Any] = [{}, {"value": None}, {"value": [1]}, []]
    for body in bodies:
        with pytest.raises(HalfAnswerError):
            Azure(httpx.Response(200, json=body)).ask(rows)


INNER = {"code": "BadArgument", "innerError": {"code": "WorkspaceNotFound", "innerError": None}}


@pytest.mark.parametrize(
    "place", [{"additionalInfo": [{"type": "InnerError", "info": {"value": INNER}}]}, {"innerError": INNER}]
)
def test_the_inner_code_of_azure_ml_is_the_one(place: dict[str, Any]) -> None:
    with pytest.raises(RefusedError) as raised:
        Azure(httpx.Response(400, json={"error": {"code": "UserError", "message": "No.", **place}})).ask(get)
    assert raised.value.code == "WorkspaceNotFound"


def test_a_refusal_for_want_of_a_role_names_action_and_scope() -> None:
    said = (
        "The client 'x' with object id 'y' does not have authorization to perform action"
        f" 'Microsoft.KeyVault/vaults/read' over scope '{SUB}' or the scope is invalid."
    )
    with pytest.raises(ForbiddenError) as raised:
        Azure(error(403, "AuthorizationFailed", said)).ask(get)
    assert (raised.value.action, raised.value.scope) == ("Microsoft.KeyVault/vaults/read", SUB)


def test_a_token_that_is_not_taken_is_replaced_once() -> None:
    azure = Azure(error(401), httpx.Response(200, json={}))
    azure.ask(get)
    assert azure.credential.asked == 2


CREDENTIALS: list[tuple[Exception, type[ArmError], str]] = [
    (ClientAuthenticationError("AADSTS7000222: The client secret keys are expired."), SignInError, "are expired"),
    (CredentialUnavailableError("Please run 'az login' to set up an account"), SignInError, "az login"),
    (ServiceRequestError("Failed to establish a new connection"), NoNetworkError, "login.microsoftonline.com"),
    (DecodeError("JSON is invalid: <html>"), NotAzureError, "did not answer as Entra ID does"),
    (ValueError("OIDC Discovery failed on https://x. HTTP status: 200, Error: <html>"), NotAzureError, "Entra ID"),
    (RuntimeError("anything else"), SignInError, "anything else"),
]


@pytest.mark.parametrize(("failure", "kind", "says"), CREDENTIALS)
def test_each_failure_of_the_sign_in_has_its_kind(failure: Exception, kind: type[ArmError], says: str) -> None:
    azure = Azure(httpx.Response(200, json={}), credential=Credential(failure))
    with pytest.raises(kind, match=says):
        azure.ask(get)
    assert azure.requests == []


def test_a_sign_in_that_failed_is_not_tried_by_every_request() -> None:
    async def twice(arm: ArmClient) -> None:
        for _ in range(2):
            with pytest.raises(SignInError):
                await arm.get(PATH, VERSION)

    azure = Azure(httpx.Response(200, json={}), credential=Credential(ClientAuthenticationError("no")))
    azure.ask(twice)
    assert azure.credential.asked == 1


def operation(state: str, **more: Any) -> httpx.Response:
    return httpx.Response(200, json={"status": state, **more}, headers={"Retry-After": "3"})


def test_an_operation_is_waited_for() -> None:
    url = "https://management.azure.com/operations/1"

    async def change(arm: ArmClient) -> dict[str, Any]:
        return await arm.change("PUT", PATH, VERSION, {})

    begun = httpx.Response(201, json={}, headers={"Azure-AsyncOperation": url})
    azure = Azure(begun, operation("InProgress"), operation("Succeeded"))
    assert azure.ask(change)["status"] == "Succeeded"
    assert azure.waits == [0, 3]
    failed = operation("Failed", error={"code": "OutOfQuota", "message": "Not enough."})
    with pytest.raises(RefusedError, match="OutOfQuota: Not enough"):
        Azure(begun, failed).ask(change)
    with pytest.raises(HalfAnswerError, match="no status"):
        Azure(begun, httpx.Response(200, json={})).ask(change)


def test_one_that_does_not_end_is_given_up() -> None:
    begun = httpx.Response(201, json={}, headers={"Azure-AsyncOperation": "https://management.azure.com/operations/1"})
    azure = Azure(begun, httpx.Response(200, json={"status": "InProgress"}))
    with pytest.raises(UnavailableError, match="has not ended in 3600 s"):
        azure.ask(lambda arm: arm.change("PUT", PATH, VERSION, {}))
    assert set(azure.waits) == {0, 10}


def test_so_is_one_that_has_a_location_alone() -> None:
    async def delete(arm: ArmClient) -> dict[str, Any]:
        return await arm.change("DELETE", PATH, VERSION, forceToPurge="true")

    accepted = httpx.Response(
        202, headers={"Location": "https://management.azure.com/operations/1", "Retry-After": "2"}
    )
    azure = Azure(accepted, httpx.Response(202, headers={"Retry-After": "2"}), httpx.Response(204))
    assert azure.ask(delete) == {}
    assert azure.waits == [0, 2]
    assert dict(azure.requests[0].url.params)["forceToPurge"] == "true"


@pytest.mark.parametrize(
    "answer",
    [
        httpx.ConnectError(f"refused {TOKEN}"),
        httpx.ReadTimeout(f"late {SECRET}"),
        httpx.Response(500, json={"error": {"code": "X", "message": f"Bearer {TOKEN} and {SECRET}"}}),
        httpx.Response(400, json={"error": {"code": "X", "message": f"client_secret={SECRET}"}}),
        httpx.Response(200, text=f"<html><title>{TOKEN}</title>"),
        httpx.Response(200, text=f"no json {SECRET}"),
        error(403, message=TOKEN),
        error(401, message=TOKEN),
    ],
)
def test_no_error_has_a_token_or_a_secret(answer: Any) -> None:
    with pytest.raises(ArmError) as raised:
        Azure(answer).ask(get)
    said = everything(raised.value)
    assert TOKEN not in said
    assert SECRET not in said


def test_nor_has_a_line_of_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for answer in (httpx.Response(200, json={}), error(403, message=TOKEN), httpx.ConnectError(f"refused {SECRET}")):
        with suppress(ArmError):
            Azure(answer).ask(get)
    with pytest.raises(SignInError):
        Azure(httpx.Response(200), credential=Credential(ClientAuthenticationError(f"{SECRET}"))).ask(get)
    said = "\n".join(f"{record.getMessage()} {vars(record)!r}" for record in caplog.records)
    assert TOKEN not in said
    assert SECRET not in said


def test_nor_has_an_error_of_the_sign_in() -> None:
    failure = ClientAuthenticationError(f"AADSTS7000215: {SECRET} is wrong; got {TOKEN}")
    with pytest.raises(SignInError) as raised:
        Azure(httpx.Response(200), credential=Credential(failure)).ask(get)
    assert TOKEN not in str(raised.value)
    assert SECRET not in str(raised.value)
