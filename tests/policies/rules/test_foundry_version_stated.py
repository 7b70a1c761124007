"""What `foundry-version-stated` says."""

from __future__ import annotations

import pytest

from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.foundry_version_stated import RULE
from tests.policies.cases import UNKNOWN, Case, workspace
from tests.policies.foundry_resources import foundry_deployment

CASES = [
    Case("stated", [foundry_deployment()], {"chat": Outcome.PASSED}),
    Case(
        "left out",
        [foundry_deployment(version=None)],
        {"chat": Outcome.VIOLATED},
        says=["no default version", "'properties.model.version' to one of 1, 2"],
    ),
    Case("empty", [foundry_deployment(version="")], {"chat": Outcome.VIOLATED}),
    Case(
        "left out, of a model that the catalogue does not have",
        [foundry_deployment(version=None, model="gpt-4o", publisher="OpenAI")],
        {"chat": Outcome.VIOLATED},
    ),
    Case(
        "left out, of an unnamed publisher",
        [foundry_deployment(version=None, publisher=None)],
        {"chat": Outcome.VIOLATED},
    ),
    Case("a number", [foundry_deployment(version=5)], {"chat": Outcome.NOT_SEEN}),
    Case("an unknown version", [foundry_deployment(version=UNKNOWN)], {"chat": Outcome.NOT_SEEN}),
    Case("an unknown model", [foundry_deployment(model=UNKNOWN, version=None)], {"chat": Outcome.NOT_SEEN}),
    Case("a workspace", [workspace()], {}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)
