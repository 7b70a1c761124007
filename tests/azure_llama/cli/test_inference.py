"""`azure-llama smoke` and `azure-llama snippet`: usage, forms, exit codes, and no key anywhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from azure_llama.cli.app import main
from azure_llama.inference import smoke, snippets
from azure_llama.stack import outputs as engine_outputs

KEY = "a-key-that-nobody-may-see"
CHAT = {
    "kind": "serverless",
    "uri": "https://chat.example",
    "chatUrl": "https://chat.example/v1/chat/completions",
    "completionsUrl": None,
    "openaiBaseUrl": "https://chat.example/v1",
    "model": "Llama-3.3-70B-Instruct",
    "auth": "Key",
}
OUTPUTS: dict[str, Any] = {"endpoints": {"chat": CHAT}, "keys": {"chat": {"primary": KEY, "secondary": KEY}}}


def run(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, arguments, input=stdin)


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "outputs.json"
    path.write_text(json.dumps(OUTPUTS))
    return str(path)


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A smoke test that is not made: what it was asked for, and its outcome."""
    asked: dict[str, Any] = {"outcome": smoke.Outcome.PASSED}

    def play(outputs: Any, **options: Any) -> list[smoke.Result]:
        asked.update(options, outputs=outputs)
        check = smoke.Check("answer", asked["outcome"], "A llama.", 0.1)
        options["progress"].end("chat", check)
        unknown = smoke.ContentFilter(None, None)
        return [smoke.Result("chat", "chat", None, "serverless", "m", "u", "Key", (check,), None, unknown)]

    monkeypatch.setattr(smoke, "run", play)
    return asked


@pytest.mark.parametrize(("outcome", "code"), [("passed", 0), ("unknown", 0), ("failed", 1)])
def test_the_exit_code_says_whether_an_endpoint_failed(
    file: str, played: dict[str, Any], outcome: str, code: int
) -> None:
    played["outcome"] = smoke.Outcome(outcome)
    result = run("smoke", "--outputs", file)
    assert result.exit_code == code, result.output
    assert result.stdout.split()[:2] == ["endpoint", "kind"]
    assert result.stderr.startswith(f"chat: answer: {outcome} (0.10 s)")


def test_json_and_junit_are_all_that_is_on_stdout(file: str, played: dict[str, Any]) -> None:
    assert json.loads(run("smoke", "--outputs", file, "--format", "json").stdout)["ok"] is True
    text = run("smoke", "--outputs", file, "--format", "junit").stdout
    assert ElementTree.fromstring(text.encode()).tag == "testsuites"  # noqa: S314 - our own


def test_options_reach_the_test(file: str, played: dict[str, Any]) -> None:
    run("smoke", "--outputs", file, "-e", "chat", "-e", "other", "--timeout", "7", "--filter-probe", "bad words")
    assert (played["names"], played["extra"].filter_probe) == (("chat", "other"), "bad words")
    assert played["http"].timeout.read == 7
    assert played["outputs"] == OUTPUTS


def test_outputs_come_from_stdin_or_from_the_stack(played: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("smoke", "--outputs", "-", stdin=json.dumps(OUTPUTS)).exit_code == 0
    assert played["outputs"] == OUTPUTS
    asked: list[Any] = []

    def read(stack: str | None, *, folder: Path, secrets: bool) -> Any:
        asked.append((stack, folder, secrets))
        return OUTPUTS

    monkeypatch.setattr(engine_outputs, "stack_outputs", read)
    run("smoke", "--stack", "dev")
    run("smoke")
    result = run("snippet", "chat", "--client", "openai", "--stack", "dev")
    assert asked == [("dev", Path(), True), (None, Path(), True), ("dev", Path(), False)]
    assert '"--stack", "dev"' in result.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["smoke", "--format", "xml"],
        ["smoke", "--timeout", "0"],
        ["smoke", "--outputs", "no-such-file.json"],
        ["snippet", "chat"],
        ["snippet", "--client", "curl"],
        ["snippet", "chat", "--client", "java"],
    ],
)
def test_wrong_usage_exits_with_2(arguments: list[str]) -> None:
    assert run(*arguments).exit_code == 2


@pytest.mark.parametrize("command", [["smoke", "-e", "chta"], ["snippet", "chta", "--client", "curl"]])
def test_an_endpoint_that_is_not_there_is_wrong_usage(file: str, command: list[str]) -> None:
    result = run(*command, "--outputs", file)
    assert result.exit_code == 2
    assert "did you mean 'chat'?" in result.stderr
    twice = run(*command, "--outputs", file, "--stack", "dev")
    assert (twice.exit_code, "give one of them" in twice.stderr) == (2, True)


@pytest.mark.parametrize("command", [["smoke"], ["snippet", "chat", "--client", "curl"]])
@pytest.mark.parametrize(("text", "says"), [("no json", "holds no JSON"), ("{}", "name no endpoints")])
def test_no_outputs_exits_with_3_and_one_line(tmp_path: Path, command: list[str], text: str, says: str) -> None:
    path = tmp_path / "outputs.json"
    path.write_text(text)
    result = run(*command, "--outputs", str(path))
    assert (result.exit_code, result.stderr.count("\n")) == (3, 1)
    assert result.stderr.startswith("azure-llama: ")
    assert says in result.stderr


def test_a_stack_that_cannot_be_read_exits_with_3(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> Any:
        raise engine_outputs.OutputsError("no such stack")

    monkeypatch.setattr(engine_outputs, "stack_outputs", refuse)
    result = run("smoke")
    assert (result.exit_code, result.stderr) == (3, "azure-llama: no such stack\n")


@pytest.mark.parametrize("client", snippets.CLIENTS)
@pytest.mark.parametrize("stream", [[], ["--stream"]])
def test_a_snippet_is_printed_without_the_key(file: str, client: str, stream: list[str]) -> None:
    result = run("snippet", "chat", "--client", client, "--outputs", file, *stream)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "https://chat.example/v1" in result.stdout
    assert "CHAT_KEY" in result.stdout
    assert KEY not in result.stdout


def test_help_names_the_exit_codes_and_every_client() -> None:
    for name in ("smoke", "snippet"):
        assert "Exit codes:" in run(name, "--help").output
    offered = run("snippet", "--help").output
    assert all(client in offered for client in snippets.CLIENTS)
