"""Every fact has a source and a date, and every source has a use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from azure_llama.catalog import gateways, limits, metrics, names, roles
from azure_llama_policies.registry import rules as policy_rules
from tests.catalogs import PACKAGE

DATE = re.compile(r"20\d\d(-\d\d(-\d\d)?)?")
FILES = {
    "models": 40,
    "architectures": 16,
    "gpu_sizes": 28,
    "regions": 58,
    "gpu_meters": None,
    "gpu_prices": None,
    "quota_families": None,
    "serverless_tables": None,
    "token_prices": None,
    "supporting_prices": None,
    "unit_prices": None,
    "foundry_models": None,
    "foundry_skus": None,
    "foundry_regions": None,
    "foundry_capacities": None,
    "features": None,
}


def _named(row: Any) -> Iterator[str]:
    """The keys of sources that a row names, at any depth."""
    if isinstance(row, dict):
        for key, value in row.items():
            if key == "source" or key.endswith("_source"):
                if value is not None:
                    yield value
            else:
                yield from _named(value)


@pytest.mark.parametrize("file", FILES)
def test_every_row_has_a_source_and_a_date(file: str) -> None:
    for row in PACKAGE.rows(file):
        assert row["source"] in PACKAGE.sources
        assert DATE.fullmatch(row["as_of"])
        assert set(_named(row)) <= set(PACKAGE.sources)
    assert FILES[file] in (None, len(PACKAGE.rows(file)))


def _limits() -> list[limits.Limit]:
    return [value for value in vars(limits).values() if isinstance(value, limits.Limit)]


def _constants() -> list[Any]:
    rules = [value for value in vars(names).values() if isinstance(value, names.NameRule)]
    return [
        *rules,
        *gateways.SKUS.values(),
        *metrics.SCALING,
        *roles.CUSTOM_ROLE,
        *roles.OPERATIONS,
        *roles.BUILT_IN,
        *roles.WORKSPACE_IDENTITY,
    ]


def test_every_limit_has_sources_and_a_date() -> None:
    for limit in _limits():
        assert limit.low <= limit.high
        assert limit.sources
        assert set(limit.sources) <= set(PACKAGE.sources)
        assert DATE.fullmatch(limit.as_of)


def test_every_name_rule_and_role_has_a_source_and_a_date() -> None:
    for each in _constants():
        assert each.source in PACKAGE.sources
        assert DATE.fullmatch(each.as_of)


def test_every_source_is_used_and_dated() -> None:
    used = {key for file in FILES for row in PACKAGE.rows(file) for key in _named(row)}
    used |= {key for limit in _limits() for key in limit.sources}
    used |= {each.source for each in _constants()}
    used |= {key for rule in policy_rules() for key in rule.sources}
    assert used == set(PACKAGE.sources)
    assert all(DATE.fullmatch(each.as_of) for each in PACKAGE.sources.values())
    assert {each.kind for each in PACKAGE.sources.values()} == {"document", "secondary", "general"}


def test_only_microsoft_is_official() -> None:
    assert PACKAGE.sources["regions-2026-02"].official
    assert not PACKAGE.sources["litellm-1.109"].official
    with pytest.raises(KeyError):
        PACKAGE.sources["rumour"]


def test_data_files_have_one_row_a_line() -> None:
    from importlib.resources import files

    for file in (*FILES, "sources"):
        text = files("azure_llama.catalog").joinpath("data", f"{file}.json").read_text(encoding="utf-8")
        assert len(text.splitlines()) == len(PACKAGE.rows(file)) + 2


def test_unconfirmed_names_are_marked() -> None:
    assert {each.name for each in PACKAGE.models if not each.confirmed} >= {"Llama-Guard-3-8B", "Prompt-Guard-86M"}
