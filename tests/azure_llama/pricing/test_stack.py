"""What a stack costs: each thing a line, low and high where sources differ, unknown never nothing."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azure_llama.catalog import Catalog, Range
from azure_llama.catalog.prices import SUPPORTING
from azure_llama.documents.positions import read
from azure_llama.pricing import CataloguePrices, Estimate, Kind, Line, Volume, estimate
from azure_llama.settings import Settings, load
from tests.catalogs import PACKAGE, overlaid

TODAY = date(2026, 11, 25)
HUB = (
    "/subscriptions/5a0d80c5-11a3-4a5d-9b0e-000000000001/resourceGroups/rg/providers/Microsoft.MachineLearningServices"
)


def _settings(location: str = "eastus", catalog: Catalog = PACKAGE, **config: Any) -> Settings:
    whole = {"workspace": {"name": "llama-dev"}, **config}
    texts = {f"azure-llama:{key}": json.dumps(value) for key, value in whole.items()}
    return load({"azure-native:location": location, **texts}, catalog)


def _deployment(size: str = "Standard_NC24ads_A100_v4", **more: Any) -> dict[str, Any]:
    return {"llama-8b": {"deployments": {"blue": {"model": "Meta-Llama-3.1-8B-Instruct", "vmSize": size, **more}}}}


def _lines(found: Estimate, kind: Kind) -> list[Line]:
    return [line for line in found.lines if line.kind is kind]


def _month(value: Range | None) -> tuple[float, float] | None:
    return None if value is None else (round(value.low, 2), round(value.high, 2))


def test_machines_cost_their_hours() -> None:
    found = estimate(_settings(managed=_deployment(instances=2)), today=TODAY)
    (line,) = _lines(found, Kind.COMPUTE)
    assert line.resource == "managed.llama-8b.deployments.blue"
    assert line.what == "2 x Standard_NC24ads_A100_v4 in eastus"
    assert (line.quantity, line.price) == (Range(1460, 1460), Range(3.673, 3.673))
    assert _month(line.monthly) == (5362.58, 5362.58)
    assert [(source.key, source.as_of) for source in line.sources] == [("retail-prices-2026-06", "2026-06-18")]


def test_where_sources_differ_there_is_a_low_and_a_high() -> None:
    found = estimate(_settings(managed=_deployment("Standard_NC48ads_A100_v4")), today=TODAY)
    (line,) = _lines(found, Kind.COMPUTE)
    assert _month(line.monthly) == (5362.58, 6974.42)
    assert [source.as_of for source in line.sources] == ["2026-06-18", "2026-11-09"]
    assert _month(found.monthly) == (5362.58, 6974.42)


def test_autoscale_is_a_span_and_schedules_widen_it() -> None:
    rules = [{"metric": "GpuUtilizationPercentage", "above": 70}, {"metric": "GpuUtilizationPercentage", "below": 30}]
    schedules = {"weekend": {"days": ["Saturday"], "instances": 1}, "launch": {"days": ["Monday"], "instances": 6}}
    scaling = {"minimum": 2, "maximum": 4, "rules": rules, "schedules": schedules}
    found = estimate(_settings(managed=_deployment(autoscale=scaling)), today=TODAY)
    (line,) = _lines(found, Kind.COMPUTE)
    assert line.what == "1 to 6 x Standard_NC24ads_A100_v4 in eastus"
    assert _month(line.monthly) == (2681.29, 16087.74)


def test_shared_quota_ends_after_its_hours() -> None:
    managed = _deployment()
    managed["llama-8b"]["sharedQuota"] = {"since": "2026-11-25T18:00:00Z"}
    (line,) = _lines(estimate(_settings(managed=managed), today=TODAY), Kind.COMPUTE)
    assert line.quantity == Range(168, 168)
    assert line.note == "Azure deletes it after 168 hours"


def test_a_size_without_a_price_is_unknown_and_counted_as_such() -> None:
    settings = _settings("uksouth", managed=_deployment())
    found = estimate(settings, today=TODAY)
    (line,) = _lines(found, Kind.COMPUTE)
    assert line in found.unknown
    assert line.sources == ()
    assert "no price of Standard_NC24ads_A100_v4 in uksouth is known" in str(line.note)
    assert found.monthly is None
    assert found.known == ()
    assert {*found.by_use, *found.unknown} == set(found.lines)


def test_tokens_cost_what_is_stated_or_have_a_price_alone() -> None:
    settings = _settings(serverless={"llama-33-70b": {"model": "Llama-3.3-70B-Instruct"}})
    given_in, given_out = _lines(
        estimate(settings, volumes={"llama-33-70b": Volume(50e6, 10e6)}, today=TODAY), Kind.TOKENS
    )
    assert (_month(given_in.monthly), _month(given_out.monthly)) == ((35.5, 39.05), (7.1, 7.81))
    assert {source.key for source in given_in.sources} == {"llama-meters-2026-08", "litellm-1.70"}
    for line in _lines(estimate(settings, today=TODAY), Kind.TOKENS):
        assert line.price == Range(0.71, 0.781)
        assert line.monthly is None
        assert line.note == "volume not stated"


def test_a_volume_of_nothing_is_nothing_and_no_unknown() -> None:
    settings = _settings(serverless={"llama-33-70b": {"model": "Llama-3.3-70B-Instruct"}})
    found = estimate(settings, volumes={"llama-33-70b": Volume(0, 0)}, today=TODAY)
    assert _month(found.monthly) == (0, 0)


def test_tokens_of_a_model_that_the_catalogue_does_not_have() -> None:
    settings = _settings(serverless={"other": {"model": "azureml://registries/other/models/Other-7B"}})
    for line in _lines(estimate(settings, volumes={"other": Volume(1e6, 1e6)}, today=TODAY), Kind.TOKENS):
        assert line.monthly is None
        assert "no price of its tokens is known" in str(line.note)


def test_a_volume_of_no_endpoint_is_a_mistake() -> None:
    with pytest.raises(KeyError, match="llama"):
        estimate(_settings(), volumes={"llama": Volume(1, 1)})


def _support(found: Estimate) -> list[str]:
    return sorted(line.what for line in _lines(found, Kind.SUPPORT))


def test_supporting_resources_have_a_price_by_their_use() -> None:
    found = estimate(_settings(managed=_deployment()), today=TODAY)
    kinds = ("storageAccount", "keyVault", "logAnalytics", "applicationInsights", "contentSafety")
    assert _support(found) == sorted(SUPPORTING[kind] for kind in kinds)
    in_eastus2 = estimate(_settings("eastus2", managed=_deployment()), today=TODAY)
    for whole in (found, in_eastus2):
        lines = _lines(whole, Kind.SUPPORT)
        assert all(line.price and line.sources and line.monthly is None and line.note for line in lines)
        assert not set(lines) & set(whole.unknown)


def test_a_stated_use_has_an_amount_and_what_is_included_lowers_it() -> None:
    use = {"logAnalytics": 20, "applicationInsights": 3, "keyVault": 100}
    found = estimate(_settings("eastus2"), use=use, today=TODAY)
    amounts = {line.what.partition(",")[0]: _month(line.monthly) for line in _lines(found, Kind.SUPPORT)}
    assert amounts == {
        "storage account": None,
        "key vault": (3.0, 3.0),
        "Log Analytics workspace": (41.4, 55.2),
        "Application Insights": (8.28, 8.28),
    }


def test_a_reading_of_another_region_is_not_taken() -> None:
    lines = _lines(estimate(_settings("uksouth"), today=TODAY), Kind.SUPPORT)
    unknown = {line.what.partition(",")[0] for line in lines if line.price is None}
    assert unknown == {"storage account", "Log Analytics workspace", "Application Insights"}


def test_at_most_two_items_of_the_dev_stack_are_unknown() -> None:
    config = read(Path("Pulumi.dev.yaml")).data["config"]
    texts = {key: value if isinstance(value, str) else json.dumps(value) for key, value in config.items()}
    assert len(estimate(load(texts, PACKAGE), today=TODAY).unknown) <= 2


@pytest.mark.parametrize(("says", "there"), [(True, True), (False, False)])
def test_the_content_safety_account_is_there_for_endpoints_that_exist_too(says: bool, there: bool) -> None:
    endpoint = {**_deployment()["llama-8b"], "existing": True, "contentSafety": says}
    found = estimate(_settings(managed={"llama-8b": endpoint}), today=TODAY)
    assert (SUPPORTING["contentSafety"] in _support(found)) is there


def test_a_guarded_workspace_has_more_around_it() -> None:
    network = {
        "isolationMode": "AllowOnlyApprovedOutbound",
        "firewallSku": "Standard",
        "outboundRules": {
            "pypi": {"type": "FQDN", "destination": "example.com"},
            "search": {
                "type": "PrivateEndpoint",
                "resourceId": f"{HUB.rpartition('/')[0]}/Microsoft.Search/searchServices/search",
                "subresource": "searchService",
            },
        },
        "privateEndpoint": {"addressSpace": "10.40.0.0/16"},
    }
    instances = {"ci-one": {"vmSize": "Standard_DS3_v2", "idleMinutes": 30}}
    workspace = {"name": "llama-dev", "containerRegistry": True, "network": network, "computeInstances": instances}
    found = estimate(_settings("eastus2", workspace=workspace), today=TODAY)
    said = _support(found)
    for kind in ("containerRegistry", "privateDnsZones", "firewall"):
        assert SUPPORTING[kind] in said
    assert said.count(SUPPORTING["privateEndpoint"]) == 2
    assert _month(found.monthly) == (7.3 + 7.3 + 1 + 912.5,) * 2
    (machine,) = _lines(found, Kind.COMPUTE)
    assert machine.quantity == Range(0, 730)
    assert machine.monthly is None
    assert "it stops after 30 minutes without work" in str(machine.note)


def test_what_exists_already_costs_this_stack_nothing_more() -> None:
    existing = estimate(_settings(workspace={"id": f"{HUB}/workspaces/theirs"}), today=TODAY)
    assert existing.lines == ()
    assert existing.monthly is None
    in_hub = estimate(_settings(workspace={"name": "mine", "hub": f"{HUB}/workspaces/hub"}), today=TODAY)
    assert in_hub.lines == ()


def test_a_team_s_own_prices_hold() -> None:
    catalog = overlaid(
        """prices:
  virtualMachines:
    Standard_NC24ads_A100_v4: {uksouth: {usdPerHour: 2.5, source: agreement 12, asOf: 2026-10-01}}
  monthly:
    keyVault: {usdPerMonth: 1.25, source: the bill of October, asOf: 2026-10-31}
"""
    )
    found = estimate(_settings("uksouth", catalog, managed=_deployment()), today=TODAY)
    assert _month(found.monthly) == (1826.25, 1826.25)
    titles = {source.title for line in found.known for source in line.sources}
    assert titles == {"agreement 12 (llama-catalog.yaml)", "the bill of October (llama-catalog.yaml)"}


@given(
    st.sampled_from([size for size in PACKAGE.gpu_sizes if size.prices]).flatmap(
        lambda size: st.tuples(st.just(size.name), st.sampled_from(sorted(size.prices)))
    )
)
def test_every_price_of_the_catalogue_has_its_sources(place: tuple[str, str]) -> None:
    quote = CataloguePrices(PACKAGE).vm(*place)
    assert quote is not None
    assert 0 < quote.usd.low <= quote.usd.high
    assert all(source.title and source.as_of for source in quote.sources)
