"""The policies of a gateway."""

from __future__ import annotations

import json
from xml.etree import ElementTree as ET

import pytest

from azure_llama_components.gateway_policy import EXPRESSIONS, Route, api_policy, product_policy

LLAMA = Route(model="llama-33-70b", pool="llama-33-70b", members=3, audience="https://cognitiveservices.azure.com")
OWN = Route(model="own", pool="own", members=1, deployment="Llama-Own")


def _parsed(text: str) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314 - our own


def _api(*routes: Route, metrics: bool = False) -> ET.Element:
    return _parsed(api_policy(routes or (LLAMA, OWN), timeout=120, metrics=metrics))


def _when(policy: ET.Element, condition: str) -> ET.Element:
    return next(each for each in policy.iter("when") if each.get("condition") == condition)


def test_a_model_leads_to_its_pool_with_the_gateways_identity() -> None:
    chosen = _when(_api(), '@((string)context.Variables["model"] == "llama-33-70b")')
    assert [(each.tag, dict(each.attrib)) for each in chosen] == [
        ("set-backend-service", {"backend-id": "llama-33-70b"}),
        ("authentication-managed-identity", {"resource": "https://cognitiveservices.azure.com"}),
    ]


def test_a_deployment_of_another_name_gets_its_own_in_the_body() -> None:
    chosen = _when(_api(), '@((string)context.Variables["model"] == "own")')
    assert [each.tag for each in chosen] == ["set-backend-service", "set-body"]
    assert 'body["model"] = "Llama-Own";' in (chosen[1].text or "")


def test_what_a_client_sends_to_the_gateway_stays_there() -> None:
    inbound = _api()[0]
    deleted = [each.get("name") for each in inbound.findall("set-header") if each.get("exists-action") == "delete"]
    assert deleted == ["api-key", "Authorization"]
    (query,) = inbound.findall("set-query-parameter")
    assert query.attrib == {"name": "api-key", "exists-action": "delete"}
    order = [each.tag for each in inbound]
    assert order.index("set-variable") < order.index("base"), "the policy of a product reads the model"
    assert order.index("set-header") < order.index("choose"), "the header of the identity is not deleted"


def test_a_model_that_is_not_served_is_an_error_of_openai() -> None:
    answer = _api().find("inbound/choose/otherwise/return-response")
    assert answer is not None
    assert answer.find("set-status").attrib == {"code": "404", "reason": "Not Found"}  # type: ignore[union-attr]
    error = json.loads(answer.findtext("set-body") or "")["error"]
    assert error["code"] == "model_not_found"
    assert error["message"].endswith("Models: llama-33-70b, own.")


def test_the_list_of_models_is_answered_by_the_gateway() -> None:
    listing = json.loads(_when(_api(), EXPRESSIONS["is-list"]).findtext("return-response/set-body") or "")
    assert [model["id"] for model in listing["data"]] == ["llama-33-70b", "own"]


def test_the_next_member_is_called_as_often_as_there_is_another() -> None:
    retry = _api().find("backend/retry")
    assert retry is not None
    assert retry.attrib == {
        "condition": EXPRESSIONS["retry"],
        "count": "2",
        "interval": "0",
        "first-fast-retry": "true",
    }
    assert retry[0].attrib == {"timeout": "120", "buffer-request-body": "true", "buffer-response": "false"}
    alone = _api(OWN)
    assert alone.find("backend/retry") is None
    assert alone.find("backend/forward-request") is not None


@pytest.mark.parametrize("metrics", [True, False])
def test_metrics_are_by_team_and_model(metrics: bool) -> None:
    metric = _api(metrics=metrics).find("inbound/llm-emit-token-metric")
    assert (metric is not None) is metrics
    if metric is not None:
        assert [dimension.get("name") for dimension in metric] == ["Team", "Model"]


def test_a_team_has_a_limit_a_quota_and_models() -> None:
    policy = _parsed(product_policy(tokens_per_minute=1000, tokens_per_month=50_000, models=["llama-33-70b"]))
    limit = policy.find("inbound/llm-token-limit")
    assert limit is not None
    assert limit.attrib == {
        "counter-key": "@(context.Subscription.Id)",
        "estimate-prompt-tokens": "false",
        "retry-after-header-name": "Retry-After",
        "tokens-per-minute": "1000",
        "remaining-tokens-header-name": "x-ratelimit-remaining-tokens",
        "token-quota": "50000",
        "token-quota-period": "Monthly",
        "remaining-quota-tokens-header-name": "x-ratelimit-remaining-quota-tokens",
    }
    condition = policy.find("inbound/choose/when")
    assert condition is not None
    assert condition.get("condition") == (
        '@(!new [] { "", "llama-33-70b" }.Contains((string)context.Variables["model"]))'
    )


def test_a_team_without_limits_has_none() -> None:
    policy = _parsed(product_policy())
    assert [[each.tag for each in section] for section in policy] == [["base"]] * 4


def test_the_text_is_xml_with_its_expressions_escaped() -> None:
    text = api_policy([LLAMA], timeout=120, metrics=True)
    assert "&quot;model&quot;" in text
    assert "As&lt;JObject&gt;" in text
    assert "{{" not in text, "API Management reads {{...}} as a named value"
