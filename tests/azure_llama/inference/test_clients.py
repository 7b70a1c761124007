from __future__ import annotations

from typing import Any

import httpx
import pytest

from azure_llama.inference import (
    AnswerError,
    AuthenticationError,
    Client,
    Endpoint,
    InferenceError,
    RateLimitError,
    RequestError,
    RouteError,
    ServiceError,
    ServiceTimeoutError,
    UnreachableError,
)
from tests.azure_llama.inference.clients import (
    CHAT,
    HOST,
    KEY,
    MANAGED,
    SERVERLESS,
    TEXT,
    Both,
    Kind,
    Wire,
    delta,
    stream,
)


def ok(body: Any = CHAT) -> httpx.Response:
    return httpx.Response(200, json=body, headers={"X-Answer": "yes"})


def test_a_chat_is_sent_and_read(kind: Kind) -> None:
    wire = Wire(ok())
    answer = Both(kind, wire).ask("chat", "What is a llama?", max_tokens=8, temperature=0, trace_id="trace-1")
    request = wire.requests[0]
    assert (request.method, str(request.url)) == ("POST", f"{HOST}/v1/chat/completions")
    assert wire.body == {
        "messages": [{"role": "user", "content": "What is a llama?"}],
        "max_tokens": 8,
        "temperature": 0,
    }
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.headers["x-ms-client-request-id"] == "trace-1"
    assert "azureml-model-deployment" not in request.headers
    assert (answer.text, answer.finish_reason, answer.usage.total_tokens) == ("An animal.", "stop", 5)
    assert (answer.trace_id, answer.headers["x-answer"], answer.meta.attempts) == ("trace-1", "yes", 1)


def test_messages_may_be_a_conversation(kind: Kind) -> None:
    wire = Wire(ok())
    talk = ({"role": "system", "content": "Be brief."}, {"role": "user", "content": "Llama?"})
    Both(kind, wire).ask("chat", talk)
    assert wire.body == {"messages": list(talk)}


def test_a_completion_is_sent_and_read(kind: Kind) -> None:
    wire = Wire(ok(TEXT))
    answer = Both(kind, wire).ask("complete", "A llama is", n=None, best_of=3)
    assert str(wire.requests[0].url) == f"{HOST}/v1/completions"
    assert wire.body == {"prompt": "A llama is", "best_of": 3}
    assert (answer.text, answer.finish_reason) == ("An animal.", "length")


def test_logprobs_are_read_under_either_name(kind: Kind) -> None:
    logprobs = {"tokens": ["A"], "token_logprobs": [-0.5], "top_logprobs": [{"A": -0.5, "B": -2.0}], "text_offset": [0]}
    body = {**TEXT, "choices": [{"text": "A", "logprobs": logprobs}]}
    found = Both(kind, Wire(ok(body))).ask("complete", "x", logprobs=1).choices[0].logprobs
    assert (found.tokens, found.text_offsets, len(found.top_logprobs[0])) == (["A"], [0], 2)


def test_the_other_route_family_takes_an_api_version_and_extras(kind: Kind) -> None:
    wire = Wire(ok())
    Both(kind, wire, api="inference").ask("chat", "hi", seed=7, extra={"top_k": 5})
    request = wire.requests[0]
    assert str(request.url) == f"{HOST}/chat/completions?api-version=2024-05-01-preview"
    assert request.headers["extra-parameters"] == "pass-through"
    assert wire.body["top_k"] == 5
    Both(kind, wire, api="inference").ask("complete", ["a", "b"])
    assert str(wire.requests[1].url) == f"{HOST}/completions?api-version=2024-05-01-preview"
    assert "extra-parameters" not in wire.requests[1].headers


def test_a_deployment_is_asked_for_by_header(kind: Kind) -> None:
    wire = Wire(ok())
    Both(kind, wire, MANAGED, deployment="green").ask("chat", "hi")
    assert wire.requests[0].headers["azureml-model-deployment"] == "green"


@pytest.mark.parametrize(("endpoint", "has"), [(MANAGED, "blue, green"), (SERVERLESS, "serverless")])
def test_a_deployment_that_is_not_there_is_refused(endpoint: Endpoint, has: str) -> None:
    with pytest.raises(ValueError, match=f"no deployment 'red'.*{has}"):
        Client(endpoint, deployment="red")


def test_images_go_to_models_that_see(kind: Kind) -> None:
    picture = [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}}]}]
    wire = Wire(ok())
    Both(kind, wire, MANAGED, deployment="green").ask("chat", picture)
    with pytest.raises(RequestError, match=r"Meta-Llama-3\.1-8B-Instruct does not see images"):
        Both(kind, wire, MANAGED, deployment="blue").ask("chat", picture)
    Both(kind, wire, MANAGED).ask("chat", picture)  # either may answer: the service decides
    assert len(wire.requests) == 2


def test_what_breaks_a_rule_is_not_sent(kind: Kind) -> None:
    wire = Wire(ok())
    with pytest.raises(RequestError) as raised:
        Both(kind, wire).ask("chat", "hi", temperature=3, best_off=2, max_tokens="many")
    assert wire.requests == []
    assert {problem.where for problem in raised.value.problems} == {"temperature", "best_off", "max_tokens"}
    text = str(raised.value)
    assert text.startswith("llama chat: 3 parameters are wrong:")
    assert "temperature (3): should be less than or equal to 2" in text
    assert "best_off: is not a parameter of this route; did you mean 'best_of'?" in text


@pytest.mark.parametrize(
    ("method", "endpoint", "params", "says"),
    [
        ("complete", MANAGED, {}, "no such route; it has chat, score"),
        ("chat", SERVERLESS, {"stream": True}, "stream_chat"),
        ("chat", SERVERLESS, {"trace_id": "no blanks"}, "1 to 40 letters"),
        ("chat", SERVERLESS, {"trace_id": "x" * 41}, "1 to 40 letters"),
        ("stream_chat", SERVERLESS, {"best_of": 2}, "cannot be streamed"),
    ],
)
def test_more_that_is_not_sent(kind: Kind, method: str, endpoint: Endpoint, params: dict[str, Any], says: str) -> None:
    wire = Wire(ok())
    with pytest.raises(RequestError, match=says):
        Both(kind, wire, endpoint).ask(method, "hi", **params)
    assert wire.requests == []


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("method", ["chat", "stream_chat"])
def test_what_may_succeed_is_asked_again(kind: Kind, status: int, method: str) -> None:
    wire = Wire(
        httpx.Response(status, headers={"Retry-After": "2"}),
        httpx.Response(status, headers={"retry-after-ms": "250"}),
        ok() if method == "chat" else stream(delta("A", "stop")),
    )
    both = Both(kind, wire)
    both.ask(method, "hi")
    assert both.slept == [2, 0.25]
    assert len({request.headers["x-ms-client-request-id"] for request in wire.requests}) == 1


def test_it_gives_up_after_its_retries(kind: Kind) -> None:
    both = Both(kind, Wire(httpx.Response(429, json={"error": "Too Many Requests", "message": "slow down"})))
    with pytest.raises(RateLimitError, match="slow down") as raised:
        both.ask("chat", "hi")
    assert (raised.value.attempts, raised.value.status) == (3, 429)
    assert 0.375 <= both.slept[0] <= 0.5 < both.slept[1] <= 1


def test_a_wait_beyond_a_minute_is_left_to_the_caller(kind: Kind) -> None:
    both = Both(kind, Wire(httpx.Response(429, headers={"Retry-After": "3600"})))
    with pytest.raises(RateLimitError) as raised:
        both.ask("chat", "hi")
    assert (both.slept, raised.value.retry_after) == ([], 3600)


@pytest.mark.parametrize(
    ("error", "raised", "attempts"),
    [
        (httpx.ConnectError("refused"), UnreachableError, 3),
        (httpx.ConnectTimeout("late"), UnreachableError, 3),
        (httpx.ReadTimeout("late"), ServiceTimeoutError, 1),
        (httpx.RemoteProtocolError("gone"), UnreachableError, 1),
    ],
)
def test_no_answer(kind: Kind, error: Exception, raised: type[InferenceError], attempts: int) -> None:
    wire = Wire(error)
    with pytest.raises(raised, match=rf"no answer from llama\.eastus2.*{type(error).__name__}") as caught:
        Both(kind, wire).ask("chat", "hi")
    assert caught.value.__cause__ is error
    assert (len(wire.requests), caught.value.attempts, caught.value.status) == (attempts, attempts, None)


def test_what_the_service_failed_at_is_not_asked_again(kind: Kind) -> None:
    both = Both(kind, Wire(httpx.Response(500, text="oops")))
    with pytest.raises(ServiceError, match="500: oops"):
        both.ask("chat", "hi")
    assert both.slept == []


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ("<html>", "no ChatCompletion"),
        ('{"id": "1"}', "choices: Field required"),
    ],
)
def test_an_answer_that_is_none(kind: Kind, answer: str, says: str) -> None:
    with pytest.raises(AnswerError, match=says):
        Both(kind, Wire(httpx.Response(200, text=answer))).ask("chat", "hi")


def test_a_redirect_is_no_answer_and_is_not_followed(kind: Kind) -> None:
    wire = Wire(httpx.Response(307, headers={"Location": "https://elsewhere.example/"}))
    with pytest.raises(ServiceError, match="307"):
        Both(kind, wire).ask("chat", "hi")
    assert len(wire.requests) == 1


def test_a_body_can_be_sent_as_it_is(kind: Kind) -> None:
    wire = Wire(ok({"output": "An animal."}))
    both = Both(kind, wire, MANAGED)
    body = {"input_data": {"input_string": ["hi"], "parameters": {}}}
    assert both.ask("post", "score", body) == {"output": "An animal."}
    assert (str(wire.requests[0].url), wire.body) == (MANAGED.uri, body)
    both.ask("post", "chat", {"messages": 5})
    assert wire.body == {"messages": 5}
    with pytest.raises(RequestError, match="no such route; it has chat, completions"):
        Both(kind, wire).ask("post", "score", body)
    with pytest.raises(AnswerError, match="no JSON: 'oops'"):
        Both(kind, Wire(httpx.Response(200, text="oops"))).ask("post", "chat", {})


INFO = {"model_name": "Llama-3.3-70B-Instruct", "model_type": "chat_completion", "model_provider_name": "Meta"}


def test_health_says_what_is_served(kind: Kind) -> None:
    wire = Wire(ok(INFO))
    health = Both(kind, wire).ask("health")
    assert health.seconds >= 0
    assert health.info.model_name == "Llama-3.3-70B-Instruct"
    assert (wire.requests[0].method, wire.requests[0].url.path) == ("GET", "/info")


@pytest.mark.parametrize("status", [404, 405])
def test_an_endpoint_without_info_is_healthy(kind: Kind, status: int) -> None:
    both = Both(kind, Wire(httpx.Response(status)))
    assert both.ask("health").info is None
    with pytest.raises(RouteError):
        both.ask("info")


def test_an_endpoint_that_refuses_the_key_is_not(kind: Kind) -> None:
    with pytest.raises(AuthenticationError):
        Both(kind, Wire(httpx.Response(401))).ask("health")


def test_requests_are_paced(kind: Kind) -> None:
    wire = Wire(httpx.Response(429, headers={"Retry-After": "1"}), ok())
    both = Both(kind, wire, requests_per_minute=1)
    both.ask("chat", "hi")
    assert both.slept[0] == 1  # as the service said
    assert 58 < both.slept[1] <= 60  # the pacer


def test_an_answer_is_counted_for_what_it_took() -> None:
    slept: list[float] = []
    http = httpx.Client(transport=httpx.MockTransport(Wire(ok(), ok(), ok())))
    with http, Client(SERVERLESS, http=http, tokens_per_minute=120, sleep=slept.append) as client:
        client.chat("hi", max_tokens=100)  # 101 at most, 5 in fact
        client.chat("hi", max_tokens=100)
        assert slept == []
        client.chat("hi", max_tokens=115)
        assert len(slept) == 1


def test_the_clients_own_connections_are_closed() -> None:
    with Client(SERVERLESS) as client:
        own = client._http
        assert (own.timeout.read, own.timeout.connect) == (180, 10)
    assert own.is_closed
    with Client(SERVERLESS, timeout=3) as client:
        assert client._timeout.read == 3
