"""`azure-llama convert FILE...`, as a person types it: YAML on stdout, notes on stderr."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from azure_llama.cli.app import main
from tests.azure_llama.conversion.harness import DEPLOYMENT, ENDPOINT, FILES, WORKSPACE

PLACE = ("--workspace", WORKSPACE, "--location", "eastus2")


def convert(*arguments: str | Path, stdin: str | bytes = "") -> Result:
    return CliRunner().invoke(main, ["convert", *map(str, arguments)], input=stdin)


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """An endpoint and its deployment."""
    found = [tmp_path / "endpoint.yml", tmp_path / "blue.yml"]
    for path, data in zip(found, (ENDPOINT, DEPLOYMENT), strict=True):
        path.write_text(yaml.safe_dump(data))
    return found


def test_yaml_is_on_stdout_and_notes_are_on_stderr(files: list[Path]) -> None:
    result = convert(*files)
    assert result.exit_code == 0, result.output
    config = yaml.safe_load(result.stdout)["config"]
    assert list(config["azure-llama:managed"]["chat"]["deployments"]) == ["blue"]
    assert result.stderr.startswith("azure-llama: 2 files read, 1 endpoint written\n\nFill in:\n")
    assert "  azure-llama:workspace.id: no file states it: set it, or give --workspace\n" in result.stderr
    assert result.stderr.endswith("Endpoints that exist: docs/adoption.md.\n")


def test_what_is_printed_passes_check_once_it_is_filled_in(files: list[Path], tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: azure-llama\nruntime: python\n")
    (tmp_path / "__main__.py").write_text("from azure_llama_components import make_stack\n\nmake_stack()\n")
    stack, options = tmp_path / "Pulumi.dev.yaml", ["-C", str(tmp_path), "--stack", "dev", "--as-of", "2026-11-30"]
    stack.write_text(convert(*files).stdout)
    unfilled = CliRunner().invoke(main, ["check", *options])
    assert unfilled.exit_code == 1
    assert "'<region>' is not the ARM name of an Azure region" in unfilled.output
    stack.write_text(convert(*files, *PLACE).stdout)
    filled = CliRunner().invoke(main, ["check", *options])
    assert filled.exit_code == 0, filled.output


def test_json_has_configuration_and_notes(files: list[Path]) -> None:
    result = convert(*files, "--format", "json")
    assert (result.exit_code, result.stderr) == (0, "")
    printed = json.loads(result.stdout)
    assert printed["files"] == [str(path) for path in files]
    assert printed["config"]["azure-native:location"] == "<region>"
    assert {
        "about": "fill",
        "key": "azure-native:location",
        "file": None,
        "line": None,
        "field": None,
        "text": "no file states it: set it, or give --location",
        "command": None,
    } in printed["notes"]


def test_a_value_that_the_configuration_refuses_ends_with_1(files: list[Path]) -> None:
    files[1].write_text(yaml.safe_dump({**DEPLOYMENT, "instance_type": "Standard_DS3_v2"}))
    result = convert(*files, *PLACE)
    assert result.exit_code == 1
    assert "Refused by the stack's configuration:\n  azure-llama:managed.chat" in result.stderr
    assert yaml.safe_load(result.stdout)["config"]


def test_stdin_is_a_file(files: list[Path]) -> None:
    result = convert("-", files[1], *PLACE, stdin=files[0].read_text())
    assert result.exit_code == 0, result.output
    broken = convert("-", stdin=b"name: \xff")
    assert (broken.exit_code, broken.stderr) == (2, "azure-llama: stdin: is not UTF-8 (byte 6); save it as UTF-8\n")


def test_all_errors_are_reported_together(files: list[Path], tmp_path: Path) -> None:
    files[0].write_text("name: chat\nauth_mode: [key\n")
    files[1].write_text(yaml.safe_dump({**DEPLOYMENT, "instance_typo": "x"}))
    result = convert(*files, tmp_path / "absent.yml", tmp_path)
    assert result.exit_code == 2
    assert result.stdout == ""
    for words in ("endpoint.yml:3:1: is broken YAML", "instance_typo: is not a field", "absent.yml: cannot be read"):
        assert words in result.stderr
    assert f"{tmp_path}: is a folder; give its files, such as {tmp_path}/*.yml" in result.stderr


def test_equal_notes_of_a_file_are_one_line() -> None:
    folder = FILES / "12-scaling-and-egress"
    lines = convert(*sorted(folder.iterdir())).stderr.splitlines()
    assert sum("scale_settings" in line for line in lines) == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "nothing to convert; give FILE, or --from-serverless STACK"),
        (("a.yml", "--from-serverless", "dev"), "FILE and --from-serverless exclude each other; give one of the two"),
        (("a.yml", "--account", "a", "--as-of", "2026-11-30"), "--account, --as-of: only with --from-serverless"),
        (("--from-serverless", "dev", "--workspace", "w", "--format", "json"), "--workspace, --format: only with FILE"),
    ],
)
def test_the_two_ways_exclude_each_other(arguments: tuple[str, ...], words: str) -> None:
    result = convert(*arguments)
    assert result.exit_code == 2
    assert words in " ".join(result.stderr.split())
