"""What `foundry-model-available` says."""

from __future__ import annotations

import pytest

from azure_llama.catalog import Catalog
from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.foundry_model_available import RULE
from tests.catalogs import overlaid
from tests.policies.cases import UNKNOWN, Case, workspace
from tests.policies.foundry_resources import account, foundry_deployment

ACCOUNT = account()
PTU = "DataZoneProvisionedManaged"


def _offered(*regions: str) -> Catalog:
    """A catalogue in which version 5 is available in some regions only."""
    return overlaid(
        f"""
foundry:
  Meta/Llama-3.3-70B-Instruct/5:
    skus: {{GlobalStandard: {{regions: [{", ".join(regions)}]}}}}
    source: Azure, models of the region
    asOf: 2026-11-30
"""
    )


NEW = overlaid("foundry: {Meta/Muse-Glimmer-30B/1: {source: Azure, asOf: 2026-11-30}}")

CASES = [
    Case("available", [ACCOUNT, foundry_deployment()], {"chat": Outcome.PASSED}),
    Case(
        "in other letters",
        [account(location="East US 2"), foundry_deployment(sku="globalstandard", account="CONTOSO")],
        {"chat": Outcome.PASSED},
    ),
    Case(
        "an account by its output",
        [ACCOUNT, foundry_deployment(account=UNKNOWN, comes_from={"accountName": [ACCOUNT]})],
        {"chat": Outcome.PASSED},
    ),
    Case(
        "a SKU that no region has",
        [ACCOUNT, foundry_deployment(sku="DataZoneStandard")],
        {"chat": Outcome.VIOLATED},
        says=["in any region", "set sku.name to GlobalStandard"],
    ),
    Case("a SKU of accounts", [ACCOUNT, foundry_deployment(sku="S0")], {"chat": Outcome.VIOLATED}),
    Case("no SKU", [ACCOUNT, foundry_deployment(sku=None)], {"chat": Outcome.VIOLATED}, says=["requires it"]),
    Case(
        "a provisioned SKU with another version",
        [ACCOUNT, foundry_deployment(sku=PTU, version="5")],
        {"chat": Outcome.VIOLATED},
    ),
    Case(
        "a SKU that no region has, with others",
        [ACCOUNT, foundry_deployment(sku="Standard", version="9")],
        {"chat": Outcome.VIOLATED},
        says=["GlobalStandard or GlobalProvisionedManaged"],
    ),
    Case(
        "a model of the overlay, without regions",
        [ACCOUNT, foundry_deployment(model="Muse-Glimmer-30B", version="1")],
        {"chat": Outcome.VIOLATED},
        says=["; deploy another model"],
        catalog=NEW,
    ),
    Case(
        "one region in the overlay",
        [ACCOUNT, foundry_deployment()],
        {"chat": Outcome.VIOLATED},
        says=["such as westus"],
        catalog=_offered("westus"),
    ),
    Case(
        "five regions in the overlay",
        [ACCOUNT, foundry_deployment()],
        {"chat": Outcome.VIOLATED},
        catalog=_offered("westus", "westus3", "uksouth", "swedencentral", "francecentral"),
    ),
    Case("a provisioned SKU", [ACCOUNT, foundry_deployment(sku=PTU, version="9")], {"chat": Outcome.PASSED}),
    Case(
        "another region",
        [account(location="southeastasia"), foundry_deployment()],
        {"chat": Outcome.VIOLATED},
        says=["in southeastasia", "such as australiaeast", "(28 regions)"],
    ),
    Case(
        "a region outside the data zones",
        [account(location="uksouth"), foundry_deployment(sku=PTU, version="9")],
        {"chat": Outcome.VIOLATED},
    ),
    Case(
        "a region that the catalogue does not have",
        [account(location="atlantis"), foundry_deployment()],
        {"chat": Outcome.VIOLATED},
    ),
    Case(
        "a disputed region",
        [account(location="ukwest"), foundry_deployment()],
        {"chat": Outcome.NOT_SEEN},
        says=["sources disagree"],
    ),
    Case(
        "a version that the catalogue does not have",
        [ACCOUNT, foundry_deployment(version="7")],
        {"chat": Outcome.NOT_SEEN},
        says=["version 7", "it has 1, 2, 3, 4, 5, 9"],
    ),
    Case(
        "a model that the catalogue does not have",
        [ACCOUNT, foundry_deployment(model="Mistral-Large-3", publisher="Mistral AI")],
        {"chat": Outcome.NOT_SEEN},
    ),
    Case(
        "a retired model",
        [ACCOUNT, foundry_deployment(model="Meta-Llama-3.1-8B-Instruct")],
        {"chat": Outcome.NOT_SEEN},
    ),
    Case("no version", [ACCOUNT, foundry_deployment(version=None)], {"chat": Outcome.NOT_SEEN}),
    Case("an unknown model", [ACCOUNT, foundry_deployment(model=UNKNOWN)], {"chat": Outcome.NOT_SEEN}),
    Case("an unknown SKU", [ACCOUNT, foundry_deployment(sku=UNKNOWN)], {"chat": Outcome.NOT_SEEN}),
    Case("an unknown account", [ACCOUNT, foundry_deployment(account=UNKNOWN)], {"chat": Outcome.NOT_SEEN}),
    Case("an account outside the stack", [foundry_deployment()], {"chat": Outcome.NOT_SEEN}),
    Case("an unknown region", [account(location=UNKNOWN), foundry_deployment()], {"chat": Outcome.NOT_SEEN}),
    Case(
        "an account of an unknown name",
        [account("other", accountName=UNKNOWN), ACCOUNT, foundry_deployment()],
        {"chat": Outcome.PASSED},
    ),
    Case("a workspace", [workspace()], {}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)
