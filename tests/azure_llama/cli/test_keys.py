"""`azure-llama keys rotate` that is refused, fails or is interrupted: the exit code, and how to continue."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from azure_llama import keys
from azure_llama.arm import NoNetworkError, RefusedError
from azure_llama.cli.app import main
from azure_llama.engine import Pulumi
from azure_llama.engine.process import AttemptError
from azure_llama.keys import Step
from azure_llama.stack import sign_in as stack_sign_in
from tests.azure_llama.keys.test_rotation import STATE
from tests.azure_llama.preflight.harness import sign_in


class Answering:
    """A Pulumi CLI with a state."""

    def __init__(self, answer: str | AttemptError, code: int = 0) -> None:
        self.answer = answer
        self.code = code
        self.ups: list[tuple[str, ...]] = []

    def read(self, *_: str) -> str:
        if isinstance(self.answer, AttemptError):
            raise self.answer
        return self.answer

    def show(self, *command: str, on_line: Callable[[str], None]) -> int:
        self.ups.append(command)
        on_line("error: the stack is locked\n")
        return self.code


DEPLOYED = json.dumps({"deployment": {"resources": STATE}})


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "Pulumi.yaml").write_text("name: sample\nruntime: python\n")
    (tmp_path / "Pulumi.dev.yaml").write_text("config: {}\n")
    (tmp_path / "__main__.py").write_text("")
    return tmp_path


def run(
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    pulumi: Answering | None,
    *more: str,
    endpoint: str = "llama",
    fails: BaseException | None = None,
    after: tuple[str, ...] = ("secondary", "primary"),
) -> Result:
    """The command, with a rotation that rotates some keys and then fails."""

    async def rotate(_: Any, __: Any, **given: Any) -> None:
        for key in after:
            given["progress"](Step(key, "regenerated", 0.1))
            if given["publish"] is not None:
                given["publish"]()
            given["done"].steps.append(Step(key, "regenerated", 0.1))
            given["done"].rotated.append(key)
        if fails is not None:
            raise fails

    monkeypatch.setattr(Pulumi, "find", lambda *_: pulumi)
    monkeypatch.setattr(keys, "rotate", rotate)
    monkeypatch.setattr(stack_sign_in, "sign_in_of", lambda _: sign_in())
    return CliRunner().invoke(main, ["keys", "rotate", endpoint, "-C", str(project), "--stack", "dev", *more])


def test_what_follows_the_keys_is_updated_and_nothing_else(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pulumi = Answering(DEPLOYED)
    done = run(project, monkeypatch, pulumi)
    assert (done.exit_code, done.stdout) == (0, "llama: both keys are new\n")
    assert done.stderr.splitlines() == ["secondary: regenerated (0.1 s)", "primary: regenerated (0.1 s)"]
    first, second = pulumi.ups
    assert first == second
    targets = [urn for option, urn in pairwise(first) if option == "--target"]
    assert len(targets) == 4
    assert targets[0] == "urn:stack"


def test_without_an_update_the_command_for_it_is_printed(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pulumi = Answering(DEPLOYED)
    done = run(project, monkeypatch, pulumi, "--no-update")
    assert pulumi.ups == []
    assert "run `pulumi up --yes --skip-preview --stack dev --target urn:stack" in done.stdout


@pytest.mark.parametrize(
    ("fails", "after", "code", "key"),
    [
        (RefusedError(409, "Conflict", "busy"), (), 1, ""),
        (RefusedError(409, "Conflict", "busy"), ("secondary",), 1, " --key primary"),
        (NoNetworkError("no way"), ("secondary",), 4, " --key primary"),
        (KeyboardInterrupt(), ("secondary",), 130, " --key primary"),
    ],
)
def test_a_rotation_that_stops_names_the_command_that_continues(
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    fails: BaseException,
    after: tuple[str, ...],
    code: int,
    key: str,
) -> None:
    options = ("--wait", "0.5", "--no-update", "--json")
    done = run(project, monkeypatch, Answering(DEPLOYED), *options, fails=fails, after=after)
    assert done.exit_code == code
    command = f"azure-llama keys rotate llama --stack dev --directory {project} --wait 0.5 --no-update --json{key}"
    assert f"to continue, run `{command}`\n" in done.stderr
    report = json.loads(done.stdout)
    assert (report["rotated"], report["outputsUpdated"]) == (list(after), False)
    assert report["left"] == [key for key in ("secondary", "primary") if key not in after]


def test_an_update_that_fails_stops_the_rotation_with_pulumis_words(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = run(project, monkeypatch, Answering(DEPLOYED, code=1))
    assert done.exit_code == 1
    assert "`pulumi up` of the outputs failed" in done.stderr
    assert "the stack is locked" in done.stderr


@pytest.mark.parametrize(
    ("pulumi", "endpoint", "code", "message"),
    [
        (Answering(DEPLOYED), "llama-b", 2, "callers send Entra tokens"),
        (Answering(AttemptError("error: no stack named 'dev' found")), "llama", 3, "is not deployed"),
        (Answering(AttemptError("error: passphrase must be set")), "llama", 3, "cannot be read"),
        (None, "llama", 3, "cannot be read"),
    ],
)
def test_what_cannot_be_rotated_is_refused(
    project: Path, monkeypatch: pytest.MonkeyPatch, pulumi: Answering | None, endpoint: str, code: int, message: str
) -> None:
    done = run(project, monkeypatch, pulumi, endpoint=endpoint)
    assert (done.exit_code, done.stdout) == (code, "")
    assert message in done.stderr
