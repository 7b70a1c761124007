"""The adapter: what the engine shows becomes verdicts, and verdicts become what the engine reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from pulumi_policy import (
    EnforcementLevel,
    Policy,
    ResourceValidationPolicy,
    Severity,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy.policy import _NotApplicableError
from pulumi_policy.proxy import unknown_checking_proxy

from azure_llama_policies.crossguard import policies, project_folder
from azure_llama_policies.registry import rules
from azure_llama_policies.reports import REPORTS
from azure_llama_policies.rule import UNKNOWN as NOT_KNOWN
from azure_llama_policies.shown import plain, resource_of
from azure_llama_policies.tokens import resource_type
from tests.policies.cases import ENDPOINT, LLAMA_32, LLAMA_33, TODAY, UNKNOWN, Given, endpoint, group, urn, workspace

FIRST = [rule for rule in rules() if rule.id in ("serverless-region", "serverless-one-per-model")]
"""A rule over one resource, and one over the stack."""

Report = tuple[str, str | None, str]
"""Policy, URN, message."""


class Pack:
    """The policies, called as the SDK calls them."""

    def __init__(
        self,
        config: Mapping[str, Mapping[str, Any]] | None = None,
        without: Sequence[str] = (),
        project: Path | None = None,
    ) -> None:
        found = policies(FIRST, today=lambda: TODAY, project=project)
        self.policies = [each for each in found if each.name not in without]
        self.config = config or {}

    def analyze(self, given: Given) -> list[Report]:
        """One resource, before it is touched."""
        args = [(each, given.asked(self.config.get(each.name))) for each in self.policies]
        return [
            report
            for policy, arg in args
            if isinstance(policy, ResourceValidationPolicy)
            for report in self._ask(policy, arg)
        ]

    def analyze_stack(self, given: Sequence[Given]) -> list[Report]:
        """The whole stack, at the end."""
        args = [StackValidationArgs([each.listed() for each in given], self.config.get(p.name)) for p in self.policies]
        return [
            report
            for policy, arg in zip(self.policies, args, strict=True)
            if isinstance(policy, StackValidationPolicy)
            for report in self._ask(policy, arg)
        ]

    def run(self, given: Sequence[Given]) -> list[Report]:
        """A whole preview or update."""
        early = [report for each in given if each.inputs is not None for report in self.analyze(each)]
        return early + self.analyze_stack(given)

    @staticmethod
    def _ask(policy: Any, args: Any) -> list[Report]:
        reports: list[Report] = []
        try:
            policy.validate(args, lambda message, urn=None: reports.append((policy.name, urn, message)))
        except _NotApplicableError:
            assert not reports
        return reports


def ignore(message: str, urn: str | None = None) -> None:
    """Take no notice of a report."""


def names(reports: Sequence[Report]) -> list[tuple[str, str]]:
    """Policy and resource of each report."""
    return [(policy, str(urn).rpartition("::")[2]) for policy, urn, _ in reports]


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


def exempting(folder: Path, **changes: str) -> Path:
    """A project with one exemption: of endpoint a's region."""
    entry = {"rule": "serverless-region", "target": "a", "reason": "a test", "expires": "2026-11-22", "owner": "me"}
    lines = [f"{key}: {value}" for key, value in (entry | changes).items()]
    text = "exemptions:\n  - " + "\n    ".join(lines) + "\n"
    (folder / "policy-exemptions.yaml").write_text(text)
    return folder


def test_an_exempted_violation_is_shown_with_its_reason_and_nothing_else(tmp_path: Path) -> None:
    pack = Pack(project=exempting(tmp_path))
    given = [endpoint("a", location="westeurope"), endpoint("b", LLAMA_32, location="westeurope")]
    for _ in ("preview", "update"):
        assert names(pack.analyze(given[0]) + pack.analyze(given[0]) + pack.analyze(given[1])) == [
            ("serverless-region", "b")
        ]
        (report,) = pack.analyze_stack(given)
        assert report[:2] == ("exempted", given[0].urn)
        assert report[2].startswith("serverless-region: endpoint 'a': Llama-3.3-70B-Instruct is not offered")
        assert report[2].endswith(" [exempted: a test; me, until 2026-11-22]")


def test_an_exempted_resource_that_is_gone_is_not_shown(tmp_path: Path) -> None:
    pack = Pack(project=exempting(tmp_path))
    assert pack.analyze(endpoint("a", location="westeurope")) == []
    assert pack.analyze_stack([workspace()]) == []


def test_an_expired_exemption_covers_nothing_and_is_a_violation_itself(tmp_path: Path) -> None:
    pack = Pack(project=exempting(tmp_path, expires="2026-11-21"))
    reports = pack.run([endpoint("a", location="westeurope")])
    assert [(policy, urn is None) for policy, urn, _ in reports] == [
        ("serverless-region", False),
        ("exemptions-valid", True),
    ]
    assert reports[1][2] == (
        "policy-exemptions.yaml:2: has expired: serverless-region for a, until 2026-11-21, me: a test"
    )


def test_an_exemption_that_covers_nothing_is_reported(tmp_path: Path) -> None:
    ((policy, _, message),) = Pack(project=exempting(tmp_path)).run([endpoint("a")])
    assert (policy, message) == (
        "exempted",
        "policy-exemptions.yaml:2: covers nothing: serverless-region for a, until 2026-11-22, me: a test",
    )


def test_a_mistake_in_the_exemptions_is_a_violation_and_none_of_them_holds(tmp_path: Path) -> None:
    reports = Pack(project=exempting(tmp_path, rule="serverless-regoin")).run([endpoint("a", location="westeurope")])
    assert [policy for policy, _, _ in reports] == ["serverless-region", "exemptions-valid"]
    assert reports[1][2] == (
        "policy-exemptions.yaml:2: exemptions.0.rule: 'serverless-regoin' is not a rule; did you mean "
        "'serverless-region'? (no exemption holds until the file is right)"
    )


def test_a_link_to_exemptions_that_are_gone_is_a_violation(tmp_path: Path) -> None:
    (tmp_path / "policy-exemptions.yaml").symlink_to(tmp_path / "gone.yaml")
    ((policy, _, message),) = Pack(project=tmp_path).run([endpoint("a")])
    assert policy == "exemptions-valid"
    assert message.startswith("policy-exemptions.yaml: cannot be read: No such file or directory")


def test_a_project_without_exemptions_has_none(tmp_path: Path) -> None:
    assert Pack(project=tmp_path).run([endpoint("a")]) == []


def test_the_project_is_found_from_the_folder_that_the_engine_starts_the_pack_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack, program = tmp_path / "pack", tmp_path / "program"
    for folder in (pack, program / "below"):
        folder.mkdir(parents=True)
    (program / "Pulumi.yaml").touch()
    monkeypatch.setenv("PWD", str(program / "below"))
    monkeypatch.chdir(pack)
    assert project_folder(pack) == program
    monkeypatch.setenv("PWD", str(tmp_path))
    monkeypatch.chdir(program / "below")
    assert project_folder(pack) == program
    monkeypatch.chdir(pack)
    assert project_folder(pack) is None
    monkeypatch.delenv("PWD")
    assert project_folder(pack) is None
