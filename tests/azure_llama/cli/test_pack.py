"""`azure-llama pack` and `--version`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import azure_llama
from azure_llama import engine
from azure_llama.cli.app import main
from azure_llama_policies import folder

PACK = Path(__file__).resolve().parents[3] / "policies"
NEW = engine.Installation("v3.259.0", "PATH", Path("/room/pulumi"), [Path("/room")], "directory")
OLD = replace(NEW, policy_pack_form="executable")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


@pytest.mark.parametrize(
    ("found", "arguments", "path"),
    [
        (NEW, (), PACK),
        (OLD, (), PACK / folder.EXECUTABLE),
        (None, (), PACK),
        (NEW, ("--form", "executable"), PACK / folder.EXECUTABLE),
        (OLD, ("--form", "directory"), PACK),
        (OLD, ("--config", "hardened"), PACK / "configs" / "hardened.json"),
    ],
)
def test_prints_the_path_that_this_pulumi_takes(
    monkeypatch: pytest.MonkeyPatch, found: engine.Installation | None, arguments: tuple[str, ...], path: Path
) -> None:
    monkeypatch.setattr(engine, "find", lambda: found)
    result = run("pack", *arguments)
    assert (result.exit_code, result.output) == (0, f"{path}\n")
    assert path.exists()


def test_engine_and_pack_call_the_executable_the_same() -> None:
    assert OLD.policy_pack(PACK) == PACK / folder.EXECUTABLE


def test_a_configuration_that_there_is_not_is_wrong_usage() -> None:
    result = run("pack", "--config", "strict")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "azure-llama: --config strict: must be one of default, hardened, trial\n"


def test_a_folder_that_cannot_be_written_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Path) -> Path:
        raise folder.FolderError("/cache: cannot be written")

    monkeypatch.setattr(folder, "locate", refuse)
    result = run("pack")
    assert (result.exit_code, result.stderr) == (1, "azure-llama: /cache: cannot be written\n")


def test_the_version_is_the_package_s() -> None:
    assert run("--version").output == f"azure-llama {azure_llama.__version__}\n"
