"""Volumes as people state them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azure_llama.documents.errors import InputError
from azure_llama.pricing import Volume
from azure_llama.pricing.volumes import stated

NAMES = ("llama-33-70b", "llama-8b")


def test_texts_and_a_file_and_the_text_goes_first(tmp_path: Path) -> None:
    file = tmp_path / "volume.yaml"
    file.write_text(
        "llama-33-70b: {inputTokens: 1, outputTokens: 2}\nllama-8b: {inputTokens: 1.5k, outputTokens: 2B}\n"
    )
    assert stated(["llama-33-70b=50M/0"], file, NAMES) == {
        "llama-33-70b": Volume(50e6, 0),
        "llama-8b": Volume(1500, 2e9),
    }
    assert stated([], None, NAMES) == {}


def test_the_example_of_the_page_is_one(tmp_path: Path) -> None:
    page = (Path(__file__).parents[3] / "docs" / "cost.md").read_text()
    file = tmp_path / "volume.yaml"
    file.write_text(page.partition("```yaml\n")[2].partition("```")[0])
    assert stated([], file, NAMES) == {"llama-33-70b": Volume(50e6, 10e6)}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("llama-33-70b", "write ENDPOINT=INPUT/OUTPUT"),
        ("llama-33-70b=1", "write ENDPOINT=INPUT/OUTPUT"),
        ("llama-33-70b=-1/2", "inputTokens is '-1'; write tokens a month"),
        ("llama-33-70b=1/nan", "outputTokens is 'nan'; write tokens a month"),
        ("llama-33-70b=1/9999999B", "outputTokens is '9999999B'; write tokens a month"),
        (
            "llama-33=1/2",
            "'llama-33' is neither a serverless endpoint nor a Foundry deployment of the stack; did you mean"
            " 'llama-33-70b'?",
        ),
    ],
)
def test_texts_that_say_nothing(text: str, said: str) -> None:
    with pytest.raises(InputError) as raised:
        stated([text], None, NAMES)
    assert said in str(raised.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"[1]", "is not a map of endpoints"),
        (b"a: [", "is broken YAML"),
        (b"\xff", "is not UTF-8"),
        (b"llama-8b: {inputTokens: 1, outputTokens: 1}\nllama-8b: {}", "2: llama-8b: is here twice, first in line 1"),
        (b"llama-8b: {inputTokens: " + b"9" * 5000 + b", outputTokens: 1}", "write tokens a month"),
        (b"llama-8b: 5M", "is not a map of inputTokens and outputTokens"),
        (b"llama-8b: {inputTokens: 5M}", "is not a map of inputTokens and outputTokens"),
        (b"llama-8b: {inputTokens: true, outputTokens: 1}", "inputTokens is True; write tokens a month"),
        (
            b"x: {inputTokens: 1, outputTokens: 1}\nllama-8b: {inputTokens: [], outputTokens: 1}",
            "'x' is neither a serverless",
        ),
    ],
)
def test_files_that_say_nothing(tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "volume.yaml"
    file.write_bytes(content)
    with pytest.raises(InputError) as raised:
        stated([], file, NAMES)
    assert said in str(raised.value)


def test_an_endpoint_that_is_stated_twice_is_told() -> None:
    with pytest.raises(InputError, match="--tokens is there for 'llama-8b' more than once; keep one"):
        stated(["llama-8b=1/1", "llama-8b=2/2"], None, NAMES)


def test_a_long_text_is_cut_short() -> None:
    with pytest.raises(InputError) as raised:
        stated([f"llama-8b={'9' * 5000}/1"], None, NAMES)
    assert len(str(raised.value)) < 300


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read: No such file"):
        stated([], tmp_path / "volume.yaml", NAMES)


@given(st.integers(0, 10**12), st.integers(0, 10**12))
def test_numbers_are_what_they_say(input_tokens: int, output_tokens: int) -> None:
    found = stated([f"llama-8b={input_tokens}/{output_tokens}"], None, NAMES)
    assert found == {"llama-8b": Volume(input_tokens, output_tokens)}


@given(st.text(max_size=30))
def test_any_text_is_a_volume_or_a_mistake(text: str) -> None:
    try:
        found = stated([text], None, NAMES)
    except InputError:
        return
    assert all(name in NAMES for name in found)
