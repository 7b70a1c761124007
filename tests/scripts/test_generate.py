"""`make generate`: generated files are up to date, and what is wrong is reported without a change."""

from __future__ import annotations

from pathlib import Path

import pytest

from azure_llama_policies import registry, rules
from scripts import generate


@pytest.mark.parametrize("name", generate.GENERATORS)
def test_generated_files_are_up_to_date(name: str) -> None:
    assert not sorted(map(str, generate.changes(name))), "run `make generate` and read the diff"


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with three generated files, which are out of date, up to date and no longer generated."""
    for name, text in (("old.txt", "old"), ("same.txt", "same"), ("gone.txt", "gone")):
        (tmp_path / "made").mkdir(exist_ok=True)
        (tmp_path / "made" / name).write_text(text)
    files = {Path("made/old.txt"): "new", Path("made/same.txt"): "same", Path("added/more.txt"): "more"}
    monkeypatch.setattr(generate, "ROOT", tmp_path)
    monkeypatch.setattr(generate, "GENERATORS", {"files": lambda: files})
    return tmp_path


def test_a_check_lists_the_files_and_changes_none(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert generate.main(["--check"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "write added/more.txt",
        "delete made/gone.txt",
        "write made/old.txt",
        "Generated files are out of date; run `make generate`",
    ]
    assert (copy / "made" / "old.txt").read_text() == "old"


def test_files_are_written_and_leftovers_are_deleted(copy: Path) -> None:
    assert generate.main([]) == 0
    assert {path.name: path.read_text() for path in copy.rglob("*.txt")} == {
        "old.txt": "new",
        "same.txt": "same",
        "more.txt": "more",
    }
    assert generate.main(["--check"]) == 0


def test_a_rule_without_cases_is_reported_with_the_file_to_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "from dataclasses import replace\nfrom azure_llama_policies.rules.vault_rbac import RULE\n"
    (tmp_path / "caseless.py").write_text(f"{text}RULE = replace(RULE, id='caseless')\n")
    monkeypatch.setattr(rules, "__path__", [*rules.__path__, str(tmp_path)])
    found = registry.rules.__wrapped__()
    monkeypatch.setattr("tests.policies.messages.rules", lambda: found)
    assert generate.main(["--check"]) == 1
    expected = "make generate: tests/policies/rules/test_caseless.py is missing; write the cases of rule 'caseless'"
    assert capsys.readouterr().err.startswith(expected)
