"""Policy rules, preflight and sandbox agree on which models of the catalogue take a new serverless endpoint."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from azure_llama.catalog import Model
from azure_llama.preflight import Reader, Status
from azure_llama.preflight.checks import models as preflight
from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules import serverless_model_retired, serverless_region
from tests.azure_llama.preflight.harness import plan_of, stack
from tests.catalogs import PACKAGE
from tests.policies.cases import endpoint, judge
from tests.sandbox.arm.harness import PROJECT, TODAY, Azure, serverless_body

REFUSED, UNKNOWN, TAKEN = "refused", "unknown", "taken"
WORST_FIRST = (REFUSED, UNKNOWN, TAKEN)
RULES = (serverless_region.RULE, serverless_model_retired.RULE)
OUTCOMES = {Outcome.VIOLATED: REFUSED, Outcome.NOT_SEEN: UNKNOWN, Outcome.PASSED: TAKEN}
STATUSES = {Status.FAIL: REFUSED, Status.UNKNOWN: UNKNOWN, Status.PASS: TAKEN, Status.SKIPPED: TAKEN}
Answer = tuple[str, str]


def over(*chosen: Model) -> pytest.MarkDecorator:
    """The test once for each model."""
    return pytest.mark.parametrize("model", chosen, ids=lambda each: each.name)


EVERY_MODEL = over(*PACKAGE.models)
ELSEWHERE = over(
    *(m for m in PACKAGE.models if m.serverless_regions(TODAY) == frozenset() and not m.lifecycle.deprecated)
)
FOUNDRY_ALONE = over(*(m for m in PACKAGE.models if m.foundry and not any(m.serverless.tables.values())))


def worst(answers: list[Answer]) -> Answer:
    """The verdict that decides, with everything that was said."""
    verdict = min((verdict for verdict, _ in answers), key=WORST_FIRST.index)
    return verdict, "\n".join(message for _, message in answers)


def ask_rules(model: Model) -> Answer:
    """What `check` and the policy pack answer."""
    verdicts = [verdict for rule in RULES for verdict in judge(rule, [endpoint("chat", model.asset_id)], {})]
    return worst([(OUTCOMES[verdict.outcome], verdict.message or "") for verdict in verdicts])


def ask_preflight(model: Model) -> Answer:
    """What the preflight answers. Neither check asks Azure."""
    plan, nobody = plan_of(stack(serverless={"chat": {"model": model.name}}, managed=None), TODAY), cast(Reader, None)
    results = [
        result for check in (preflight.regions, preflight.lifecycle) for result in asyncio.run(check(plan, nobody))
    ]
    return worst([(STATUSES[result.status], f"{result.evidence} {result.remediation}") for result in results])


def ask_sandbox(azure: Azure, model: Model) -> Answer:
    """What the sandbox answers to the subscription and, once that is there, to the endpoint."""
    bodies: dict[str, Any] = {
        "marketplaceSubscriptions/one": {"properties": {"modelId": model.asset_id}},
        "serverlessEndpoints/chat-one": serverless_body(model.asset_id),
    }
    for path, body in bodies.items():
        answer = azure.call("PUT", f"{PROJECT}/{path}", body)
        if answer.status_code != 201:
            return REFUSED, answer.json()["error"]["message"]
        azure.wait(answer)
    return TAKEN, ""


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Azure]:
    azure = Azure(tmp_path / "sandbox.db").with_hub()
    yield azure
    azure.close()


@EVERY_MODEL
def test_every_reading_has_the_same_verdict(hub: Azure, model: Model) -> None:
    by_rules, by_preflight, by_sandbox = ask_rules(model), ask_preflight(model), ask_sandbox(hub, model)
    assert by_rules[0] == by_preflight[0]
    if by_rules[0] != UNKNOWN:  # The sandbox has to answer something.
        assert by_sandbox[0] == by_rules[0]


@ELSEWHERE
def test_a_refusal_names_the_routes_of_the_model(hub: Azure, model: Model) -> None:
    for verdict, message in (ask_rules(model), ask_preflight(model), ask_sandbox(hub, model)):
        assert verdict == REFUSED
        assert all(route in message for route in model.routes(TODAY))


@FOUNDRY_ALONE
def test_a_model_of_foundry_alone_is_refused(hub: Azure, model: Model) -> None:
    assert {ask_rules(model)[0], ask_preflight(model)[0], ask_sandbox(hub, model)[0]} == {REFUSED}


@EVERY_MODEL
def test_no_message_proposes_a_serverless_model_that_takes_none(hub: Azure, model: Model) -> None:
    closed = [each for each in PACKAGE.models if not _takes_endpoints(each) and each.name not in model.name]
    for _, message in (ask_rules(model), ask_preflight(model), ask_sandbox(hub, model)):
        for each in closed:
            named = any(f"{each.name}{end}" in message for end in (" ", ",", ";", ".", ")"))
            assert not named or f"{each.name} as a deployment on a" in message


def _takes_endpoints(model: Model) -> bool:
    return model.stage(TODAY).takes_deployments and bool(model.serverless_regions(TODAY))
