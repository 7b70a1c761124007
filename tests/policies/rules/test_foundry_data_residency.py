"""What `foundry-data-residency` says."""

from __future__ import annotations

import pytest

from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.foundry_data_residency import RULE
from tests.policies.cases import UNKNOWN, Case, workspace
from tests.policies.foundry_resources import account, foundry_deployment

SWEDEN = account(location="swedencentral")
ZONE = foundry_deployment(version="9", sku="DataZoneProvisionedManaged")
REGIONAL = foundry_deployment(sku="Standard")
EUROPE = {"geographies": ["Europe"]}

CASES = [
    Case("no geography is required", [SWEDEN, foundry_deployment()], {"chat": Outcome.NOT_APPLICABLE}),
    Case(
        "every geography is allowed",
        [SWEDEN, foundry_deployment()],
        {"chat": Outcome.NOT_APPLICABLE},
        config={"geographies": ["Europe", "Global"]},
    ),
    Case("a zone", [SWEDEN, ZONE], {"chat": Outcome.PASSED}, config=EUROPE),
    Case("a zone, in other letters", [SWEDEN, ZONE], {"chat": Outcome.PASSED}, config={"geographies": ["europe"]}),
    Case("the other zone", [account(), ZONE], {"chat": Outcome.VIOLATED}, says=["in US"], config=EUROPE),
    Case(
        "a zone is wider than a geography",
        [SWEDEN, ZONE],
        {"chat": Outcome.VIOLATED},
        config={"geographies": ["Sweden"]},
    ),
    Case("a region", [SWEDEN, REGIONAL], {"chat": Outcome.PASSED}, config={"geographies": ["Sweden"]}),
    Case("a region of a group", [SWEDEN, REGIONAL], {"chat": Outcome.PASSED}, config=EUROPE),
    Case(
        "everywhere, with a narrower SKU",
        [SWEDEN, foundry_deployment(version="9")],
        {"chat": Outcome.VIOLATED},
        says=["anywhere in the world", "set sku.name to DataZoneProvisionedManaged"],
        config=EUROPE,
    ),
    Case(
        "everywhere, with no narrower SKU",
        [SWEDEN, foundry_deployment()],
        {"chat": Outcome.VIOLATED},
        says=["choose a region of an allowed geography"],
        config=EUROPE,
    ),
    Case("everywhere, from an unknown region", [foundry_deployment()], {"chat": Outcome.VIOLATED}, config=EUROPE),
    Case(
        "outside of two geographies",
        [account(location="japaneast"), REGIONAL],
        {"chat": Outcome.VIOLATED},
        says=["only Europe, US is allowed"],
        config={"geographies": ["Europe", "US"]},
    ),
    Case("a zone of an unknown account", [ZONE], {"chat": Outcome.NOT_SEEN}, config=EUROPE),
    Case(
        "a region that the catalogue does not have",
        [account(location="atlantis"), ZONE],
        {"chat": Outcome.NOT_SEEN},
        config=EUROPE,
    ),
    Case("a SKU of accounts", [SWEDEN, foundry_deployment(sku="S0")], {"chat": Outcome.NOT_SEEN}, config=EUROPE),
    Case("an unknown SKU", [SWEDEN, foundry_deployment(sku=UNKNOWN)], {"chat": Outcome.NOT_SEEN}, config=EUROPE),
    Case("a workspace", [workspace()], {}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)
