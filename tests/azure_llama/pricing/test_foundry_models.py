"""Models of Foundry accounts as a subscription sees them, written into an overlay."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from azure_llama.arm import ForbiddenError
from azure_llama.catalog import Catalog
from azure_llama.catalog.overlay import FILE
from azure_llama.catalog.overlay.reading import parse, understood
from azure_llama.catalog.overlay.writing import edited
from azure_llama.pricing.foundry_models import MODELS, changes_of, read_region
from tests.catalogs import PACKAGE

TODAY = date(2026, 11, 30)
QUOTA = "AIServices.GlobalStandard.Llama-3.3-70B-Instruct"
SCOPE = "/subscriptions/s/providers/Microsoft.CognitiveServices/locations"


def row(version: str = "5", publisher: str = "Meta", kind: str = "AIServices", **model: Any) -> dict[str, Any]:
    """A row of the list of models."""
    sku = {
        "name": "GlobalStandard",
        "usageName": QUOTA,
        "capacity": {"maximum": 10000, "default": 10},
        "rateLimits": [{"key": "request", "renewalPeriod": 60, "count": 1}, {"key": "token", "renewalPeriod": 60}],
    }
    given = {"format": publisher, "name": "Llama-3.3-70B-Instruct", "version": version, "skus": [sku]}
    return {"kind": kind, "model": {**given, "lifecycleStatus": "Stable", **model}}


class Arm:
    """Resource Manager with a list for each region."""

    def __init__(self, models: Mapping[str, Any], usages: list[dict[str, Any]] | None = None) -> None:
        self.models, self.usages = models, usages or []

    async def list(self, path: str, api_version: str, **query: str) -> list[dict[str, Any]]:
        region, what = path.removeprefix(f"{SCOPE}/").split("/")
        answer = self.models[region] if what == "models" else self.usages
        if isinstance(answer, Exception):
            raise answer
        return list(answer)


def changes(models: Mapping[str, Any], catalog: Catalog = PACKAGE) -> dict[str, Any]:
    """Entries by key."""
    arm = Arm(models)

    async def read() -> list[Any]:
        return [await read_region(arm, SCOPE, location) for location in models]

    found = changes_of(asyncio.run(read()), catalog, TODAY)
    return {where[1]: entry for where, entry in found if where[0] == "foundry"}


def test_a_version_is_written_with_its_skus() -> None:
    ends: dict[str, Any] = {"deprecation": {"inference": "2027-01-31T00:00:00Z"}}
    entry = changes({"eastus2": [row(**ends), row(**ends)]})["Meta/Llama-3.3-70B-Instruct/5"]
    known = PACKAGE.foundry.offer("Meta", "Llama-3.3-70B-Instruct", "5", "GlobalStandard")
    assert known is not None
    assert entry == {
        "lifecycle": "Stable",
        "retired": date(2027, 1, 31),
        "skus": {
            "GlobalStandard": {
                "regions": sorted(known.regions),
                "usageName": QUOTA,
                "maximum": 10000,
                "default": 10,
                "requestsPerMinute": 1,
            }
        },
        "source": MODELS,
        "asOf": TODAY,
    }


def test_regions_that_were_asked_are_as_azure_has_them_and_the_others_stay() -> None:
    found = changes({"southeastasia": [row()], "eastus2": [row("9")]})
    regions = found["Meta/Llama-3.3-70B-Instruct/5"]["skus"]["GlobalStandard"]["regions"]
    assert "southeastasia" in regions
    assert "eastus2" not in regions
    assert "swedencentral" in regions


def test_a_region_without_models_says_nothing_and_models_of_other_publishers_are_left_out() -> None:
    assert changes({"eastus2": [], "westus": [row(kind="OpenAI"), row(publisher="OpenAI")]}) == {}
    arm = Arm({"westus": [row(publisher="OpenAI"), row()]}, [usage(7, 400), {"name": {"value": "other"}}])
    region = asyncio.run(read_region(arm, SCOPE, "westus"))
    assert list(region.notes(PACKAGE)) == [
        f"westus: quota {QUOTA}: 7 of 400 used",
        "westus: models of publishers that the catalogue does not have are left out: OpenAI",
    ]


def usage(used: int, limit: int) -> dict[str, Any]:
    """A row of the usages."""
    return {"name": {"value": QUOTA}, "currentValue": used, "limit": limit, "unit": "Count"}


def test_the_overlay_understands_what_is_written() -> None:
    deprecating = row("12", lifecycleStatus="Deprecating")
    written = [(("foundry", key), entry) for key, entry in changes({"eastus2": [deprecating]}).items()]
    catalog = Catalog(understood(parse(edited("", written, FILE), FILE)))
    model = catalog.foundry.model("Meta", "Llama-3.3-70B-Instruct", "12")
    assert model is not None
    assert (model.lifecycle, model.retired) == ("Deprecating", None)
    capacity = catalog.foundry.capacity("Meta", "Llama-3.3-70B-Instruct", "12", "GlobalStandard")
    assert capacity is not None
    assert (capacity.usage_name, capacity.maximum, capacity.tokens_per_minute) == (QUOTA, 10000, None)


def test_a_refusal_is_the_callers_to_report() -> None:
    with pytest.raises(ForbiddenError):
        changes({"eastus2": ForbiddenError(403, "AuthorizationFailed", "not you")})
