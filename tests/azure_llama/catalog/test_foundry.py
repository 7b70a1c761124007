"""The models of Foundry accounts: the package's, and those of an overlay."""

from __future__ import annotations

from datetime import date

from azure_llama.catalog.names import FOUNDRY_ACCOUNT
from tests.catalogs import PACKAGE, overlaid

TABLE = PACKAGE.foundry
META, L33 = "Meta", "Llama-3.3-70B-Instruct"
ENTRY = """\
foundry:
  Mistral AI/Mistral-Large-3/1:
    seller: Azure
    skus:
      GlobalStandard: {regions: [eastus2], usageName: AIServices.GlobalStandard.Mistral-Large-3, minimum: 1}
    source: Azure, models of the region
    asOf: 2026-11-30
  meta/llama-3.3-70b-instruct/9:
    lifecycle: Deprecating
    retired: 2027-03-01
    skus:
      GlobalStandard: {regions: [eastus2]}
    source: Azure, models of the region
    asOf: 2026-11-30
"""


def test_versions_and_skus_of_a_model() -> None:
    assert TABLE.versions(META, L33) == ("1", "2", "3", "4", "5", "9")
    assert TABLE.offered_skus(META, L33, "5") == ("GlobalStandard",)
    assert TABLE.offered_skus(META, L33, "9") == (
        "GlobalStandard",
        "GlobalProvisionedManaged",
        "DataZoneProvisionedManaged",
    )


def test_regions_by_sku() -> None:
    offer = TABLE.offer(META, L33, "9", "GlobalStandard")
    assert offer is not None
    assert len(offer.regions) == 31
    assert offer.disputed == {"westcentralus", "westus2", "ukwest"} < offer.regions
    nowhere = TABLE.offer(META, L33, "5", "ProvisionedManaged")
    assert nowhere is not None
    assert not nowhere.regions
    assert TABLE.offer(META, L33, "42", "GlobalStandard") is None


def test_capacity_by_version() -> None:
    shared = TABLE.capacity(META, L33, "4", "GlobalStandard")
    own = TABLE.capacity(META, L33, "5", "GlobalStandard")
    units = TABLE.capacity(META, L33, "9", "DataZoneProvisionedManaged")
    assert shared is not None
    assert own is not None
    assert units is not None
    assert (shared.usage_name, shared.maximum) == ("AIServices.GlobalStandard.MaaS", 1)
    assert (own.usage_name, own.requests_per_minute) == (f"AIServices.GlobalStandard.{L33}", 1)
    assert (units.minimum, units.step) == (100, 100)
    assert TABLE.capacity(META, L33, "5", "Standard") is None


def test_a_row_of_every_version() -> None:
    row = TABLE.model(META, "meta-llama-3.1-8b-instruct", "7")
    assert row is not None
    assert row.retired == date(2026, 6, 13)
    assert TABLE.offer(META, "Meta-Llama-3.1-8B-Instruct", "7", "GlobalStandard") is None


def test_every_row_of_regions_and_capacities_is_of_a_model_and_a_sku() -> None:
    keys = {model.key.casefold() for model in TABLE.models}
    rows = {*TABLE.regions, *TABLE.capacities}
    assert {model for model, _ in rows} <= keys
    assert {sku for _, sku in rows} <= set(TABLE.skus)
    assert all(
        region in {each.name for each in PACKAGE.regions}
        for offer in TABLE.regions.values()
        for region in offer.regions
    )


def test_a_quota_that_no_source_names_is_called_unknown() -> None:
    unnamed = [row for row in TABLE.capacities.values() if row.usage_name is None]
    assert unnamed
    assert all("usageName" in str(row.note) and "unknown" in str(row.note) for row in unnamed)


def test_an_overlay_adds_and_corrects() -> None:
    table = overlaid(ENTRY).foundry
    new = table.offer("Mistral AI", "Mistral-Large-3", "1", "GlobalStandard")
    capacity = table.capacity("Mistral AI", "Mistral-Large-3", "1", "GlobalStandard")
    assert new is not None
    assert capacity is not None
    assert (set(new.regions), capacity.usage_name) == ({"eastus2"}, "AIServices.GlobalStandard.Mistral-Large-3")
    corrected, offer = table.model(META, L33, "9"), table.offer(META, L33, "9", "GlobalStandard")
    assert corrected is not None
    assert offer is not None
    assert (corrected.name, corrected.lifecycle, corrected.retired) == (L33, "Deprecating", date(2027, 3, 1))
    assert offer.regions == {"eastus2"}
    assert table.format_of("mistral-large-3") == "Mistral AI"


def test_account_names_are_host_names() -> None:
    assert FOUNDRY_ACCOUNT.problem("contoso-llama") is None
    assert FOUNDRY_ACCOUNT.problem("Contoso_Llama")
