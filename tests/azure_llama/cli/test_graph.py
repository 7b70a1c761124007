"""`azure-llama graph`, as a person types it."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result

from azure_llama.cli.app import main
from tests.sandbox.harness import ROOT

PROGRAM = 'import pulumi\nclass Box(pulumi.ComponentResource):\n    pass\nBox("a:b:C", "frame")\n'


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["graph", *arguments])


def _project(folder: Path, program: str) -> Path:
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text("name: p\nruntime: python\n")
    (folder / "Pulumi.dev.yaml").write_text("config: {}\n")
    (folder / "__main__.py").write_text(program)
    return folder


def test_the_page_shows_what_the_command_prints() -> None:
    page = (ROOT / "docs" / "graph.md").read_text()
    shown = page.partition("<!-- output: graph -->\n```mermaid\n")[2].partition("```\n<!-- end -->")[0]
    assert _run("--directory", str(ROOT), "--stack", "dev").stdout == shown


def test_markdown_says_how_much_differs(tmp_path: Path) -> None:
    now, base = _project(tmp_path / "now", PROGRAM), _project(tmp_path / "base", PROGRAM)
    found = _run("-C", str(now), "--against", str(base), "--format", "markdown")
    assert found.stdout.splitlines()[2].startswith("**0 resources**, against ")
    assert "`+` 0 added, `~` 0 changed, `-` 0 removed" in found.stdout
    assert "```mermaid\nflowchart LR\n" in found.stdout


def test_a_base_that_fails_is_named(tmp_path: Path) -> None:
    now, base = _project(tmp_path / "now", PROGRAM), _project(tmp_path / "base", "raise ValueError('no')\n")
    found = _run("-C", str(now), "--against", str(base))
    assert found.exit_code == 2
    assert f"--against {base}: __main__.py:1: the program failed: ValueError: no" in found.stderr
