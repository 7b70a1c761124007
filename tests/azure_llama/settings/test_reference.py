"""The tables of options in the documentation are those that the settings make."""

from __future__ import annotations

import pytest

from azure_llama.settings import DeploymentSettings, ProbeSettings, Settings
from azure_llama.settings.base import StrictModel
from azure_llama.settings.reference import SECTIONS, generated, table, with_tables
from azure_llama.settings.wire import options
from tests.conftest import ROOT


def test_each_section_of_a_stack_has_a_table_on_a_page() -> None:
    text = "".join(generated(ROOT).values())
    sections = [option.section.__name__ for option in options(Settings) if option.section and len(option.keys) == 1]
    assert [name for name in sections if f"<!-- options: {name} -->" not in text] == []


@pytest.mark.parametrize("settings", SECTIONS.values())
def test_what_is_required_says_so(settings: type[StrictModel]) -> None:
    required = {
        option.keys[0] for option in options(settings) if option.owner is settings and option.field.is_required()
    }
    rows = [row.split("|") for row in table(settings).splitlines()[2:]]
    own = {cells[1].strip(" `"): cells[3].strip() for cells in rows if "." not in cells[1] and "[" not in cells[1]}
    assert {key for key, need in own.items() if need == "Required"} == required


def test_a_row_has_type_range_default_property_and_description() -> None:
    row = (
        "| `requestTimeoutSeconds` | integer, 1 to 180 | `180` | `properties.requestSettings.requestTimeout` | "
        "After how many seconds a request fails. Azure's own default is 5. |"
    )
    assert row in table(DeploymentSettings).splitlines()


def test_a_section_with_a_table_of_its_own_is_one_row() -> None:
    rows = [row.split("`")[1] for row in table(DeploymentSettings, {"ProbeSettings"}).splitlines()[2:]]
    assert "probes.startup" in rows
    assert "probes.startup.periodSeconds" not in rows
    assert "dataCollection.samplingRate" in rows


def test_a_block_is_written_again() -> None:
    page = with_tables("before\n<!-- options: ProbeSettings -->\nold\n<!-- end -->\nafter\n", ())
    assert page == f"before\n<!-- options: ProbeSettings -->\n{table(ProbeSettings)}<!-- end -->\nafter\n"
