"""Changes of the overlay by a program: what is meant and nothing else, with every comment where it was."""

from __future__ import annotations

import stat
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from azure_llama.catalog.overlay.writing import UnwritableError, edited, merged, write

PRICE = {"usdPerHour": 3.673, "source": "Azure: asked", "asOf": date(2026, 11, 25)}
AT = ("prices", "virtualMachines", "Standard_NC24ads_A100_v4", "eastus2")
ROW = 'eastus2: {usdPerHour: 3.673, source: "Azure: asked", asOf: 2026-11-25}'


@pytest.mark.parametrize("text", ["", "# ours\n", "# ours, without an end", "---\n"])
def test_into_a_file_that_says_nothing(text: str) -> None:
    found = edited(text, [(AT, PRICE)], "x")
    assert found.startswith(text)
    block = f"prices:\n  virtualMachines:\n    Standard_NC24ads_A100_v4:\n      {ROW}\n"
    assert found.endswith(block)
    assert edited(found, [(AT, PRICE)], "x") == found


WRITTEN = """# The team's own facts.
models: {}   # none yet

prices:  # agreed in June
    virtualMachines:
        # The big one
        Standard_NC24ads_A100_v4:
            westus: {usdPerHour: 4.1, source: 'agreement 12', asOf: 2026-06-01}  # until May

        Standard_NC48ads_A100_v4:
            eastus2:
                usdPerHour: 7   # a round figure
                source: agreement 12
                asOf: 2026-06-01
    # Others come later.
regions:
"""


def test_beside_what_a_person_wrote() -> None:
    other = ("prices", "virtualMachines", "Standard_NC48ads_A100_v4", "eastus2")
    found = edited(WRITTEN, [(AT, PRICE), (other, PRICE), (("regions", "eastus2"), {"managedSizes": ["A", "B"]})], "x")
    before, after = WRITTEN.splitlines(), found.splitlines()
    changed = {
        "                usdPerHour: 7   # a round figure": "                usdPerHour: 3.673   # a round figure",
        "                source: agreement 12": '                source: "Azure: asked"',
        "                asOf: 2026-06-01": "                asOf: 2026-11-25",
        "regions:": "regions: {eastus2: {managedSizes: [A, B]}}",
    }
    assert [line for line in after if line != f"            {ROW}"] == [changed.get(line, line) for line in before]
    assert after[after.index(f"            {ROW}") - 1].endswith("# until May")


def test_lines_end_as_they_did() -> None:
    found = edited(WRITTEN.replace("\n", "\r\n"), [(AT, PRICE)], "x")
    assert found.count("\n") == found.count("\r\n") == WRITTEN.count("\n") + 1


def test_what_is_there_already_is_not_touched() -> None:
    assert edited(WRITTEN, [((*AT[:3], "westus"), {"usdPerHour": 4.1, "source": "agreement 12"})], "x") == WRITTEN


@pytest.mark.parametrize(
    "text",
    [
        "{prices: {virtualMachines: {}}}",
        "{prices: {virtualMachines: {a: {b: {c: 1}, }, # there\n }}}\n",
        "prices: {virtualMachines: {Standard_NC24ads_A100_v4: {eastus2: {usdPerHour: 1, source: |-\n  x\n}}}}\n",
        "prices:\n  virtualMachines:\n    other:\n      note: |\n        long\n        text\n",
        "prices:\n  tokens: {}\n  # the end",
        "prices: null\n",
        '"prices":\n  "virtualMachines":\n    ? Standard_NC24ads_A100_v4\n    : {eastus2: {usdPerHour: 1}}\n',
    ],
)
def test_every_form_of_yaml_is_changed_or_refused(text: str) -> None:
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError:
        return
    found = edited(text, [(AT, PRICE)], "x")
    assert yaml.safe_load(found) == merged(data, [(AT, PRICE)])


def test_an_anchor_that_would_change_elsewhere_is_refused_with_what_to_add() -> None:
    text = "prices: {virtualMachines: {Standard_NC24ads_A100_v4: {eastus2: &a {usdPerHour: 1}, westus: *a}}}\n"
    with pytest.raises(UnwritableError) as raised:
        edited(text, [(AT, PRICE)], "llama-catalog.yaml")
    assert "llama-catalog.yaml: cannot be changed in place" in str(raised.value)
    assert f"      {ROW}" in str(raised.value)


_names = st.sampled_from(["a", "b", "c c", "no", "1", "d-e"])
_values = (
    st.integers(-(2**63), 2**63 - 1)
    | st.text(max_size=6)
    | st.booleans()
    | st.dates()
    | st.lists(st.text(max_size=3), max_size=2)
)
_entries = st.dictionaries(_names, _values, min_size=1, max_size=3)
_files = st.dictionaries(_names, st.dictionaries(_names, _entries, max_size=3) | st.none(), max_size=3)


@given(
    _files,
    st.lists(st.tuples(st.tuples(_names, _names), _entries), min_size=1, max_size=3),
    st.sampled_from([True, False, None]),
)
def test_any_change_of_any_file(data: dict[str, Any], changes: list[Any], flow: bool | None) -> None:
    text = yaml.safe_dump(data, default_flow_style=flow, allow_unicode=True)
    found = edited(text, changes, "x")
    # Not of `data`: what PyYAML writes is not always what it reads again.
    assert yaml.safe_load(found) == merged(yaml.safe_load(text), changes)
    assert edited(found, changes[-1:], "x") == found


def test_a_file_is_replaced_whole_with_its_mode_and_through_its_link(tmp_path: Path) -> None:
    file, link = tmp_path / "real.yaml", tmp_path / "link.yaml"
    file.write_text("old")
    file.chmod(0o640)
    link.symlink_to(file)
    write(link, "a: 1\r\n")
    assert link.is_symlink()
    assert file.read_bytes() == b"a: 1\r\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert {each.name for each in tmp_path.iterdir()} == {"link.yaml", "real.yaml"}


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UnwritableError, match="cannot be written: No such file or directory"):
        write(tmp_path / "nowhere" / "x.yaml", "")
