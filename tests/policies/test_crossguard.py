"""The adapter: what the engine shows becomes verdicts, and verdicts become what the engine reports."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict

import pytest
from pulumi_policy import (
    EnforcementLevel,
    Policy,
    ResourceValidationPolicy,
    Severity,
)
from pulumi_policy.policy import _NotApplicableError
from pulumi_policy.proxy import unknown_checking_proxy

from azure_llama_policies.crossguard import policies
from azure_llama_policies.registry import rules
from azure_llama_policies.reports import REPORTS
from azure_llama_policies.rule import UNKNOWN as NOT_KNOWN
from azure_llama_policies.shown import plain, resource_of
from azure_llama_policies.tokens import resource_type
from tests.policies.cases import ENDPOINT, LLAMA_32, LLAMA_33, UNKNOWN, Given, endpoint, group, urn, workspace
from tests.policies.served import Pack, names


def ignore(message: str, urn: str | None = None) -> None:
    """Take no notice of a report."""


def test_a_violation_names_its_rule_and_its_resource() -> None:
    (report,) = Pack().run([endpoint("chat", location="westeurope")])
    assert report[:2] == ("serverless-region", urn(ENDPOINT, "chat"))
    assert report[2].startswith(
        "serverless-region: endpoint 'chat': Llama-3.3-70B-Instruct is not offered in westeurope"
    )


def test_a_region_is_judged_before_the_endpoint_is_touched() -> None:
    assert names(Pack().analyze(endpoint("chat", location="westeurope"))) == [("serverless-region", "chat")]


def test_two_endpoints_of_one_model_fail_a_first_preview() -> None:
    assert names(Pack().run([workspace(), endpoint("a"), endpoint("b")])) == [("serverless-one-per-model", "b")]


def test_what_a_rule_cannot_see_is_a_report_of_its_own() -> None:
    reports = Pack().run([endpoint("a", location=UNKNOWN), endpoint("b", workspace=UNKNOWN)])
    assert [(policy, message.partition(":")[0]) for policy, _, message in reports] == [
        ("not-seen", "serverless-one-per-model"),
        ("not-seen", "serverless-region"),
    ]
    assert names(reports) == [("not-seen", "b"), ("not-seen", "a")]


def test_an_update_says_nothing_more_of_what_its_preview_could_not_see() -> None:
    pack = Pack()
    assert names(pack.run([endpoint("a", location=UNKNOWN)])) == [("not-seen", "a")]
    assert pack.run([endpoint("a")]) == []


def test_a_blind_spot_of_a_removed_resource_is_not_reported() -> None:
    pack = Pack()
    pack.analyze(endpoint("a", location=UNKNOWN))
    assert pack.analyze_stack([workspace()]) == []


def test_an_update_after_its_preview_judges_what_is_there_then() -> None:
    pack = Pack()
    assert names(pack.run([endpoint("a"), endpoint("b")])) == [("serverless-one-per-model", "b")]
    assert pack.run([endpoint("a"), endpoint("b", LLAMA_32)]) == []
    assert pack.run([endpoint("b")]) == []
    assert pack.run([endpoint("b"), endpoint("c", workspace="other")]) == []


def test_two_endpoints_may_swap_their_models() -> None:
    pack = Pack()
    assert pack.run([endpoint("a", LLAMA_32), endpoint("b", LLAMA_33)]) == []
    assert pack.run([endpoint("a", LLAMA_33), endpoint("b", LLAMA_32)]) == []


def test_a_replaced_endpoint_is_not_its_own_twin() -> None:
    pack = Pack()
    old = endpoint("a")
    new = Given(old.token, "a", {**(old.inputs or {}), "name": "a-new"})
    pack.analyze(old)
    assert pack.run([new]) == []


def test_a_rule_over_the_stack_needs_no_other_policy() -> None:
    pack = Pack(without=["serverless-region", "not-seen"])
    assert names(pack.run([endpoint("a"), endpoint("b")])) == [("serverless-one-per-model", "b")]


def test_a_disabled_rule_has_no_blind_spots() -> None:
    assert Pack(without=["serverless-region"]).run([endpoint("a", location=UNKNOWN)]) == []


def test_the_day_comes_from_the_configuration() -> None:
    given = [endpoint("a", "azureml://registries/azureml-meta/models/Meta-Llama-3.1-8B-Instruct")]
    assert names(Pack().run(given)) == [("serverless-region", "a")]
    assert Pack({"serverless-region": {"asOf": "2026-01-01"}}).run(given) == []


def test_the_day_is_today_by_default() -> None:
    region = next(each for each in policies() if each.name == "serverless-region")
    assert isinstance(region, ResourceValidationPolicy)
    region.validate(endpoint("a").asked(), ignore)


@pytest.mark.parametrize("given", [workspace(), Given("pulumi:pulumi:Stack", "stack", {}), group()])
def test_other_resources_are_not_applicable(given: Given) -> None:
    for policy in Pack().policies:
        if isinstance(policy, ResourceValidationPolicy):
            with pytest.raises(_NotApplicableError):
                policy.validate(given.asked(), ignore)


def test_threads_do_not_lose_resources() -> None:
    pack = Pack()
    given = [endpoint(f"e{number}", LLAMA_33 if number % 2 else LLAMA_32) for number in range(200)]
    with ThreadPoolExecutor(4) as threads:
        assert not any(threads.map(pack.analyze, given))
    assert len(pack.analyze_stack(given)) == 198


def test_policies_carry_what_rules_say_of_themselves() -> None:
    by_name: dict[str, Policy] = {policy.name: policy for policy in policies()}
    assert list(by_name)[-3:] == ["not-seen", "exemptions-valid", "exempted"]
    assert by_name.keys() == {rule.id for rule in rules()} | set(REPORTS)
    for rule in rules():
        policy = by_name[rule.id]
        assert policy.description == rule.title
        assert policy.enforcement_level is EnforcementLevel(rule.level.value)
        assert policy.severity is Severity(rule.severity.value)
        assert policy.remediation_steps == rule.fix
        assert policy.url == rule.docs
        assert (policy.config_schema.properties if policy.config_schema else {}) == rule.config
        assert tuple(policy.tags or ()) == rule.mirrors
        control = policy.framework
        assert ([vars(control)] if control else []) == [asdict(each) for each in rule.frameworks]
    for name, level in REPORTS.items():
        assert by_name[name].enforcement_level is EnforcementLevel(level.value)
        assert by_name[name].url == f"docs/rules/{name}.md"


@pytest.mark.parametrize(
    "token",
    [
        ENDPOINT,
        "azure-native:machinelearningservices/v20240401:ServerlessEndpoint",
        "azure-native_machinelearningservices_v20240401:machinelearningservices:ServerlessEndpoint",
    ],
)
def test_a_type_has_no_version(token: str) -> None:
    assert resource_type(token) == ENDPOINT


@pytest.mark.parametrize("token", ["pulumi:pulumi:Stack", "azure:machinelearning/workspace:Workspace", "a:b:c"])
def test_other_types_stay_as_they_are(token: str) -> None:
    assert resource_type(token) == token


def test_plain_data_has_neither_proxies_nor_floats_that_are_whole() -> None:
    props = unknown_checking_proxy(
        {"capacity": 2.0, "share": 0.5, "on": True, "tags": {}, "rules": [{"port": 443.0}, UNKNOWN], "id": UNKNOWN}
    )
    data = plain(props)
    assert data == {
        "capacity": 2,
        "share": 0.5,
        "on": True,
        "tags": {},
        "rules": [{"port": 443}, NOT_KNOWN],
        "id": NOT_KNOWN,
    }
    assert isinstance(data["capacity"], int)
    assert type(data["rules"]) is list
    assert type(data["rules"][0]) is dict


def test_a_provider_without_a_known_subscription_names_none() -> None:
    args = endpoint("a").asked()
    assert resource_of(args).subscription is None
    assert args.provider is not None
    args.provider.props = unknown_checking_proxy({"subscriptionId": UNKNOWN})
    assert resource_of(args).subscription is None
    args.provider = None
    assert resource_of(args).subscription is None
