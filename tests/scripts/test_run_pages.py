"""The blocks of commands on README and the pages: fenced, and with directives that `make pages` takes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scripts.run_pages import CommandBlock, PageError, blocks, pages

ROOT = Path(__file__).resolve().parents[2]
OURS = re.compile(r"^(azure-llama|pulumi|make) ", re.MULTILINE)


@pytest.mark.parametrize("page", pages(ROOT))
def test_every_page_can_be_run(page: str) -> None:
    for block in blocks(ROOT, page):
        left_out = block.run.get("without", {})
        assert all(f"\n{command}" in f"\n{block.text}" for command in left_out), block.place
        assert all(left_out.values()), f"{block.place}: a command is left out without a reason"


def test_commands_are_on_the_pages() -> None:
    found = [block for page in pages(ROOT) for block in blocks(ROOT, page)]
    assert len(found) >= 25
    assert sum(bool(OURS.search(block.text)) for block in found if "skip" not in block.run) >= 20


def page_of(folder: Path, text: str) -> list[CommandBlock]:
    (folder / "page.md").write_text(text)
    return list(blocks(folder, "page.md"))


def test_the_directive_is_yaml(tmp_path: Path) -> None:
    text = (
        "Text\n\n<!-- run:\nbefore: touch first\noutside: [make dist]\nwithout: {az login: the sandbox signs in}\n-->\n"
    )
    (block,) = page_of(tmp_path, f"{text}```sh\nmake dist   # builds it\naz login\nazure-llama check\n```\n")
    assert block.place == "page.md:9"
    assert block.outside == "set -e\nmake dist\n"
    assert block.script == "set -e\ntouch first\nazure-llama check\n"


def test_output_is_not_run(tmp_path: Path) -> None:
    assert page_of(tmp_path, "```text\nrm -r /\n```\n\n```yaml\na: 1\n```\n") == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("```\nmake demo\n```\n", "page.md:2: a block must be fenced as sh, text or another language"),
        ("<!-- run: {colour: blue} -->\n```sh\nmake\n```\n", "page.md:3: run: colour must be one of before, exit,"),
    ],
)
def test_a_wrong_page_names_the_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(PageError, match=re.escape(message)):
        page_of(tmp_path, text)
