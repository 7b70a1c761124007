"""Text of others loses what a terminal obeys, XML cannot hold, or a reader is misled by; all else stays."""

from __future__ import annotations

import sys
import unicodedata

import pytest

from azure_llama.documents.text import columns, line, markdown, printable

BIDI = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
MARKS = "\u061c\u200e\u200f"


def test_no_control_and_no_change_of_direction_passes() -> None:
    passed = set(printable("".join(map(chr, range(sys.maxunicode + 1)))))
    controls = {each for each in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(each) in ("Cc", "Cs")}
    assert passed & controls == set("\t\n\r")
    assert not [each for each in passed if unicodedata.bidirectional(each) in BIDI or each in MARKS]


@pytest.mark.parametrize("text", ["A llama.\nTwo.\tThree.", "über, 日本語, עברית, العربية", "👩\u200d🚀 e\u0301"])
def test_what_people_write_stays(text: str) -> None:
    assert printable(text) == text


def test_a_line_is_one_line() -> None:
    assert line(" a\r\nb\u2028c\u202e\td ") == "a b c d"
    assert markdown("a|b\u202e\n<c>") == "a\\|b &lt;c&gt;"


def test_columns_line_up_and_end_without_blanks() -> None:
    assert columns([("name", "on"), ("a", "yes"), ("longer", "")]) == ["name    on", "a       yes", "longer"]
    assert columns([]) == []
