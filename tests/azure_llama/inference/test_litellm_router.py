"""Rows of a LiteLLM proxy from the outputs of stacks: every kind, keys by reference, limits, weights, refusals."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from azure_llama.inference.litellm_router import RouterError, StackOutputs, configuration
from tests.azure_llama.inference.accounts import MODEL, outputs
from tests.azure_llama.inference.test_gateways import OUTPUTS as GATEWAY
from tests.catalogs import PACKAGE

SERVERLESS: dict[str, Any] = {
    "kind": "serverless",
    "uri": "https://llama.eastus2.models.ai.azure.com",
    "chatUrl": "https://llama.eastus2.models.ai.azure.com/v1/chat/completions",
    "openaiBaseUrl": "https://llama.eastus2.models.ai.azure.com/v1",
    "model": MODEL,
    "auth": "Key",
}
MANAGED: dict[str, Any] = {
    "kind": "managed",
    "uri": "https://llama-base.eastus2.inference.ml.azure.com/score",
    "chatUrl": None,
    "completionsUrl": "https://llama-base.eastus2.inference.ml.azure.com/v1/completions",
    "openaiBaseUrl": "https://llama-base.eastus2.inference.ml.azure.com/v1",
    "deployments": {"blue": {"model": "Meta-Llama-3-8B", "traffic": 90}, "green": {"model": "other", "traffic": 10}},
    "auth": "Key",
}


def stack(name: str, endpoints: dict[str, Any], **options: Any) -> StackOutputs:
    return StackOutputs(name=name, outputs={"endpoints": endpoints}, **options)


def account(region: str, capacity: int = 100, **options: Any) -> StackOutputs:
    return StackOutputs(name=region, outputs=outputs(region, capacity), **options)


def rows(*stacks: StackOutputs, endpoints: tuple[str, ...] = ()) -> dict[str, dict[str, Any]]:
    """The rows by id."""
    found = yaml.safe_load(configuration(stacks, PACKAGE, endpoints).text)
    return {row["model_info"]["id"]: row for row in found["model_list"]}


def test_endpoints_of_every_kind_that_have_one_model_share_its_name() -> None:
    found = rows(account("east"), account("north"), stack("ml", {"llama": SERVERLESS, "llama-base": MANAGED}))
    assert [row["model_name"] for row in found.values()] == [MODEL, MODEL, MODEL, "Meta-Llama-3-8B"]
    assert found["east/contoso-east/chat"]["litellm_params"] == {
        "model": "openai/chat",
        "api_base": "https://contoso-east.openai.azure.com/openai/v1",
        "api_key": "os.environ/LLAMA_EAST_CONTOSO_EAST_KEY",
        "tpm": 100_000,
        "rpm": 100,
        "weight": 1,
    }
    serverless = found["ml/llama"]["litellm_params"]
    assert (serverless["model"], serverless["tpm"], serverless["rpm"]) == (f"openai/{MODEL}", 200_000, 1_000)
    assert serverless["weight"] == 2
    base = found["ml/llama-base"]
    assert base["litellm_params"]["model"] == "openai/Meta-Llama-3-8B"
    assert base["model_info"]["mode"] == "completion"
    assert not {"tpm", "rpm"} & set(base["litellm_params"])


def test_an_account_with_entra_id_is_called_by_the_provider_that_renews_tokens() -> None:
    whole = yaml.safe_load(configuration([account("north")], PACKAGE).text)
    parameters = whole["model_list"][0]["litellm_params"]
    assert parameters["model"] == "azure/chat"
    assert (parameters["api_base"], parameters["api_version"]) == ("https://contoso-north.openai.azure.com", "v1")
    assert "api_key" not in parameters
    assert whole["litellm_settings"] == {"enable_azure_ad_token_refresh": True}


def test_requests_a_minute_are_left_out_where_no_source_has_the_ratio() -> None:
    found = outputs("east")
    found["endpoints"]["contoso-east/chat"]["modelVersion"] = "9"
    parameters = rows(StackOutputs(name="east", outputs=found))["east/contoso-east/chat"]["litellm_params"]
    assert parameters["tpm"] == 100_000
    assert "rpm" not in parameters


def test_keys_are_variables_that_the_text_names_with_the_command_that_sets_them() -> None:
    endpoints = {"a-b": SERVERLESS, "a_b": {**SERVERLESS}, "account/one": SERVERLESS, "account/two": SERVERLESS}
    found = configuration([stack("org/llama/east", endpoints, flags=("--stack", "org/llama/east"))], PACKAGE)
    assert list(found.variables) == [
        "LLAMA_ORG_LLAMA_EAST_A_B_KEY",
        "LLAMA_ORG_LLAMA_EAST_A_B_2_KEY",
        "LLAMA_ORG_LLAMA_EAST_ACCOUNT_KEY",
    ]
    for command in found.variables.values():
        assert "pulumi stack output keys --stack org/llama/east --show-secrets --json" in command
        assert f"#   {command}\n" in found.text


@pytest.mark.parametrize(
    ("given", "weights"), [({}, [3, 1]), ({"weight": 9}, [9, 1])], ids=["by tokens a minute", "as given"]
)
def test_every_row_has_a_weight(given: dict[str, int], weights: list[int]) -> None:
    found = rows(account("east", 300, **given), account("north"))
    assert [row["litellm_params"]["weight"] for row in found.values()] == weights


def test_weights_are_the_same_where_a_limit_is_unknown() -> None:
    found = rows(account("east", 300), stack("ml", {"llama": {**MANAGED, "deployments": {"a": {"model": MODEL}}}}))
    assert [row["litellm_params"]["weight"] for row in found.values()] == [1, 1]


def test_every_row_has_an_order_where_one_has() -> None:
    found = rows(account("east"), account("north", order=2))
    assert [row["litellm_params"]["order"] for row in found.values()] == [1, 2]
    assert "order" not in rows(account("east"))["east/contoso-east/chat"]["litellm_params"]


def test_what_litellm_cannot_call_is_refused_in_one_run() -> None:
    endpoints = {
        "entra": {**MANAGED, "auth": "AADToken"},
        "short": {**MANAGED, "auth": "AMLToken"},
        "score": {**MANAGED, "openaiBaseUrl": None},
        "planned": {**SERVERLESS, "openaiBaseUrl": "[unknown]"},
    }
    with pytest.raises(RouterError) as refused:
        rows(stack("ml", endpoints))
    lines = str(refused.value).splitlines()
    assert len(lines) == 4
    assert "takes tokens of type AADToken" in lines[0]
    assert "set `auth: Key` on the endpoint, or name the other endpoints with --endpoint" in lines[1]
    assert "ml: endpoint 'score' has no route of OpenAI's" in lines[2]
    assert "deploy the stack" in lines[3]


def test_models_of_a_gateway_are_left_out_with_a_note() -> None:
    mixed = StackOutputs(name="ml", outputs={**GATEWAY, "endpoints": {"llama": SERVERLESS}})
    assert list(rows(mixed)) == ["ml/llama"]
    (note, _) = configuration([mixed], PACKAGE).notes
    assert note == "ml: 'gateway/llama-33-70b' is a model of a gateway, which balances over its endpoints itself"
    with pytest.raises(RouterError, match="is a model of a gateway"):
        rows(mixed, endpoints=("gateway/drafts",))
    with pytest.raises(RouterError, match="is a model of a gateway"):
        rows(StackOutputs(name="gateway", outputs=GATEWAY))


def test_only_the_endpoints_that_are_named_are_members() -> None:
    ml = stack("ml", {"llama": SERVERLESS, "entra": {**MANAGED, "auth": "AADToken"}})
    assert list(rows(ml, endpoints=("llama",))) == ["ml/llama"]
    with pytest.raises(RouterError, match="no endpoint 'lama'; did you mean 'llama'"):
        rows(ml, endpoints=("lama",))
