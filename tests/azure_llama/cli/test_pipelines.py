"""`azure-llama pipelines`: files that are written, objects that are printed, exit codes."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from azure_llama.cli.app import main
from azure_llama.scaffold.pipelines import FORGES

WHERE = (
    *("--repository", "https://github.com/contoso/llama", "--client-id", "c", "--tenant-id", "t"),
    *("--subscription-id", "s", "--backend", "azblob://state?storage_account=contoso"),
)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ("pipelines", *arguments))


@pytest.mark.parametrize("forge", FORGES)
def test_pipelines_and_their_tools_are_written_once(forge: str, tmp_path: Path) -> None:
    done = run(forge, "east", "west", "-C", str(tmp_path))
    assert done.exit_code == 0, done.output
    written = sorted(path.name for path in tmp_path.rglob("*") if path.is_file())
    assert written == [
        *("deploy.yml", "drift.yml", "forge.py", "nights.yml", "pull-request.yml", "report.py", "run_pulumi.py"),
        "token_bridge.py",
    ]
    assert done.stdout.count("written: ") == len(written)
    again = run(forge, "east", "west", "-C", str(tmp_path))
    assert again.exit_code == 2
    assert again.stderr.count("exists already") == len(written)


@pytest.mark.parametrize(("setup", "command"), [("setup:\n", "run: make setup"), ("all:\n", "azure_llama.engine")])
def test_a_makefile_with_the_target_setup_is_used(setup: str, command: str, tmp_path: Path) -> None:
    (tmp_path / "Makefile").write_text(setup)
    run("github", "dev", "-C", str(tmp_path))
    assert command in (tmp_path / ".github" / "workflows" / "deploy.yml").read_text()


def test_objects_of_the_operator_are_all_of_stdout(tmp_path: Path) -> None:
    done = run("operator", "east", "west", *WHERE)
    assert done.exit_code == 0, done.output
    assert [each["kind"] for each in yaml.safe_load_all(done.stdout)][2:] == ["Stack", "Stack"]
    file = tmp_path / "objects.yaml"
    assert run("operator", "east", "west", *WHERE, "--output", str(file)).stdout == ""
    assert file.read_text() == done.stdout


def test_an_invalid_name_is_reported() -> None:
    done = run("operator", "x" * 43, *WHERE)
    assert done.exit_code == 2
    assert "must have at most 42 characters" in done.stderr
