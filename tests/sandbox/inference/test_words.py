from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from azure_llama_sandbox.inference.words import Prompt, canned, count, draft, tokenize

TEXT = "Sandbox answer, no model ran: one two three."


@given(st.text())
def test_tokens_joined_are_the_text(text: str) -> None:
    assert "".join(tokenize(text)) == text
    assert count(text) == len(tokenize(text))


def test_a_token_is_at_most_six_characters_of_a_word() -> None:
    assert tokenize("A domesticated llama ") == ["A", " domest", "icated", " llama", " "]


def test_answer_ends_by_itself() -> None:
    whole = draft(TEXT)
    assert (whole.text, whole.finish_reason) == (TEXT, "stop")
    assert draft(TEXT, max_tokens=count(TEXT)) == whole


def test_answer_is_cut_at_max_tokens() -> None:
    cut = draft(TEXT, max_tokens=3)
    assert (len(cut.tokens), cut.finish_reason) == (3, "length")
    assert TEXT.startswith(cut.text)


def test_answer_ends_before_the_first_stop() -> None:
    assert draft(TEXT, stops=("two", "one", "absent")).text == "Sandbox answer, no model ran: "
    assert draft(TEXT, stops=("two",)).finish_reason == "stop"


def test_endless_answer_fills_max_tokens() -> None:
    long = draft(TEXT, max_tokens=200, endless=True)
    assert (len(long.tokens), long.finish_reason) == (200, "length")


def test_canned_text_says_what_it_is_and_varies_with_the_prompt() -> None:
    first = canned("endpoint e, model m", Prompt("What is a llama?", 5), 0)
    assert first == canned("endpoint e, model m", Prompt("What is a llama?", 5), 0)
    assert "Sandbox answer, no model ran: endpoint e, model m." in first
    assert first != canned("endpoint e, model m", Prompt("What is an alpaca?", 5), 0)
    assert first != canned("endpoint e, model m", Prompt("What is a llama?", 5), 1)
