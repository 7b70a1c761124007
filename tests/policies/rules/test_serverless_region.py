"""What `serverless-region` says."""

from __future__ import annotations

import pytest

from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.serverless_region import RULE
from tests.policies.cases import LLAMA_33, META, UNKNOWN, Case, Given, endpoint, workspace

WOULD_DO = "eastus, eastus2, northcentralus, southcentralus, swedencentral, westus or westus3"

CASES = [
    Case("a region that offers it", [endpoint("chat")], {"chat": Outcome.PASSED}),
    Case("the region's display name", [endpoint("chat", location="East US 2")], {"chat": Outcome.PASSED}),
    Case("an id in other letters", [endpoint("chat", LLAMA_33.upper())], {"chat": Outcome.PASSED}),
    Case(
        "a region that does not offer it",
        [endpoint("chat", location="westeurope")],
        {"chat": Outcome.VIOLATED},
        says=["'chat'", "Llama-3.3-70B-Instruct", "westeurope", "2026-11-22", WOULD_DO, "azure-native:location"],
    ),
    Case(
        "a region that does not exist",
        [endpoint("chat", location="eastus9")],
        {"chat": Outcome.VIOLATED},
        says=["eastus9", WOULD_DO],
    ),
    Case(
        "a region that came later",
        [endpoint("chat", META + "Meta-Llama-3.1-8B-Instruct", location="swedencentral")],
        {"chat": Outcome.VIOLATED},
        config={"asOf": "2024-09-01"},
        says=["not offered in swedencentral on 2024-09-01"],
    ),
    Case(
        "the same region once it came",
        [endpoint("chat", META + "Meta-Llama-3.1-8B-Instruct", location="swedencentral")],
        {"chat": Outcome.PASSED},
        config={"asOf": "2024-11-15"},
    ),
    Case(
        "a model that has retired",
        [endpoint("chat", META + "Meta-Llama-3.1-8B-Instruct")],
        {"chat": Outcome.VIOLATED},
        says=["Meta-Llama-3.1-8B-Instruct retired on 2026-06-13", "Llama-3.3-70B-Instruct"],
    ),
    Case(
        "the day before it retired",
        [endpoint("chat", META + "Meta-Llama-3.1-8B-Instruct")],
        {"chat": Outcome.PASSED},
        config={"asOf": "2026-06-12"},
    ),
    Case(
        "a model that was never serverless",
        [endpoint("code", META + "CodeLlama-7b-hf", location="westeurope")],
        {"code": Outcome.VIOLATED},
        says=["CodeLlama-7b-hf is not available", "Llama-3.3-70B-Instruct and a region that offers it"],
    ),
    Case(
        "a model that was never serverless, in a region that has others",
        [endpoint("code", META + "CodeLlama-7b-hf")],
        {"code": Outcome.VIOLATED},
    ),
    Case(
        "an older API version of the type",
        [
            Given(
                "azure-native:machinelearningservices/v20240401:ServerlessEndpoint",
                "chat",
                endpoint("chat", location="westeurope").inputs,
            )
        ],
        {"chat": Outcome.VIOLATED},
    ),
    Case("a workspace", [workspace()], {}),
    Case(
        "an unknown region",
        [endpoint("chat", location=UNKNOWN)],
        {"chat": Outcome.NOT_SEEN},
        says=["'chat'", "'location' is not known before the deployment"],
    ),
    Case(
        "an unknown model id",
        [endpoint("chat", UNKNOWN)],
        {"chat": Outcome.NOT_SEEN},
        says=["'properties.modelSettings.modelId' is not known before the deployment"],
    ),
    Case(
        "unknown properties, and an unknown name",
        [Given(endpoint("chat").token, "chat", {"location": "eastus2", "properties": UNKNOWN, "name": UNKNOWN})],
        {"chat": Outcome.NOT_SEEN},
        says=["endpoint 'chat'", "modelId' is not known before the deployment"],
    ),
    Case(
        "no region at all",
        [Given(endpoint("chat").token, "chat", {"properties": {"modelSettings": {"modelId": LLAMA_33}}})],
        {"chat": Outcome.NOT_SEEN},
        says=["'location' is not among the resource's values"],
    ),
    Case(
        "a model that is not in the catalogue",
        [endpoint("chat", "azureml://registries/azureml/models/Phi-4")],
        {"chat": Outcome.NOT_SEEN},
        says=["the regions of Phi-4 on 2026-11-22 are not in the catalogue"],
    ),
    Case(
        "a model that only Foundry resources offer",
        [endpoint("chat", META + "Llama-4-Scout-17B-16E-Instruct")],
        {"chat": Outcome.VIOLATED},
        says=["use a deployment on a Microsoft Foundry resource"],
    ),
    Case(
        "a model that only managed compute offers",
        [endpoint("chat", META + "Llama-Guard-3-8B")],
        {"chat": Outcome.VIOLATED},
        says=["a deployment on managed compute"],
    ),
    Case(
        "a model whose regions are unknown",
        [endpoint("chat", META + "Llama-4-Scout-17B-16E")],
        {"chat": Outcome.NOT_SEEN},
        says=["Llama-4-Scout-17B-16E"],
    ),
    Case(
        "a day before the first table",
        [endpoint("chat")],
        {"chat": Outcome.NOT_SEEN},
        config={"asOf": "2024-08-04"},
        says=["2024-08-04"],
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)


@pytest.mark.parametrize("day", ["22.11.2026", "2026-13-01", 20261122.0])
def test_a_day_that_is_none_is_refused(day: object) -> None:
    case = Case("no day", [endpoint("chat")], {}, config={"asOf": day})
    with pytest.raises(ValueError, match=r"asOf.*YYYY-MM-DD"):
        case.check(RULE)
