from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azure_llama.catalog import nearest
from azure_llama.documents.spelling import fold
from tests.catalogs import PACKAGE


def test_the_same_mistake_is_compared_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def count(text: str, *_: object, **__: object) -> list[str]:
        asked.append(text)
        return []

    monkeypatch.setattr("difflib.get_close_matches", count)
    for _ in range(3):
        assert nearest("made a thousand times", ["one", "two"]) is None
    assert len(asked) == 1


def test_the_nearest_name_is_offered() -> None:
    sizes = [size.name for size in PACKAGE.gpu_sizes]
    assert nearest("Standard_NC24ads_A100_v5", sizes) == "Standard_NC24ads_A100_v4"
    assert nearest("standard nc24ads a100", sizes) == "Standard_NC24ads_A100_v4"
    assert nearest("vm_size", ["model", "vmSize", "traffic"]) == "vmSize"
    assert nearest("llama 3.3 70b instruct", [each.name for each in PACKAGE.models]) == "Llama-3.3-70B-Instruct"


def test_what_is_far_from_all_has_no_nearest() -> None:
    assert nearest("tokyo", ["eastus", "westus"]) is None
    assert nearest("", ["a"]) is None
    assert nearest("a", []) is None


@given(st.text(), st.lists(st.text()))
def test_the_nearest_is_one_of_the_names(text: str, names: list[str]) -> None:
    assert nearest(text, names) in {None, *names}


@given(st.lists(st.text(alphabet="abcdefgh", min_size=3), min_size=1, unique=True))
def test_a_valid_name_is_nearest_to_itself(names: list[str]) -> None:
    assert all(nearest(name, names) == name for name in names)


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
