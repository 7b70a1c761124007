from __future__ import annotations

from typing import Any

import httpx
import pytest

from azure_llama.inference import (
    AuthenticationError,
    ContentFilterError,
    InferenceError,
    ModelError,
    ParameterError,
    Problem,
    RateLimitError,
    RouteError,
    ServiceError,
    ServiceTimeoutError,
)
from azure_llama.inference.failures import failure, mask


def error(status: int, body: Any = None, headers: dict[str, str] | None = None) -> InferenceError:
    content = {"text": body} if isinstance(body, str) else {} if body is None else {"json": body}
    response = httpx.Response(status, headers=headers, request=httpx.Request("POST", "https://x.example"), **content)
    return failure(response, where="llama chat", trace_id="trace-1", attempts=1)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, ParameterError),
        (401, AuthenticationError),
        (403, AuthenticationError),
        (404, RouteError),
        (405, RouteError),
        (408, ServiceTimeoutError),
        (422, ParameterError),
        (424, ModelError),
        (429, RateLimitError),
        (418, ServiceError),
        (500, ServiceError),
        (503, ServiceError),
        (599, ServiceError),
    ],
)
def test_every_status_has_its_error(status: int, kind: type[InferenceError]) -> None:
    found = error(status)
    assert type(found) is kind
    assert (found.status, found.trace_id) == (status, "trace-1")
    assert str(found).startswith(f"llama chat: {status}: ")


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        ({"error": {"code": "Unauthorized", "message": "no key"}}, "Unauthorized", "no key"),
        ({"error": "Unauthorized", "message": "no key", "status": 401}, "from-header", "no key"),
        ({"error": {"code": "a", "message": "b"}, "code": "c", "message": "d", "status": 401}, "a", "b"),
        ({"code": "Unauthorized", "message": "no key"}, "Unauthorized", "no key"),
        ({"error": {"code": None, "message": "no key"}}, "from-header", "no key"),
        ({"detail": "no key"}, "from-header", "no key"),
        ("no key", "from-header", "no key"),
        (["no key"], "from-header", "Unauthorized"),
        (None, "from-header", "Unauthorized"),
    ],
)
def test_every_shape_is_read(body: Any, code: str, message: str) -> None:
    found = error(401, body, {"x-ms-error-code": "from-header"})
    assert (found.code, found.message) == (code, message)
    assert found.body == body


def test_without_the_header_the_flat_shape_has_a_word_for_it() -> None:
    assert error(401, {"error": "Unauthorized", "message": "no key", "status": 401}).code == "Unauthorized"


DETAIL = {"loc": ["body", "top_k"], "input": "many", "msg": "not a number"}


@pytest.mark.parametrize(
    ("detail", "problem"),
    [
        (DETAIL, Problem("top_k", "not a number", "many")),
        ([DETAIL], Problem("top_k", "not a number", "many")),
        ({"loc": ["top_k"], "value": 5}, Problem("top_k", "One of the parameters is wrong", "5")),
        ([{"loc": "top_k"}], Problem("top_k", "One of the parameters is wrong")),
    ],
)
def test_the_detail_of_a_422_is_an_object_or_a_list(detail: Any, problem: Problem) -> None:
    body = {"status": 422, "code": "parameter_not_supported", "message": "One of the parameters is wrong"}
    found = error(422, {**body, "detail": detail})
    assert found.problems == (problem,)
    assert (found.code, found.param) == ("parameter_not_supported", "top_k")
    assert "top_k" in str(found)


def test_a_detail_alone_is_the_message() -> None:
    assert error(422, {"detail": [DETAIL]}).message == "not a number"


FILTERED = {"code": "content_filter", "message": "The prompt was filtered.", "param": "messages", "type": None}


@pytest.mark.parametrize(
    "body",
    [
        {"status": 400, **FILTERED},
        {"error": FILTERED},
        {"error": {**FILTERED, "code": "BadRequest", "innererror": {"code": "ResponsibleAIPolicyViolation"}}},
    ],
)
def test_the_content_filter_is_told_apart_flat_and_nested(body: Any) -> None:
    found = error(400, body)
    assert type(found) is ContentFilterError
    assert (found.param, found.message) == ("messages", "The prompt was filtered.")


def test_a_models_failure_names_its_status_and_reason() -> None:
    headers = {"ms-azureml-model-error-statuscode": "503", "ms-azureml-model-error-reason": "model_error"}
    found = error(424, "failed", headers)
    assert isinstance(found, ModelError)
    assert (found.model_status, found.model_reason) == (503, "model_error")
    bare = error(424)
    assert isinstance(bare, ModelError)
    assert (bare.model_status, bare.model_reason) == (None, None)


def test_a_named_wait_is_kept() -> None:
    assert error(429, headers={"Retry-After": "7"}).retry_after == 7


def test_the_text_says_where_what_and_what_to_do() -> None:
    text = str(error(429, {"error": {"code": "429", "message": "Rate limit"}}))
    assert text.startswith("llama chat: 429 429: Rate limit")
    assert "tokens_per_minute" in text
    assert text.endswith("(x-ms-client-request-id trace-1)")


def test_a_long_page_is_cut() -> None:
    assert len(error(502, "<html>" + "x" * 10_000).message) == 500


def test_masking_reaches_everywhere() -> None:
    given = {"s3cret": ["a s3cret", {"b": "s3crets3cret"}, 5, None]}
    assert mask(given, "s3cret") == {"***": ["a ***", {"b": "******"}, 5, None]}
    assert mask(given, "") is given
