"""The word list: listed words are found in text that people read, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import words

LISTED = words.words("# a comment\n\\bmistakes?\\b -> error\n")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(words, "ROOT", tmp_path)
    return tmp_path


def test_a_word_in_a_page_is_found_with_its_place(folder: Path) -> None:
    page = folder / "page.md"
    page.write_text("# Title\n\nThis Mistake is common.\n", encoding="utf-8")
    assert list(words.found(page, LISTED)) == ["page.md:3: 'Mistake'; write: error"]


@pytest.mark.parametrize(
    "text", ['"""\nA mistake.\n"""\n', "x = 1  # a mistake\n", 'raise ValueError(f"{1} mistakes")\n']
)
def test_docstrings_comments_and_messages_are_read(folder: Path, text: str) -> None:
    module = folder / "module.py"
    module.write_text(text, encoding="utf-8")
    assert len(list(words.found(module, LISTED))) == 1


def test_names_in_code_are_not_prose(folder: Path) -> None:
    module = folder / "module.py"
    module.write_text("mistake = 1\nprint(mistake)\n", encoding="utf-8")
    assert list(words.found(module, LISTED)) == []


def test_the_project_uses_no_listed_word(capsys: pytest.CaptureFixture[str]) -> None:
    code = words.main()
    assert capsys.readouterr().out == ""
    assert code == 0
