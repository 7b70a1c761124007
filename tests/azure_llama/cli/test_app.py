"""The command line: usage, texts, exit codes."""

from __future__ import annotations

import errno
import json
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from azure_llama import engine
from azure_llama.catalog import overlay
from azure_llama.cli import app
from azure_llama.cli.app import main
from tests.sandbox.harness import command

INSTALLATION = engine.Installation("v3.259.0", "PATH", Path("/room/pulumi"), [Path("/room")], "directory")


@pytest.fixture(autouse=True)
def _no_engine_look_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "find", lambda: INSTALLATION)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def test_help_names_every_command_and_the_exit_codes() -> None:
    text = run("sandbox", "--help").output
    for word in ("start", "stop", "status", "reset", "log", "exec", "--home", "Exit codes"):
        assert word in text
    for name in ("start", "stop", "status", "reset", "log", "exec"):
        assert "Exit codes:" in run("sandbox", name, "--help").output


def test_help_imports_nothing_heavy() -> None:
    program = (
        "import sys; from click.testing import CliRunner; from azure_llama.cli.app import main\n"
        "assert CliRunner().invoke(main, ['--help']).exit_code == 0\n"
        "heavy = 'pulumi', 'grpc', 'cryptography', 'starlette', 'httpx', 'rich', 'azure_llama_sandbox'\n"
        "print([module for module in heavy if module in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_process_of_its_own_looks_for_garbage_seldom_and_others_as_they_did() -> None:
    program = (
        "import gc, sys; from click.testing import CliRunner; from azure_llama.cli.app import main\n"
        "before = gc.get_threshold(); CliRunner().invoke(main, ['pack'])\n"
        "as_it_was = gc.get_threshold() == before; sys.argv = ['azure-llama', 'pack']\n"
        "try:\n    main()\nexcept SystemExit:\n    print(as_it_was, gc.isenabled(), gc.get_threshold()[0])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "True True 2000000"


@pytest.mark.parametrize(
    "arguments",
    [
        ["sandbox", "begin"],
        ["sandbox", "start", "--time-scale", "0"],
        ["sandbox", "start", "--time-scale", "fast"],
        ["sandbox", "start", "--as-of", "yesterday"],
        ["sandbox", "status", "--format", "yaml"],
        ["sandbox", "exec"],
        ["sandbox", "principal", "create"],
        ["sandbox", "principal", "create", "x", "--sign-in", "password"],
        ["sandbox", "principal", "create", "x", "--role", "Reader", "--scope", "rg-llama"],
    ],
)
def test_wrong_usage_exits_with_2(arguments: list[str]) -> None:
    assert run(*arguments).exit_code == 2


def test_status_of_nothing_exits_with_3(tmp_path: Path) -> None:
    result = run("sandbox", "--home", str(tmp_path / "h"), "status", "--format", "json")
    assert result.exit_code == 3
    status = json.loads(result.stdout)
    assert status["running"] is False
    assert status["home"] == str(tmp_path / "h")
    assert status["pulumi"] == {
        "version": "v3.259.0",
        "origin": "PATH",
        "path": ["/room"],
        "policyPackForm": "directory",
    }


def test_the_table_has_a_line_a_field_and_no_secret(tmp_path: Path) -> None:
    result = run("sandbox", "status", "--home", str(tmp_path / "h"))
    rows = dict(line.split(maxsplit=1) for line in result.output.splitlines())
    assert (rows["running"], rows["pid"], rows["pulumi"]) == ("no", "-", "v3.259.0, PATH")


def test_the_home_may_stand_before_or_after_the_command(tmp_path: Path) -> None:
    before = run("sandbox", "--home", str(tmp_path), "status")
    after = run("sandbox", "status", "--home", str(tmp_path))
    assert before.output == after.output


def test_exec_without_a_sandbox_exits_with_3_and_one_line(tmp_path: Path) -> None:
    result = run("sandbox", "--home", str(tmp_path / "h"), "exec", "--", "true")
    assert result.exit_code == 3
    assert result.stderr == (
        f"azure-llama: no sandbox runs in {tmp_path}/h; start it with `azure-llama sandbox start`\n"
    )


def test_a_home_that_cannot_be_is_one_line_and_exit_code_1(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = run("sandbox", "--home", str(tmp_path / "file/h"), "start")
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert "--home" in result.stderr


def test_without_the_sandbox_packages_start_names_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("azure_llama_sandbox.packages.find_spec", lambda name: None if name == "uvicorn" else object())
    result = run("sandbox", "--home", str(tmp_path), "start")
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert f"not installed in {sys.prefix}: uvicorn; run `{sys.executable} -m pip install" in result.stderr
    assert "'azure-llama[sandbox]'`, or `make setup` in a checkout" in result.stderr


def test_a_pulumi_that_cannot_be_used_is_one_line_and_exit_code_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise engine.EngineError("AZURE_LLAMA_PULUMI names nothing")

    monkeypatch.setattr(engine, "find", fail)
    result = run("sandbox", "--home", str(tmp_path), "status")
    assert (result.exit_code, result.stderr) == (1, "azure-llama: AZURE_LLAMA_PULUMI names nothing\n")


def test_stop_and_reset_of_nothing_are_no_mistakes(tmp_path: Path) -> None:
    assert run("sandbox", "--home", str(tmp_path / "h"), "stop").output == "No sandbox was running.\n"
    assert run("sandbox", "--home", str(tmp_path / "h"), "reset").exit_code == 0


def test_the_log_reads_as_a_table_and_as_json(tmp_path: Path) -> None:
    line = {
        "time": 1790000000.5,
        "method": "PUT",
        "host": "management.azure.com",
        "path": "/subscriptions/s",
        "apiVersion": "2024-03-01",
        "principal": "p",
        "status": 201,
        "body": {"location": "eastus2"},
    }
    (tmp_path / "requests.jsonl").write_text(json.dumps(line) + "\n")
    table = run("sandbox", "--home", str(tmp_path), "log").output
    assert table.endswith(" 201 PUT     management.azure.com/subscriptions/s?api-version=2024-03-01\n")
    assert json.loads(run("sandbox", "--home", str(tmp_path), "log", "--format", "json").output) == line


def test_ctrl_c_exits_with_130_wherever_a_command_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("azure_llama.stack.identity._project_file", interrupted)
    for name in ("check", "cost", "preflight", "purge"):
        done = run(name, "-C", str(tmp_path))
        assert (done.exit_code, done.output) == (130, ""), name


def test_a_full_disk_below_stdout_is_one_line_and_exit_code_2(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("azure_llama.cli.catalog._plain", full)
    done = run("catalog", "show", "limits")
    assert (done.exit_code, done.output) == (2, "azure-llama: the output: No space left on device\n")


def test_what_is_piped_is_utf_8_in_any_locale(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: mine\n")
    entry = "{serverless: {offered: true}, source: \u2705 seen, asOf: 2026-11-01}"
    (tmp_path / overlay.FILE).write_text(f"models: {{Llama-3.3-70B-Instruct: {entry}}}\n", encoding="utf-8")
    done = CliRunner(charset="cp1252").invoke(main, ["catalog", "show", "models", "-C", str(tmp_path)])
    assert done.exit_code == 0
    assert "\u2705 seen" in done.stdout_bytes.decode("utf-8")


def test_a_closed_stdout_is_no_mistake() -> None:
    program = (
        "import sys; sys.stdout = None; from azure_llama.cli.app import main\n"
        "main(['catalog', 'show', 'limits'], standalone_mode=False)\n"
        "assert not sys.stdout.isatty()"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def _groups(command: click.Command, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    if not isinstance(command, click.Group):
        return []
    below = (_groups(inner, (*path, name)) for name, inner in command.commands.items())
    return [path, *(group for groups in below for group in groups)]


@pytest.mark.parametrize("group", _groups(main), ids=lambda group: " ".join(group) or "azure-llama")
def test_summaries_of_commands_are_whole_and_fit_a_terminal(group: tuple[str, ...]) -> None:
    lines = CliRunner(env={"COLUMNS": "80"}).invoke(main, [*group, "--help"]).output.partition("Commands:\n")[2]
    assert lines
    assert "..." not in lines
    assert max(map(len, lines.splitlines())) <= 80


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["check", "--help"]], ids=" ".join)
def test_help_into_a_full_disk_is_one_line_and_exit_code_2(arguments: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command(*arguments), stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "azure-llama: the output: No space left on device\n")


@pytest.mark.parametrize("name", app.COMMANDS)
def test_the_summary_of_a_command_is_the_first_sentence_of_its_help(name: str) -> None:
    command = app.main.get_command(click.Context(app.main), name)
    assert command is not None
    assert app.COMMANDS[name] == command.get_short_help_str(limit=1000)
