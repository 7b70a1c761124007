from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azure_llama.catalog import Model, Route, Stage, UnknownModelError, UnknownVersionError, parse_asset_id
from tests.catalogs import PACKAGE

ARTICLE = date(2024, 11, 22)
TODAY = date(2026, 11, 22)
SIX = frozenset({"eastus", "eastus2", "northcentralus", "southcentralus", "westus", "westus3"})
SEVEN = SIX | {"swedencentral"}
EVERY_DAY = st.dates(date(2023, 1, 1), date(2030, 1, 1))
EVERY_MODEL = st.sampled_from(PACKAGE.models)


def test_there_are_forty_models_of_distinct_names() -> None:
    assert len(PACKAGE.models) == 40
    assert len({each.name.casefold() for each in PACKAGE.models}) == 40


def test_ids_render_without_and_with_a_version() -> None:
    llama = PACKAGE.model("Llama-3.3-70B-Instruct")
    assert llama.asset_id == "azureml://registries/azureml-meta/models/Llama-3.3-70B-Instruct"
    assert llama.versioned_id() == llama.asset_id + "/versions/9"
    assert llama.versioned_id("4") == llama.asset_id + "/versions/4"


def test_the_latest_version_is_the_highest_number() -> None:
    for each in PACKAGE.models:
        assert each.latest_version == (max(each.versions, key=int) if each.versions else None)


def test_a_model_without_known_versions_wants_one() -> None:
    guard = PACKAGE.model("Llama-Guard-3-8B")
    assert guard.versions is None
    with pytest.raises(UnknownVersionError, match="Llama-Guard-3-8B"):
        guard.versioned_id()
    assert guard.versioned_id("2").endswith("/versions/2")


@given(EVERY_MODEL, st.sampled_from([str.lower, str.upper, str.title]))
def test_a_model_is_found_by_name_and_ids_in_any_case(each: Model, change: Callable[[str], str]) -> None:
    for text in (each.name, each.asset_id, each.versioned_id("7")):
        assert PACKAGE.find_model(change(text)) == each


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Llama-3-7B",
        "azureml://registries/azureml/models/Llama-3.3-70B-Instruct",
        "azureml://registries/azureml-meta/models/",
        "azureml://registries/azureml-meta/models/Llama-3.3-70B-Instruct/versions/",
        "azureml://registries/azureml-meta/models/Llama-3.3-70B-Instruct/versions/1/x",
    ],
)
def test_what_is_not_a_model_is_not_found(text: str) -> None:
    assert PACKAGE.find_model(text) is None


@given(st.text())
def test_looking_a_model_up_never_fails(text: str) -> None:
    PACKAGE.find_model(text)
    PACKAGE.find_model("azureml://registries/azureml-meta/models/" + text)
    parse_asset_id(text)


def test_a_misspelt_model_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownModelError, match=r"^'Llama-3\.3-70B-Instrukt' is not .* 'Llama-3\.3-70B-Instruct'\?$"):
        PACKAGE.model("Llama-3.3-70B-Instrukt")
    with pytest.raises(KeyError, match="models"):
        PACKAGE.model("Ωμέγα")


def test_asset_ids_know_who_needs_a_subscription() -> None:
    meta = parse_asset_id(PACKAGE.model("Llama-3.2-1B").versioned_id())
    microsoft = parse_asset_id("azureml://registries/azureml/models/Phi-4")
    assert meta is not None
    assert meta.needs_subscription
    assert meta.version == "2"
    assert microsoft is not None
    assert not microsoft.needs_subscription
    assert microsoft.version is None


@pytest.mark.parametrize(
    ("name", "on", "regions"),
    [
        ("Meta-Llama-3.1-8B-Instruct", date(2024, 8, 4), None),
        ("Meta-Llama-3.1-8B-Instruct", date(2024, 8, 5), SIX),
        ("Meta-Llama-3.1-8B-Instruct", ARTICLE, SEVEN),
        ("Meta-Llama-3.1-405B-Instruct", ARTICLE, SIX),
        ("Llama-2-70b-chat", ARTICLE, SIX),
        ("Llama-3.3-70B-Instruct", ARTICLE, frozenset()),
        ("Llama-3.3-70B-Instruct", TODAY, SEVEN),
        ("Meta-Llama-3-8B-Instruct", date(2025, 11, 23), SEVEN),
        ("Meta-Llama-3-8B-Instruct", date(2025, 11, 24), frozenset()),
        ("CodeLlama-7b-hf", TODAY, frozenset()),
        ("Llama-4-Scout-17B-16E-Instruct", TODAY, frozenset()),
        ("Llama-4-Maverick-17B-128E-Instruct-FP8", TODAY, frozenset()),
        ("Llama-4-Scout-17B-16E", TODAY, None),
    ],
)
def test_serverless_regions_come_from_the_newest_table_of_the_day(
    name: str, on: date, regions: frozenset[str] | None
) -> None:
    assert PACKAGE.model(name).serverless_regions(on) == regions


def test_the_last_regions_outlive_the_model() -> None:
    assert PACKAGE.model("Meta-Llama-3-8B-Instruct").last_serverless_regions == SEVEN
    assert PACKAGE.model("Meta-Llama-3.1-405B-Instruct").last_serverless_regions == SIX
    assert PACKAGE.model("CodeLlama-7b-hf").last_serverless_regions == frozenset()
    assert PACKAGE.model("Llama-4-Scout-17B-16E-Instruct").last_serverless_regions == frozenset()
    assert PACKAGE.model("Llama-4-Scout-17B-16E").last_serverless_regions is None


@given(EVERY_MODEL, EVERY_DAY)
def test_every_day_has_an_answer_in_known_regions(each: Model, on: date) -> None:
    answer = each.serverless_regions(on)
    assert answer is None or all(PACKAGE.find_region(region) for region in answer)
    assert isinstance(each.stage(on), Stage)


@pytest.mark.parametrize(
    ("name", "on", "stage"),
    [
        ("Meta-Llama-3.1-70B-Instruct", ARTICLE, Stage.GENERALLY_AVAILABLE),
        ("Meta-Llama-3.1-70B-Instruct", date(2025, 2, 27), Stage.GENERALLY_AVAILABLE),
        ("Meta-Llama-3.1-70B-Instruct", date(2025, 2, 28), Stage.LEGACY),
        ("Meta-Llama-3.1-70B-Instruct", date(2025, 3, 30), Stage.LEGACY),
        ("Meta-Llama-3.1-70B-Instruct", date(2025, 3, 31), Stage.DEPRECATED),
        ("Meta-Llama-3.1-70B-Instruct", date(2025, 6, 29), Stage.DEPRECATED),
        ("Meta-Llama-3.1-70B-Instruct", date(2025, 6, 30), Stage.RETIRED),
        ("Llama-Guard-3-8B", TODAY, Stage.UNKNOWN),
    ],
)
def test_dates_take_effect_at_midnight(name: str, on: date, stage: Stage) -> None:
    assert PACKAGE.model(name).stage(on) is stage


def test_a_date_of_a_secondary_source_makes_unknown_not_retired() -> None:
    maverick = PACKAGE.model("Llama-4-Maverick-17B-128E-Instruct-FP8")
    retired = maverick.lifecycle.retired
    assert retired == date(2026, 11, 19)
    assert not maverick.lifecycle.confirmed
    assert maverick.stage(retired - timedelta(days=1)) is Stage.GENERALLY_AVAILABLE
    assert maverick.stage(retired) is Stage.UNKNOWN
    assert PACKAGE.model("Llama-3.3-70B-Instruct").stage(TODAY) is Stage.GENERALLY_AVAILABLE


def test_unpublished_steps_before_a_retirement_are_unknown() -> None:
    llama = PACKAGE.model("Meta-Llama-3.1-8B-Instruct")
    retired = llama.lifecycle.retired
    assert retired == date(2026, 6, 13)
    assert llama.lifecycle.confirmed
    assert llama.stage(retired - timedelta(days=121)) is Stage.GENERALLY_AVAILABLE
    assert llama.stage(retired - timedelta(days=120)) is Stage.UNKNOWN
    assert llama.stage(retired - timedelta(days=1)) is Stage.UNKNOWN
    assert llama.stage(retired) is Stage.RETIRED


def test_replacements_are_models_of_the_catalogue() -> None:
    for each in PACKAGE.models:
        assert all(PACKAGE.find_model(name) for name in each.lifecycle.replacements)
    assert PACKAGE.model("Llama-2-7b").lifecycle.replacement == "Meta-Llama-3.1-8B-Instruct"
    assert PACKAGE.model("Llama-3.2-1B").lifecycle.replacement is None


def test_a_successor_is_known_to_take_deployments() -> None:
    vision = PACKAGE.model("Llama-3.2-11B-Vision-Instruct")
    first, second = (PACKAGE.find_model(name) for name in vision.lifecycle.replacements)
    assert first is not None
    assert first.stage(TODAY) is Stage.UNKNOWN
    assert PACKAGE.successor(vision, TODAY) == second
    assert PACKAGE.successor(vision, ARTICLE) == first
    assert PACKAGE.successor(vision, date(2030, 1, 1)) is None
    assert PACKAGE.successor(PACKAGE.model("Llama-3.2-1B"), TODAY) is None


@pytest.mark.parametrize(
    ("name", "routes"),
    [
        ("Llama-3.3-70B-Instruct", (Route.SERVERLESS, Route.MANAGED)),
        ("Llama-4-Scout-17B-16E-Instruct", (Route.FOUNDRY,)),
        ("Llama-Guard-3-8B", (Route.MANAGED,)),
        ("CodeLlama-7b-hf", ()),
        ("Llama-4-Scout-17B-16E", ()),
    ],
)
def test_routes_are_those_that_a_source_names(name: str, routes: tuple[Route, ...]) -> None:
    assert PACKAGE.model(name).routes(TODAY) == routes


def test_serverless_models_take_new_endpoints_in_the_region() -> None:
    assert PACKAGE.serverless_models("eastus2", TODAY) == (PACKAGE.model("Llama-3.3-70B-Instruct"),)
    assert PACKAGE.serverless_models("westeurope", TODAY) == ()
    legacy = PACKAGE.serverless_models("eastus2", date(2026, 3, 1))
    assert PACKAGE.model("Meta-Llama-3.1-405B-Instruct") in legacy
    assert PACKAGE.model("Meta-Llama-3.1-405B-Instruct") not in PACKAGE.serverless_models("eastus2", date(2026, 4, 1))


def test_the_task_says_which_routes_there_are() -> None:
    assert PACKAGE.model("Meta-Llama-3.1-8B-Instruct").chat
    assert PACKAGE.model("Llama-Guard-3-11B-Vision").chat
    assert PACKAGE.model("Llama-Guard-3-11B-Vision").safety
    assert PACKAGE.model("Meta-Llama-3.1-8B").task == "completion"
    assert PACKAGE.model("Prompt-Guard-86M").task == "classification"
