"""`sandbox start --answers-from`: one host more, and none beside it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from azure_llama_sandbox import control
from azure_llama_sandbox.control import SandboxError
from tests.sandbox.harness import azure_llama, connect
from tests.sandbox.inference.openai_server import openai_server


@pytest.fixture
def server() -> Iterator[str]:
    with openai_server() as (url, _):
        yield url


def test_it_is_started_with_a_server_and_keeps_it(place: Path, server: str) -> None:
    run = azure_llama("sandbox", "start", "--home", str(place), "--answers-from", server)
    assert run.returncode == 0, run.stderr
    assert f"Answers come from {server}, the one host that it connects to." in run.stdout
    assert "502" not in run.stderr
    assert control.status(place)["answersFrom"] == server
    with pytest.raises(SandboxError, match=f"with the answers {server}, not http://127.0.0.1:1/v1; stop it first"):
        control.start(place, answers_from="http://127.0.0.1:1/v1")
    control.reset(place)
    assert control.status(place)["answersFrom"] == server
    # Programs under `exec` still reach nothing but the sandbox, not even the host of the answers.
    with connect(control.status(place)) as client:
        for url in ("https://example.com/", server.replace("http:", "https:")):
            with pytest.raises(httpx.ProxyError, match="403 azure-llama sandbox"):
                client.get(url)


def test_a_server_that_is_down_is_reported_at_the_start(place: Path) -> None:
    with openai_server() as (url, _):
        pass
    run = azure_llama("sandbox", "start", "--home", str(place), "--answers-from", url)
    assert run.returncode == 0
    assert f"{url} cannot be reached" in run.stderr
    assert "Until then callers get 502." in run.stderr


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--answers-from", "localhost:11434"), "is not an http or https URL"),
        (("--answers-model", "llama3"), "--answers-model needs --answers-from"),
    ],
)
def test_options_that_cannot_be(place: Path, options: tuple[str, ...], words: str) -> None:
    run = azure_llama("sandbox", "start", "--home", str(place), *options)
    assert run.returncode == 2
    assert words in " ".join(run.stderr.split())
