"""What `foundry-content-filter` says."""

from __future__ import annotations

from typing import Any

import pytest

from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.foundry_content_filter import RULE
from tests.policies.cases import UNKNOWN, Case, Given, given, workspace
from tests.policies.foundry_resources import account, foundry_deployment

ACCOUNT = account()


def _with(name: object) -> Given:
    return foundry_deployment(properties={"raiPolicyName": name})


def _filter(*stated: object, name: object = "own", account: object = "contoso", **rest: Any) -> Given:
    inputs = {"raiPolicyName": name, "accountName": account, "resourceGroupName": "rg"}
    rules = rest.pop("rules", list(stated))
    body = {"basePolicyName": "Microsoft.DefaultV2", "contentFilters": rules}
    return given("cognitiveservices:RaiPolicy", "filter", inputs | {"properties": body}, **rest)


def _rule(name: object = "Hate", **stated: object) -> dict[str, object]:
    return {"name": name, "source": "Prompt", "enabled": True, "blocking": True} | stated


CASES = [
    Case("a built-in filter", [_with("Microsoft.DefaultV2")], {"chat": Outcome.PASSED}),
    Case("the older built-in filter", [_with("microsoft.default")], {"chat": Outcome.PASSED}),
    Case("a filter that blocks", [ACCOUNT, _filter(_rule()), _with("own")], {"chat": Outcome.PASSED}),
    Case("a filter with nothing of its own", [_filter(), _with("Own")], {"chat": Outcome.PASSED}),
    Case(
        "a filter that only annotates",
        [ACCOUNT, _filter(_rule(), _rule("Violence", blocking=False, source="Completion")), _with("own")],
        {"chat": Outcome.VIOLATED},
        says=["does not block Violence in completions"],
    ),
    Case(
        "a filter that does not look",
        [_filter(_rule("SelfHarm", enabled=False)), _with("own")],
        {"chat": Outcome.VIOLATED},
        says=["SelfHarm in prompts"],
    ),
    Case("an optional category", [_filter(_rule("Profanity", enabled=False)), _with("own")], {"chat": Outcome.PASSED}),
    Case("a filter of another account", [_filter(account="fabrikam"), _with("own")], {"chat": Outcome.NOT_SEEN}),
    Case("another filter", [_filter(name="other"), _with("own")], {"chat": Outcome.NOT_SEEN}),
    Case("a filter outside the stack", [_with("own")], {"chat": Outcome.NOT_SEEN}),
    Case("a filter of an unknown name", [_filter(name=UNKNOWN), _with("own")], {"chat": Outcome.NOT_SEEN}),
    Case(
        "a filter with two gaps",
        [_filter(_rule(enabled=False), _rule("Sexual", enabled=False)), _with("own")],
        {"chat": Outcome.VIOLATED},
        says=["Hate in prompts, Sexual in prompts"],
    ),
    Case(
        "a filter on an account by its output",
        [ACCOUNT, _filter(_rule(), account=UNKNOWN, comes_from={"accountName": [ACCOUNT]}), _with("own")],
        {"chat": Outcome.PASSED},
    ),
    Case("a filter without rules", [_filter(rules=None), _with("own")], {"chat": Outcome.PASSED}),
    Case("a rule of an unknown name", [_filter(_rule(name=UNKNOWN)), _with("own")], {"chat": Outcome.NOT_SEEN}),
    Case("a rule that may be off", [_filter(_rule(enabled=UNKNOWN)), _with("own")], {"chat": Outcome.NOT_SEEN}),
    Case("unknown rules", [_filter(UNKNOWN), _with("own")], {"chat": Outcome.NOT_SEEN}),
    Case("an unknown rule", [_filter(_rule(blocking=UNKNOWN)), _with("own")], {"chat": Outcome.NOT_SEEN}),
    Case("left out", [foundry_deployment()], {"chat": Outcome.NOT_SEEN}),
    Case("unknown", [_with(UNKNOWN)], {"chat": Outcome.NOT_SEEN}),
    Case("a workspace", [workspace()], {}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)
