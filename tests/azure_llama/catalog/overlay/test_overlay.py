"""A team's own facts: found, read with every error in one report, and seen by everything that asks the catalogue."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from azure_llama.catalog import Catalog, Range, Route, Stage, overlay
from azure_llama.catalog.overlay import FILE, OverlayError
from azure_llama.catalog.overlay import schema as overlay_schema
from azure_llama.catalog.overlay.reading import load, parse, understood
from azure_llama.catalog.prices import SUPPORTING
from tests.catalogs import PACKAGE, overlaid

Write = Callable[[str], Path]
CITED = "source: Azure support, asOf: 2026-11-20"


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write the overlay of a project."""
    (tmp_path / "Pulumi.yaml").write_text("name: mine\n")

    def written(text: str) -> Path:
        path = tmp_path / FILE
        path.write_text(text)
        return path

    return written


def _report(path: Path) -> list[str]:
    with pytest.raises(OverlayError) as raised:
        understood(load(path))
    return [str(each).removeprefix(f"{path}:") for each in raised.value.lines]


def test_without_a_file_the_package_holds(tmp_path: Path) -> None:
    assert overlay.place(tmp_path) is None
    (tmp_path / "Pulumi.yaml").write_text("name: mine\n")
    below = tmp_path / "policies"
    below.mkdir()
    assert overlay.place(below) == tmp_path / FILE
    assert Catalog.of_project(below) is PACKAGE


def test_the_first_project_upwards_is_the_one(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: mine\n")
    inner = tmp_path / "inner"
    inner.mkdir()
    assert overlay.place(inner) == tmp_path / FILE
    (inner / "Pulumi.yaml").write_text("name: other\n")
    assert overlay.place(inner) == inner / FILE


def test_an_empty_file_changes_nothing() -> None:
    catalog = overlaid("# nothing yet\n")
    assert len(catalog.models) == 40


def test_a_new_model() -> None:
    catalog = overlaid(
        f"""
models:
  Our-Llama-70B:
    {{registry: ours, family: Llama 3.3, parameters: 70B, task: chat, versions: ["3"], {CITED},
     serverless: {{regions: [eastus2]}}, managed: {{sizes: [Standard_NC96ads_A100_v4]}}}}
"""
    )
    ours = catalog.model("our-llama-70b")
    assert ours.versioned_id() == "azureml://registries/ours/models/Our-Llama-70B/versions/3"
    assert ours.serverless_regions(date(2026, 11, 25)) == frozenset({"eastus2"})
    assert ours.managed.sizes == ("Standard_NC96ads_A100_v4",)
    assert ours.context_length is None
    assert ours.stage(date(2026, 11, 25)) is Stage.UNKNOWN
    assert catalog.sources[ours.source].title == f"Azure support ({FILE})"
    assert catalog.sources[ours.source].as_of == "2026-11-20"
    assert catalog.find_model(ours.asset_id) == ours
    assert len(catalog.models) == 41


def test_a_corrected_model_keeps_the_rest() -> None:
    before = PACKAGE.model("Llama-3.3-70B-Instruct")
    catalog = overlaid(f"models: {{llama-3.3-70b-instruct: {{lifecycle: {{retired: 2027-09-01}}, {CITED}}}}}")
    after = catalog.model("Llama-3.3-70B-Instruct")
    assert after.lifecycle.retired == date(2027, 9, 1)
    assert after.lifecycle.confirmed
    assert after.stage(date(2027, 9, 1)) is Stage.RETIRED
    assert (after.versions, after.serverless, after.managed) == (before.versions, before.serverless, before.managed)
    assert len(catalog.models) == 40


def test_regions_open_serverless_endpoints_to_a_model_of_foundry_resources() -> None:
    catalog = overlaid(
        "models: {Llama-4-Scout-17B-16E-Instruct: {serverless: {regions: [eastus2]}, source: us, asOf: 2026-11-20}}"
    )
    scout = catalog.model("Llama-4-Scout-17B-16E-Instruct")
    assert scout.serverless_regions(date(2026, 11, 25)) == frozenset({"eastus2"})
    assert scout.routes(date(2026, 11, 25)) == (Route.SERVERLESS, Route.FOUNDRY)


def test_regions_of_a_model_replace_later_tables_of_it_alone() -> None:
    other = PACKAGE.model("Meta-Llama-3.1-8B-Instruct").serverless_regions(date(2026, 11, 25))
    catalog = overlaid(
        "models: {Llama-3.3-70B-Instruct: {serverless: {regions: [westus]}, source: us, asOf: 2025-12-01}}"
    )
    found = catalog.model("Llama-3.3-70B-Instruct")
    assert found.serverless_regions(date(2026, 11, 25)) == frozenset({"westus"})
    assert found.serverless_regions(date(2025, 11, 25)) != frozenset({"westus"})
    assert catalog.model("Meta-Llama-3.1-8B-Instruct").serverless_regions(date(2026, 11, 25)) == other


def test_a_size_is_corrected_with_a_family_that_the_package_does_not_have() -> None:
    assert PACKAGE.find_quota_family("standardNDNewFamily") is None
    catalog = overlaid(
        f"sizes: {{Standard_ND96isr_H200_v5: {{managedOnline: true, quotaFamily: standardNDNewFamily, {CITED}}}}}"
    )
    size = catalog.find_gpu_size("Standard_ND96isr_H200_v5")
    assert size is not None
    assert size.managed_online
    assert size.gpus == 8
    family = catalog.find_quota_family("Standard NDNew Family Cluster Dedicated vCPUs")
    assert family is not None
    assert size.quota_family == family.name == "standardNDNewFamily"


def test_a_size_is_corrected_with_a_family_in_another_spelling() -> None:
    before = PACKAGE.quota_families
    catalog = overlaid(f"sizes: {{Standard_ND96isr_H200_v5: {{quotaFamily: Standard_NDISRH200v5_Family, {CITED}}}}}")
    size = catalog.find_gpu_size("Standard_ND96isr_H200_v5")
    assert size is not None
    assert size.quota_family == "StandardNDISRH200V5Family"
    assert catalog.quota_families == before


def test_a_new_size_and_a_new_region() -> None:
    catalog = overlaid(
        f"""
sizes:
  Standard_ND128_B300_v7:
    {{vcpus: 128, gpu: NVIDIA B300, gpus: 8, gpuMemoryGb: 288, computeCapability: 10.3, infiniband: true, {CITED}}}
regions:
  marscentral:
    {{displayName: Mars Central, geography: Mars, geographyGroup: Planets, location: Olympus, zones: false,
     managedSizes: [Standard_ND128_B300_v7], {CITED}}}
"""
    )
    size = catalog.find_gpu_size("Standard_ND128_B300_v7")
    assert size is not None
    assert size.meter_regions == {"marscentral"}
    assert size.managed_online is None
    assert catalog.find_region("Mars Central") is not None


def test_what_azure_says_of_a_region_decides_which_sizes_it_has() -> None:
    catalog = overlaid(f"regions: {{eastus2: {{managedSizes: [standard_nd96asr_v4], {CITED}}}}}")
    here, elsewhere = catalog.find_gpu_size("Standard_ND96asr_v4"), catalog.find_gpu_size("Standard_NC24ads_A100_v4")
    assert here is not None
    assert elsewhere is not None
    assert {"eastus", "eastus2"} <= here.meter_regions
    assert "eastus2" not in elsewhere.meter_regions
    assert "eastus" in elsewhere.meter_regions
    region = catalog.find_region("eastus2")
    assert region is not None
    assert region.source == "locations-2026-03"


def test_prices_take_the_place_of_every_other_reading() -> None:
    catalog = overlaid(
        f"""
prices:
  virtualMachines:
    Standard_NC48ads_A100_v4: {{eastus: {{usdPerHour: 5.5, {CITED}}}}}
    Standard_DS3_v2: {{eastus: {{usdPerHour: 0.293, {CITED}}}}}
  tokens:
    Llama-3.3-70B-Instruct:
      eastus: {{inputUsdPerMillion: 0.5, outputUsdPerMillion: 0.6, {CITED}}}
  monthly:
    keyVault: {{usdPerMonth: 1.5, {CITED}}}
"""
    )
    size = catalog.find_gpu_size("Standard_NC48ads_A100_v4")
    assert size is not None
    assert size.prices["eastus"] == Range(5.5, 5.5)
    assert size.prices["westus"] == Range(9.55, 9.55)
    other = catalog.vm_price("standard_ds3_v2", "eastus")
    assert other is not None
    assert other.range == Range(0.293, 0.293)
    tokens = catalog.token_price("Llama-3.3-70B-Instruct", "eastus")
    assert tokens is not None
    assert (tokens.input.range, tokens.output.range) == (Range(0.5, 0.5), Range(0.6, 0.6))
    elsewhere = catalog.token_price("Llama-3.3-70B-Instruct", "westus")
    assert elsewhere is not None
    assert elsewhere.input.range == Range(0.71, 0.781)
    month = catalog.supporting_price("keyVault", "eastus2")
    assert month is not None
    assert month.range == Range(1.5, 1.5)
    assert month.unit == "month"
    assert catalog.supporting_price("storageAccount", "uksouth") is None


def test_every_mistake_of_types_in_one_report(write: Write) -> None:
    path = write(
        """modles: {}
models:
  Our-Llama: {task: chatt, source: us, asOf: 2026-11-20, versions: [1]}
  Llama-3.3-70B-Instruct: {asOf: yesterday, colour: blue}
  Llama-3.3-70B-Instruct: {source: '', asOf: 2026-11-20}
prices:
  virtualMachines: {Standard_NC24ads_A100_v4: {eastus2: {usdPerHour: 0, source: s, asOf: 2026-01-01}}}
  monthly: {keyVault: {usdPerMonth: true, source: s}}
sizes: []
"""
    )
    assert _report(path) == [
        "1: modles: is not a key here; did you mean 'models'?",
        "3: models.Our-Llama.task: 'chatt' is not 'chat' or 'completion' or 'classification'; did you mean 'chat'?",
        "3: models.Our-Llama.versions.0: 1 must be a string, not an integer; put it in quotes",
        "5: models.Llama-3.3-70B-Instruct: is here twice, first in line 4; remove one",
        "5: models.Llama-3.3-70B-Instruct.source: is empty; set a string, or remove the key",
        "7: prices.virtualMachines.Standard_NC24ads_A100_v4.eastus2.usdPerHour: 0 must be greater than 0;"
        " set its value, or remove the key",
        "8: prices.monthly.keyVault.asOf: is missing; set the day of the fact, such as 2026-11-25",
        "8: prices.monthly.keyVault.usdPerMonth: true must be a number, not a boolean; set a number",
        "9: sizes: [] must be a map, not a list; set a map",
    ]


def test_every_mistake_of_names_in_one_report(write: Write) -> None:
    path = write(
        f"""models:
  Our-Llama: {{task: chat, {CITED}}}
  Llama-3.3-70B-Instruct:
    {{serverless: {{regions: [estus]}}, lifecycle: {{legacy: 2027-01-01, retired: 2026-01-01}}, {CITED}}}
sizes: {{NC24: {{{CITED}}}}}
prices:
  virtualMachines: {{NC24: {{Eastus2: {{usdPerHour: 1, {CITED}}}}}}}
  tokens: {{Llama-3.3-70B-Instrct: {{eastus: {{inputUsdPerMillion: 1, outputUsdPerMillion: 1, {CITED}}}}}}}
  monthly: {{keyvault: {{usdPerMonth: 1, {CITED}}}}}
"""
    )
    assert _report(path) == [
        "2: models.Our-Llama: is new to the catalogue and lacks registry, family, parameters; write them",
        "4: models.Llama-3.3-70B-Instruct.serverless.regions.0: 'estus' is not a region of the catalogue;"
        " did you mean 'westus' or 'eastus'?",
        "4: models.Llama-3.3-70B-Instruct.lifecycle: has its dates in another order than legacy, deprecated, retired;"
        " compare them with the source",
        "5: sizes.NC24: is no name of a size; write it as Azure does, such as 'Standard_NC4as_T4_v3'",
        "7: prices.virtualMachines.NC24: is no name of a VM size;"
        " write it as Azure does, such as 'Standard_NC24ads_A100_v4'",
        "7: prices.virtualMachines.NC24.Eastus2: 'Eastus2' is not a region of the catalogue; did you mean 'eastus2'?",
        "8: prices.tokens.Llama-3.3-70B-Instrct: 'Llama-3.3-70B-Instrct' is not a model of the catalogue;"
        " did you mean 'Llama-3.3-70B-Instruct'?",
        "9: prices.monthly.keyvault: is no kind of supporting resource; did you mean 'keyVault'?",
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"models: [", "2:1: is broken YAML: "),
        (b"\xff\xfe", " is not UTF-8 (byte 0); save it as UTF-8"),
        (b"a: \x00", "is no YAML: "),
        (b"- a\n", " must be a map, not a list; set a map"),
        (b"just a text", " must be a map, not a string; set a map"),
        (b"? [a]\n: b\n", "1:3: a key is a map or a list; write a text"),
        (b"models: {1: {}}", "1: models.1.source: is missing"),
        (b"[" * 500_000 + b"]" * 500_000, " is nested more than 200 deep; write fewer levels"),
        (b"- " * 100_000, " is nested more than 200 deep; write fewer levels"),
        (b"models: &a {Our: *a}", "1:9: is nested more than 200 deep; write fewer levels"),
    ],
)
def test_files_that_are_no_overlay(write: Write, content: bytes, said: str) -> None:
    path = write("")
    path.write_bytes(content)
    assert said in str(_report(path)[0])


def test_a_file_that_cannot_be_read(write: Write) -> None:
    path = write("")
    path.unlink()
    path.symlink_to("nowhere")
    with pytest.raises(OverlayError, match="cannot be read: No such file or directory; check its path and permissions"):
        Catalog.of_project(path.parent)


def test_a_mistake_stays_one_until_it_is_mended(write: Write) -> None:
    path = write("modles: {}")
    for _ in range(2):
        with pytest.raises(OverlayError):
            Catalog.of_project(path.parent)
    path.write_text("models: {}")
    assert len(Catalog.of_project(path.parent).models) == 40


def test_a_project_has_one_catalogue_until_its_overlay_changes(write: Write) -> None:
    path = write("models: {}")
    first = Catalog.of_project(path.parent)
    assert Catalog.of_project(path.parent) is first
    write(f"models: {{Our-Llama: {{registry: ours, family: Llama, parameters: 1B, task: chat, {CITED}}}}}")
    assert len(Catalog.of_project(path.parent).models) == 41
    assert len(first.models) == 40


def test_the_current_folder_does_not_count(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write("modles: {}")
    monkeypatch.chdir(tmp_path)
    assert Catalog().find_region("eastus2") is not None


_scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.dates()
_keys = st.sampled_from(
    [
        *("models", "sizes", "regions", "prices", "virtualMachines", "tokens", "monthly", "source", "asOf", "task"),
        *("serverless", "lifecycle", "managed", "usdPerHour", "Llama-3.3-70B-Instruct", "eastus2", "vcpus", "keyVault"),
    ]
)
_trees = st.recursive(_scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_keys, inner, max_size=4))


@given(_trees)
def test_any_yaml_is_read_or_reported(tmp_path_factory: pytest.TempPathFactory, tree: object) -> None:
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_text(yaml.safe_dump(tree, allow_unicode=True))
    with suppress(OverlayError):
        understood(load(path))


def test_every_supporting_resource_can_be_priced() -> None:
    entries = "".join(f"    {kind}: {{usdPerMonth: 1, {CITED}}}\n" for kind in SUPPORTING)
    catalog = overlaid(f"prices:\n  monthly:\n{entries}")
    assert all(catalog.supporting_price(kind, "eastus") for kind in SUPPORTING)


def test_a_key_that_is_misspelt_below_is_told_with_the_keys_there(write: Write) -> None:
    path = write(
        f"""models: {{Llama-3.3-70B-Instruct: {{serverless: {{regoins: []}}, {CITED}}}}}
prices: {{virtualMachines: {{Standard_DS3_v2: {{eastus: {{usdPerHour: 1, cent: 1, {CITED}}}}}}}}}
"""
    )
    assert _report(path) == [
        "1: models.Llama-3.3-70B-Instruct.serverless.regoins: is not a key here; did you mean 'regions'?",
        "2: prices.virtualMachines.Standard_DS3_v2.eastus.cent: is not a key here;"
        " the keys here are source, asOf, usdPerHour",
    ]


def test_the_example_of_the_page_is_one() -> None:
    page = (Path(__file__).parents[4] / "docs" / "catalog.md").read_text()
    example = page.partition("```yaml\n")[2].partition("```")[0]
    catalog = overlaid(example)
    assert len(catalog.models) == 41
    assert catalog.vm_price("Standard_NC24ads_A100_v4", "eastus2")


def test_every_key_is_on_the_page() -> None:
    page = (Path(__file__).parents[4] / "docs" / "catalog.md").read_text()
    kinds = [each for each in vars(overlay_schema).values() if isinstance(each, type) and issubclass(each, BaseModel)]
    keys = {field.alias or name for kind in kinds for name, field in kind.model_fields.items()}
    assert not {key for key in keys if key not in page}


def test_lines_are_those_of_the_nearest_key() -> None:
    document = parse("a:\n  b: 1\n", "x.yaml")
    assert document.line(("a", "b")) == 2
    assert document.line(("a", "c")) == 1
    assert document.line(("z",)) is None
