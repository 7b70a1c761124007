"""What to deploy instead: proposals that can be deployed on that day, on that route, in that region."""

from __future__ import annotations

import re
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from azure_llama.catalog import Model, Route, Stage
from tests.catalogs import PACKAGE, gpu_size, overlaid

TODAY = date(2026, 11, 25)
L8, L33 = PACKAGE.model("Meta-Llama-3.1-8B-Instruct"), PACKAGE.model("Llama-3.3-70B-Instruct")


def test_a_model_of_the_region() -> None:
    advice = PACKAGE.instead(L8, "eastus2", TODAY)
    assert advice == "choose Llama-3.3-70B-Instruct, available as a serverless endpoint in eastus2"


def test_a_region_where_none_is_offered() -> None:
    advice = PACKAGE.instead(L8, "westeurope", TODAY)
    assert advice.startswith("choose Llama-3.3-70B-Instruct and a region that offers it: eastus, eastus2, ")


def test_the_model_itself_in_another_region() -> None:
    assert PACKAGE.instead(L33, "westeurope", TODAY).startswith("set azure-native:location to eastus, eastus2, ")


def test_the_model_itself_on_another_route() -> None:
    scout = PACKAGE.model("Llama-4-Scout-17B-16E-Instruct")
    assert PACKAGE.instead(scout, "eastus2", TODAY) == "use a deployment on a Microsoft Foundry resource"


def test_a_model_that_reads_images_is_replaced_by_another_that_does() -> None:
    advice = PACKAGE.instead(PACKAGE.model("Llama-3.2-11B-Vision-Instruct"), "eastus2", TODAY)
    assert L33.name not in advice
    assert f"Llama-4-Scout-17B-16E-Instruct as {Route.FOUNDRY}" in advice


def test_nothing_is_proposed_where_nothing_is_known() -> None:
    advice = PACKAGE.instead(L33, "eastus2", TODAY)
    assert advice == "no model of its kind is known to take a new serverless endpoint in eastus2 on 2026-11-25"


def test_a_proposal_lasts_until_the_day_of_the_move() -> None:
    assert L33.name in PACKAGE.instead(L8, "eastus2", TODAY)
    assert L33.name not in PACKAGE.instead(L8, "eastus2", TODAY, until=date(2027, 6, 1))


def test_an_overlay_s_retirement_takes_a_model_out() -> None:
    catalog = overlaid(f"models: {{{L33.name}: {{lifecycle: {{retired: 2026-11-01}}, source: s, asOf: 2026-11-01}}}}")
    assert L33.name not in catalog.instead(L8, "eastus2", TODAY)


REGIONS = st.sampled_from([None, *(region.name for region in PACKAGE.regions)])
DAYS = st.dates(date(2024, 1, 1), date(2028, 1, 1))


@given(st.sampled_from(PACKAGE.models), REGIONS, DAYS)
def test_every_model_that_is_named_can_be_deployed(model: Model, region: str | None, on: date) -> None:
    advice = PACKAGE.instead(model, region, on)
    for other in PACKAGE.models:
        if not re.search(rf"(?<![\w.-]){re.escape(other.name)}(?![\w.-])", advice):
            continue
        assert other != model
        assert other.stage(on) is Stage.GENERALLY_AVAILABLE
        assert other.safety == model.safety
        if f"{other.name} as " not in advice:
            assert other in PACKAGE.serverless_models(None if "and a region that offers it" in advice else region, on)


@given(st.sampled_from(PACKAGE.models), REGIONS)
def test_every_size_that_is_named_is_served_and_sold_in_the_region(model: Model, region: str | None) -> None:
    for name in re.findall(r"Standard_\w+", PACKAGE.other_sizes(model, region)):
        size = gpu_size(name)
        assert size.serves
        assert region is None or region in size.meter_regions


def test_without_a_model_the_command_that_lists_sizes_is_named() -> None:
    assert "`azure-llama catalog show sizes --region eastus2`" in PACKAGE.other_sizes(None, "eastus2")
