"""What `foundry-upgrade-option` says."""

from __future__ import annotations

import pytest

from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.foundry_upgrade_option import RULE
from tests.policies.cases import UNKNOWN, Case, Given, workspace
from tests.policies.foundry_resources import foundry_deployment


def _upgrade(option: object) -> list[Given]:
    return [foundry_deployment(properties={"versionUpgradeOption": option})]


CASES = [
    Case("never", _upgrade("NoAutoUpgrade"), {"chat": Outcome.PASSED}),
    Case("at its end", _upgrade("OnceCurrentVersionExpired"), {"chat": Outcome.PASSED}),
    Case("with each new default", _upgrade("OnceNewDefaultVersionAvailable"), {"chat": Outcome.VIOLATED}),
    Case("left out", [foundry_deployment()], {"chat": Outcome.VIOLATED}, says=["not set"]),
    Case("unknown", _upgrade(UNKNOWN), {"chat": Outcome.NOT_SEEN}),
    Case("a workspace", [workspace()], {}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)
