"""What `preview-api-version` says."""

from __future__ import annotations

import pytest

from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.preview_api_version import RULE
from tests.policies.cases import UNKNOWN, Case, Given, given, stated, template, workspace

ML = "azure-native:machinelearningservices"

CASES = [
    Case("the default", [workspace()], {"ws": Outcome.PASSED}),
    Case("a stable one", [Given(f"{ML}/v20240401:Workspace", "ws", {})], {"ws": Outcome.PASSED}),
    Case(
        "a preview",
        [Given(f"{ML}/v20240401preview:Workspace", "ws", {"workspaceName": "own"})],
        {"ws": Outcome.VIOLATED},
    ),
    Case(
        "a preview in a package of its own",
        [Given("azure-native_machinelearningservices_v20260515preview:machinelearningservices:Workspace", "ws", {})],
        {"ws": Outcome.VIOLATED},
    ),
    Case(
        "a type that nobody knows",
        [Given("azure-native:quantum/v20231113preview:Workspace", "q", {})],
        {"q": Outcome.VIOLATED},
    ),
    Case("a stable one in a template", [template("traffic", stated())], {"traffic": Outcome.PASSED}),
    Case(
        "a preview in a template",
        [template("traffic", stated(), stated() | {"apiVersion": "2026-05-15-preview"})],
        {"traffic": Outcome.VIOLATED},
    ),
    Case("a template of nothing", [given("resources:Deployment", "traffic", {})], {"traffic": Outcome.PASSED}),
    Case("no version in a template", [template("traffic", {"type": "x"})], {"traffic": Outcome.PASSED}),
    Case(
        "an unknown version in a template",
        [template("traffic", {"apiVersion": UNKNOWN})],
        {"traffic": Outcome.NOT_SEEN},
    ),
    Case("an unknown resource in a template", [template("traffic", UNKNOWN)], {"traffic": Outcome.NOT_SEEN}),
    Case(
        "an unknown template",
        [given("resources:Deployment", "traffic", {"properties": UNKNOWN})],
        {"traffic": Outcome.NOT_SEEN},
    ),
    Case("something else than Azure", [Given("random:index:Id", "id", {})], {}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)
