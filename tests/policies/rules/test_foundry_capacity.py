"""What `foundry-capacity` says."""

from __future__ import annotations

import pytest

from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.foundry_capacity import RULE
from tests.catalogs import overlaid
from tests.policies.cases import UNKNOWN, Case, workspace
from tests.policies.foundry_resources import foundry_deployment

PTU = "GlobalProvisionedManaged"
NO_MINIMUM = overlaid(
    "foundry: {Meta/Llama-3.3-70B-Instruct/5: {skus: {GlobalStandard: {maximum: 50}}, source: Azure, asOf: 2026-11-30}}"
)

CASES = [
    Case("tokens", [foundry_deployment()], {"chat": Outcome.PASSED}),
    Case("the most tokens", [foundry_deployment(capacity=10000)], {"chat": Outcome.PASSED}),
    Case("too many tokens", [foundry_deployment(capacity=10001)], {"chat": Outcome.VIOLATED}, says=["set 10000"]),
    Case("nothing", [foundry_deployment(capacity=0)], {"chat": Outcome.VIOLATED}, says=["at least 1"]),
    Case("no minimum is known", [foundry_deployment(capacity=1)], {"chat": Outcome.PASSED}, catalog=NO_MINIMUM),
    Case("below no minimum", [foundry_deployment(capacity=0)], {"chat": Outcome.VIOLATED}, catalog=NO_MINIMUM),
    Case("an old version", [foundry_deployment(version="1", capacity=1)], {"chat": Outcome.PASSED}),
    Case(
        "an old version with more than one",
        [foundry_deployment(version="1", capacity=2)],
        {"chat": Outcome.VIOLATED},
        says=["at most 1"],
    ),
    Case("units", [foundry_deployment(version="9", sku=PTU, capacity=100)], {"chat": Outcome.PASSED}),
    Case("more units", [foundry_deployment(version="9", sku=PTU, capacity=300)], {"chat": Outcome.PASSED}),
    Case(
        "too few units",
        [foundry_deployment(version="9", sku=PTU, capacity=50)],
        {"chat": Outcome.VIOLATED},
        says=["at least 100"],
    ),
    Case(
        "units between two steps",
        [foundry_deployment(version="9", sku=PTU.upper(), capacity=250)],
        {"chat": Outcome.VIOLATED},
        says=["set 200 or 300"],
    ),
    Case("left out, with a default", [foundry_deployment(capacity=None)], {"chat": Outcome.PASSED}),
    Case(
        "left out, with an unknown default",
        [foundry_deployment(version="9", sku=PTU, capacity=None)],
        {"chat": Outcome.NOT_SEEN},
    ),
    Case("a text", [foundry_deployment(capacity="many")], {"chat": Outcome.NOT_SEEN}),
    Case("a boolean", [foundry_deployment(capacity=True)], {"chat": Outcome.NOT_SEEN}),
    Case("an unknown capacity", [foundry_deployment(capacity=UNKNOWN)], {"chat": Outcome.NOT_SEEN}),
    Case("an unknown SKU", [foundry_deployment(sku=UNKNOWN)], {"chat": Outcome.NOT_SEEN}),
    Case("a version without a row", [foundry_deployment(version="7")], {"chat": Outcome.NOT_SEEN}),
    Case("a workspace", [workspace()], {}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)
