from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azure_llama.settings.problems import path, show


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (True, "true"),
        (None, "null"),
        (50.0, "50.0"),
        ("it's", '"it\'s"'),
        ({"a": {"b": {"c": 1}}}, "{'a': {'b': {...}}}"),
        ([1, 2, 3], "[1, 2, ...]"),
    ],
)
def test_values_are_shown_short(value: object, shown: str) -> None:
    assert show(value) == shown


@given(st.text() | st.integers() | st.lists(st.text()) | st.dictionaries(st.text(), st.text()))
def test_no_value_fills_the_screen(value: object) -> None:
    assert len(show(value)) < 300
    assert "\n" not in show(value)


def test_paths_read_like_yaml() -> None:
    assert path(("azure-llama:managed", "llama-8b", "auth")) == "azure-llama:managed.llama-8b.auth"
    assert path(("azure-llama:tags", 'a "b"')) == 'azure-llama:tags["a \\"b\\""]'
    assert len(path(("azure-llama:tags", "x" * 1000))) < 100
