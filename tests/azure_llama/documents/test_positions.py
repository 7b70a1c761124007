"""YAML with places: every error at its line, whatever the text is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from azure_llama.documents.errors import InputError
from azure_llama.documents.positions import Document, parse, read

TEXT = """\
config:
  plain: eastus2
  block:
    inner: "quoted text"
  flow: {a: 1, b: [x, yy]}
  list:
    - one
    - k: two
  base: &base {q: 1, r: 2}
  merged: {<<: *base, r: 3}
"""

BOMB = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{after}: &{after} [{','.join([f'*{before}'] * 10)}]\n"
    for before, after in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.fixture
def document() -> Document:
    return parse(TEXT, "f.yaml")


def test_data_is_as_pulumi_reads_it(document: Document) -> None:
    assert document.data["config"]["merged"] == {"q": 1, "r": 3}
    assert document.data["config"]["list"] == ["one", {"k": "two"}]


@pytest.mark.parametrize(
    ("path", "key", "value"),
    [
        (("config", "plain"), "f.yaml:2:3", "f.yaml:2:10"),
        (("config", "block"), "f.yaml:3:3", "f.yaml:4:5"),
        (("config", "block", "inner"), "f.yaml:4:5", "f.yaml:4:12"),
        (("config", "flow", "b", 1), "f.yaml:5:23", "f.yaml:5:23"),
        (("config", "list", 1, "k"), "f.yaml:8:7", "f.yaml:8:10"),
        (("config", "merged", "q"), "f.yaml:9:16", "f.yaml:9:19"),
    ],
)
def test_everything_has_its_place(document: Document, path: Any, key: str, value: str) -> None:
    assert (str(document.key(path)), str(document.value(path))) == (key, value)


@pytest.mark.parametrize("path", [("config", "none"), ("config", "list", 7), ("config", "plain", "below")])
def test_what_is_not_there_has_no_place(document: Document, path: Any) -> None:
    assert document.key(path) is None
    assert document.value(path) is None


def test_a_value_ends_where_it_ends(document: Document) -> None:
    place = document.value(("config", "block", "inner"))
    assert place is not None
    assert (place.line, place.column, place.end_line, place.end_column) == (4, 12, 4, 25)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\na: 2", "f.yaml:2: a: is here twice, first in line 1; remove one"),
        ("1: x\n'1': y", "f.yaml:2: 1: is here twice"),
        ("a: b: c", "f.yaml:1:5: is broken YAML: mapping values are not allowed"),
        ("a: [1\n", "f.yaml:2:1: is broken YAML: while parsing a flow sequence"),
        ("a: 'x", "is broken YAML: while scanning a quoted scalar"),
        ("\ta: 1", "f.yaml:1:1: is indented with a tab"),
        ("a: *x", "f.yaml:1:4: is broken YAML: found undefined alias"),
        ("a: &a [*a]", "nested more than"),
        ("x: !secret 1", "f.yaml:1:4: the tag '!secret' means nothing to Pulumi"),
        ("x: .nan", "f.yaml:1:4: .nan is no number that Pulumi can hand over"),
        ("? [a]\n: 1", "a key is a map or a list"),
        ("a: {<<: 3}", "'<<' takes in a map"),
        ("--- 1\n--- 2", "another document"),
        ("a\0b", "is no YAML"),
        ("- " * 100_000, "is nested more than 200 deep"),
        ("a: " + "[" * 100_000, "is nested more than 200 deep"),
        (BOMB, "its aliases multiply them"),
    ],
)
def test_a_mistake_is_one_line_with_its_place(text: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        parse(text, "f.yaml")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_far_to_the_right_is_not_deep() -> None:
    assert parse("a:\n" + " " * 300 + "b: 1", "f").data == {"a": {"b": 1}}


def test_a_file_that_cannot_be_read_or_is_no_text(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.yaml: cannot be read: No such file"):
        read(tmp_path / "none.yaml", "none.yaml")
    with pytest.raises(InputError, match="cannot be read: Is a directory"):
        read(tmp_path)
    (tmp_path / "latin.yaml").write_bytes(b"a: \xe9")
    with pytest.raises(InputError, match=r"is not UTF-8 \(byte 3\)"):
        read(tmp_path / "latin.yaml")


_KEYS = st.text("abcdefgh", min_size=1, max_size=5)
_TREES = st.recursive(
    # PyYAML leaves texts bare that are numbers to YAML 1.2.
    st.text("ghij :#'{}[]-\u00e9\n", max_size=10) | st.integers(-1000, 1000) | st.booleans(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(_KEYS, _TREES, max_size=5), st.booleans())
def test_what_a_yaml_writer_wrote_is_read_back_and_each_value_found_where_it_stands(tree: Any, flow: bool) -> None:
    text = yaml.safe_dump(tree, default_flow_style=flow, width=1000)
    document = parse(text, "f")
    assert document.data == tree
    lines = text.splitlines()
    for key, value in tree.items():
        place = document.key((key,))
        assert place is not None
        assert lines[place.line - 1][place.column - 1 :].startswith(key)
        if isinstance(value, int) and not isinstance(value, bool):
            at = document.value((key,))
            assert at is not None
            assert lines[at.line - 1][at.column - 1 : at.end_column - 1] == str(value)


@pytest.mark.parametrize(
    ("text", "place"),
    [("a:\n\tb: 1\n", "2:1"), ("a: 1\nc:\n  d: 1\n\te: 2\n", "4:1"), ("a:\n-\tc: 1\n", "2:2"), ("\ta: 1\n", "1:1")],
)
def test_a_tab_is_called_a_tab(text: str, place: str) -> None:
    with pytest.raises(InputError) as error:
        parse(text, "f.yaml")
    assert str(error.value) == (
        f"f.yaml:{place}: is indented with a tab, and YAML takes only spaces; replace the tab with spaces"
    )


def test_a_tab_in_a_value_is_not_blamed() -> None:
    with pytest.raises(InputError, match="broken YAML"):
        parse("a: x\ty\nb: [\n", "f.yaml")
