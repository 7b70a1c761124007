"""Where the language host of YAML programs comes from, and that it is built once."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from azure_llama import engine
from azure_llama.engine import EngineError, cache, gomodules
from azure_llama.engine.process import AttemptError
from azure_llama.engine.report import Report
from tests.azure_llama.engine.harness import Recorder, pulumi, script

HOST = "pulumi-language-yaml"


class Build:
    """The build from Go modules, counted, and failing when it is to."""

    def __init__(self) -> None:
        self.times = 0
        self.failure: AttemptError | None = None

    def __call__(self, work: Path, programs: Path, report: Report) -> None:
        self.times += 1
        if self.failure:
            raise self.failure
        script(programs / HOST, ":")


@pytest.fixture
def build(monkeypatch: pytest.MonkeyPatch) -> Build:
    build = Build()
    monkeypatch.setattr(gomodules, "bring_yaml", build)
    return build


@pytest.fixture
def room(tools: Path, monkeypatch: pytest.MonkeyPatch) -> engine.Installation:
    monkeypatch.setenv("AZURE_LLAMA_PULUMI", str(pulumi(tools / "cli")))
    found = engine.find()
    assert found is not None
    return found


def test_it_is_built_once_and_is_on_the_path_of_the_cli_from_then_on(room: engine.Installation, build: Build) -> None:
    before = engine.search_path(room)
    host = engine.ensure_language(room)
    assert host == cache.root() / "yaml-v1.25.0" / HOST
    assert engine.ensure_language(room) == host
    assert build.times == 1
    assert engine.search_path(room) == [*before, host.parent]
    assert before == [Path(sys.executable).parent, *room.path_entries]
    assert {path.name for path in cache.root().iterdir()} == {".lock", "yaml-v1.25.0"}


@pytest.mark.parametrize("place", ["cli", "."])
def test_one_beside_the_cli_or_on_path_is_taken(
    tools: Path, room: engine.Installation, build: Build, place: str
) -> None:
    beside = script(tools / place / HOST, ":")
    assert engine.ensure_language(room) == beside
    assert build.times == 0
    assert not cache.root().exists()


def test_one_that_no_longer_can_be_started_is_built_again(room: engine.Installation, build: Build) -> None:
    host = engine.ensure_language(room)
    host.chmod(0o644)
    assert host.parent not in engine.search_path(room)
    assert engine.ensure_language(room) == host
    assert build.times == 2


def test_a_build_that_fails_reports_the_reason_and_leaves_nothing(
    room: engine.Installation, build: Build, report: Recorder
) -> None:
    build.failure = AttemptError("go: dial tcp: refused")
    with pytest.raises(
        EngineError,
        match=r"^pulumi-language-yaml v1\.25\.0 cannot be built: go: dial tcp: refused \(\d+\.\d s\)\. Install",
    ):
        engine.ensure_language(room, report)
    assert [path.name for path in cache.root().iterdir()] == [".lock"]
