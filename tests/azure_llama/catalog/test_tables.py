"""The catalogue as tables: whole, filtered, each row with its source and date."""

from __future__ import annotations

import re
from datetime import date

import pytest

from azure_llama.catalog.tables import BRIEF, KINDS, Asked, cell, table
from tests.catalogs import PACKAGE

ON = date(2026, 11, 25)
DATE = re.compile(r"20\d\d(-\d\d(-\d\d)?)?")


@pytest.mark.parametrize("kind", KINDS)
def test_every_row_has_a_name_a_source_and_a_date_and_the_same_columns(kind: str) -> None:
    rows = table(PACKAGE, kind, Asked(on=ON))
    assert rows
    for row in rows:
        assert list(row) == list(rows[0])
        assert row["name"]
        assert row["source"]
        assert DATE.fullmatch(str(row["asOf"]))
    assert set(BRIEF[kind]) < set(rows[0])


def test_whole_tables() -> None:
    assert [row["name"] for row in table(PACKAGE, "models", Asked(on=ON))] == [each.name for each in PACKAGE.models]
    assert [row["name"] for row in table(PACKAGE, "sizes", Asked(on=ON))] == [each.name for each in PACKAGE.gpu_sizes]
    assert [row["name"] for row in table(PACKAGE, "regions", Asked(on=ON))] == [each.name for each in PACKAGE.regions]


def test_names_are_found_in_any_letter_case() -> None:
    assert {row["name"] for row in table(PACKAGE, "models", Asked("3.3-70b", on=ON))} == {"Llama-3.3-70B-Instruct"}
    assert table(PACKAGE, "models", Asked("nothing like it", on=ON)) == []


def test_only_what_holds_in_a_region() -> None:
    offered = {row["name"] for row in table(PACKAGE, "models", Asked(region="eastus2", on=ON))}
    assert "Llama-3.3-70B-Instruct" in offered
    assert offered < {each.name for each in PACKAGE.models}
    assert all("uksouth" in str(row["regions"]) for row in table(PACKAGE, "sizes", Asked(region="uksouth", on=ON)))
    prices = table(PACKAGE, "prices", Asked("Llama-3.3", region="swedencentral", on=ON))
    assert {(row["scope"], row["usd"]) for row in prices} == {
        ("global", 0.71),
        ("data zone", 0.781),
        ("regional", 0.859),
        ("marketplace", 0.71),
    }


def test_every_reading_of_a_price_is_a_row() -> None:
    rows = table(PACKAGE, "prices", Asked("NC48ads_A100", region="eastus", on=ON))
    assert [(row["usd"], row["asOf"]) for row in rows] == [(7.346, "2026-06-18"), (9.554, "2026-11-09")]


def test_lifecycles_are_read_on_the_day() -> None:
    def stage(on: date) -> object:
        return next(row["stage"] for row in table(PACKAGE, "models", Asked("Llama-2-7b-chat", on=on)))

    assert stage(date(2025, 1, 1)) == "generally-available"
    assert stage(ON) == "retired"


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("zones", True, "yes"),
        ("zones", False, "no"),
        ("serverlessRegions", None, "?"),
        ("serverlessRegions", [], "none"),
        ("regions", None, "everywhere"),
        ("pair", None, "-"),
        ("usd", 3.50, "3.5"),
        ("vcpus", 4, "4"),
        ("regions", ["a", "b"], "a, b"),
    ],
)
def test_cells(column: str, value: object, said: str) -> None:
    assert cell(column, value) == said
