"""The catalogue says what the facts say, wherever the facts lie beside the checkout."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from azure_llama.catalog import MinSpec
from tests.catalogs import PACKAGE

RENAMED = {"seed": "article-2024-11", "llama-doc-2025": "llama-doc-2025-01", "litellm": "litellm-1.109"}
TABLES = {
    "2024-08": date(2024, 8, 5),
    "2024-11": date(2024, 11, 1),
    "2025-02": date(2025, 2, 1),
    "2025-11": date(2025, 11, 24),
    "2026-02": date(2026, 2, 17),
}


def known(value: Any) -> Any:
    return None if value in ("unknown", "n/a", "none") else value


def key(text: str | None) -> str | None:
    if text is None:
        return None
    first = text.split(" ")[0]
    return "not-found" if first == "none" else RENAMED.get(first, first)


def spec(text: str | None) -> MinSpec | None:
    return MinSpec(*map(int, text.split("|"))) if known(text) and text else None


def iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def test_every_model_is_there(model_facts: Any) -> None:
    assert [each.name for each in PACKAGE.models] == [fact["name"] for fact in model_facts["models"]]


def test_models_agree(model_facts: Any) -> None:
    for fact in model_facts["models"]:
        each = PACKAGE.model(fact["name"])
        versions = known(fact["versions"])
        assert each.asset_id == fact["asset_id"]
        assert each.confirmed == fact["asset_id_verified"]
        assert each.family == fact["family"]
        assert each.parameters == fact["parameters"]
        assert each.modality == fact["modality"]
        assert each.versions == (None if versions is None else tuple(versions))
        assert each.context_length == known(fact["context_length"])
        assert each.context_source == key(fact["context_length_source"])
        assert each.chat == fact["task"].startswith("chat-completion")
        assert (each.task == "classification") == (fact["task"] == "text-classification")
        assert each.safety == ("safety" in fact["task"] or fact["task"] == "text-classification")


def test_serverless_offers_agree(model_facts: Any) -> None:
    for fact in model_facts["models"]:
        each, said = PACKAGE.model(fact["name"]), fact["serverless"]
        assert each.serverless.offered == said["available"]
        assert each.serverless.source == key(said["source"])
        assert each.serverless.as_of == (known(said["as_of"]) or model_facts["as_of"])
        assert list(each.serverless.fine_tuning) == said["fine_tuning_regions"]
        for table, day in TABLES.items():
            assert each.serverless.tables[day] == set(said["region_snapshots"].get(table, []))
        if said["region_snapshots"]:
            assert each.last_serverless_regions == frozenset(said["regions"])
        offer = each.serverless.offer
        parts = (offer.publisher, offer.offer, offer.plan) if offer else (None, None, None)
        assert parts == tuple(known(said["marketplace"][part]) for part in ("publisher_id", "offer_id", "plan_id"))


def test_managed_compute_agrees(model_facts: Any) -> None:
    for fact in model_facts["models"]:
        managed, said = PACKAGE.model(fact["name"]).managed, fact["managed_compute"]
        tuned = said.get("fine_tune") or {}
        engines = known(said.get("inference_supported_envs"))
        assert managed.available == said["available"]
        assert list(managed.sizes) == said["skus"]
        assert managed.min_spec == spec(said.get("min_sku_spec"))
        assert managed.engines == (None if engines is None else tuple(engines))
        assert managed.shared_quota == known(said.get("shared_compute_capacity_enabled"))
        assert managed.replicas == said.get("sku_to_num_replicas")
        assert managed.fine_tuning == known(tuned.get("supported"))
        assert list(managed.fine_tuning_tasks) == tuned.get("tasks", [])
        assert list(managed.fine_tuning_sizes) == tuned.get("skus", [])
        assert managed.fine_tuning_min_spec == spec(tuned.get("min_sku_spec"))
        assert managed.source == key(said["source"])
        assert managed.as_of == (known(said["as_of"]) or model_facts["as_of"])


def test_lifecycles_agree(model_facts: Any) -> None:
    on = date.fromisoformat(model_facts["as_of"])
    for fact in model_facts["models"]:
        each, said = PACKAGE.model(fact["name"]), fact["lifecycle"]
        assert iso(each.lifecycle.legacy) == said["legacy_date"]
        assert iso(each.lifecycle.deprecated) == said["deprecation_date"]
        assert iso(each.lifecycle.retired) == said["retirement_date"]
        assert ", ".join(each.lifecycle.replacements) == (said["replacement"] or "")
        assert each.lifecycle.source == key(said["source"])
        secondary = bool(said["source"] and "litellm" in said["source"])
        assert each.lifecycle.confirmed == bool(said["retirement_date"] and not secondary)
        if not (secondary and said["retirement_date"] <= iso(on)):
            assert each.stage(on) == said["status"]


def test_foundry_agrees(model_facts: Any) -> None:
    for fact in model_facts["models"]:
        foundry, said = PACKAGE.model(fact["name"]).foundry, fact.get("foundry_resource")
        assert (foundry is None) == (said is None)
        if foundry:
            assert (foundry.deployment_type, foundry.source) == (said["deployment_type"], said["source"])


def test_gpu_sizes_agree(gpu_facts: Any) -> None:
    assert [size.name for size in PACKAGE.gpu_sizes] == [fact["size"] for fact in gpu_facts["skus"]]
    for size, fact in zip(PACKAGE.gpu_sizes, gpu_facts["skus"], strict=True):
        assert size.vcpus == fact["vcpus"]
        assert size.memory_gb == fact["ram_gb_doc"]
        assert (size.gpu, size.gpus, size.gpu_memory_gb) == (
            fact["gpu_model"],
            fact["gpu_count"],
            fact["gpu_memory_gb_each"],
        )
        assert size.total_gpu_memory_gb == fact["gpu_memory_gb_total"]
        assert size.compute_capability == fact["cuda_compute_capability"]
        assert size.infiniband == fact["infiniband"]
        assert size.temp_disk_gib == fact["temp_disk_gib"]
        assert size.managed_online == fact["aml_managed_online_supported"]
        assert size.quota_family == (fact["aml_quota_family"] and PACKAGE.quota_family_name(fact["aml_quota_family"]))
        assert size.compute_quota_family == fact["compute_rp_quota_family"]
        assert size.reserve_exempt == fact["skip_20pct_reservation"]
        assert fact["lifecycle"].startswith(size.lifecycle)
        assert iso(size.retired) == fact.get("retired_on")
        assert size.meter_regions == set(fact["regions_with_retail_meter_2026_06_18"])
        june = {region: usd for region, usd in fact["price_usd_hour_linux_2026_06_18"].items() if usd is not None}
        assert {region: price.low for region, price in size.prices.items()} == june


def test_the_two_facts_files_agree_on_sizes(model_facts: Any) -> None:
    by_name = {size.name: size for size in PACKAGE.gpu_sizes}
    for name, fact in model_facts["vm_skus"].items():
        size = by_name[name]
        assert size.vcpus == fact["cores"]
        assert size.gpus == fact["gpus"]
        assert size.reserve_exempt == fact["skip_20_percent_reservation"]
        assert size.total_gpu_memory_gb == fact["gpu_memory_gb_total"]
        assert size.managed_online == fact["in_managed_online_endpoint_sku_list"]


def test_quota_families_agree(gpu_facts: Any) -> None:
    for fact in gpu_facts["families"]:
        family = PACKAGE.find_quota_family(fact["aml_family"])
        assert family in PACKAGE.quota_families
        assert PACKAGE.find_quota_family(fact["compute_rp_family"]) is family
        assert PACKAGE.find_quota_family(fact["localized"]) is family


def test_quota_families_are_those_that_azure_lists(recorded: Callable[[str, str], Any]) -> None:
    rows = [row for row in recorded("ml-quota", "/usages")["value"] if "/vmFamily/dedicatedCores/" in row["type"]]
    gpu = [row["name"] for row in rows if "N" in row["name"]["value"].removeprefix("standard")]
    assert [(each.name, each.quota_name) for each in PACKAGE.quota_families] == [
        (name["value"], name["localizedValue"]) for name in gpu
    ]


def test_price_conflicts_agree(gpu_facts: Any) -> None:
    by_name = {size.name: size for size in PACKAGE.gpu_sizes}
    for fact in gpu_facts["price_conflicts"]:
        price = by_name[fact["size"]].prices[fact["region"]]
        assert (price.low, price.high) == (fact["usd_2026_06_18"], fact["usd_2026_11_09"])


def test_regions_agree(gpu_facts: Any) -> None:
    assert [region.name for region in PACKAGE.regions] == [fact["arm"] for fact in gpu_facts["regions"]]
    for fact in gpu_facts["regions"]:
        region = PACKAGE.find_region(fact["display"])
        assert region is not None
        assert region.name == fact["arm"]
        assert (region.geography, region.geography_group) == (fact["geography"], fact["geography_group"])
        assert (region.location, region.zones) == (fact["location"], fact["zones"])
        assert ([region.pair] if region.pair else None) == fact["paired"]


def test_sources_are_those_of_the_facts(model_facts: Any) -> None:
    for name in model_facts["sources"]:
        if name in ("assets-evalresults", "vm-skus", "partners-2026-07"):  # another source says the same
            continue
        assert key(name) in PACKAGE.sources
