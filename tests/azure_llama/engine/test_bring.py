"""The order in which a CLI is looked for, and what is told of each attempt."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from azure_llama import engine
from azure_llama.engine import EngineError, bring, cache
from azure_llama.engine.process import AttemptError
from azure_llama.engine.report import Report
from tests.azure_llama.engine.harness import OLD_HOST, Recorder, pulumi, script

SECONDS = r" \(\d+\.\d s\)"


class Sources:
    """The official archive and the build, each doing as told, in place of the real ones."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked: list[str] = []
        self.versions: dict[str, str | BaseException] = {"official": "v3.259.0", "go": "v3.259.0"}
        real = bring.SOURCES
        assert [source.entry.name for source in real] == ["v3.259.0-official", "v3.259.0-go"]
        fakes = (
            bring.Source(real[0].origin, real[0].entry, self._bringer("official", "  -use-executor string")),
            bring.Source(real[1].origin, real[1].entry, self._bringer("go", OLD_HOST)),
        )
        monkeypatch.setattr(bring, "SOURCES", fakes)

    def _bringer(self, name: str, usage: str) -> Callable[[Path, Path, Report], None]:
        def give(work: Path, programs: Path, report: Report) -> None:
            self.asked.append(name)
            outcome = self.versions[name]
            if isinstance(outcome, BaseException):
                raise outcome
            pulumi(programs, outcome, usage)

        return give


@pytest.fixture
def sources(tools: Path, monkeypatch: pytest.MonkeyPatch) -> Sources:
    return Sources(monkeypatch)


def test_one_on_path_is_used_and_nothing_is_brought(tools: Path, sources: Sources, report: Recorder) -> None:
    program = pulumi(tools, "v3.272.0")
    found = engine.ensure(report)
    assert (found.bin, found.origin, found.version) == (program, "PATH", "v3.272.0")
    assert engine.find() == found
    assert (sources.asked, report.notes) == ([], [])
    assert not cache.root().exists()


def test_pulumis_own_archive_comes_before_a_build(sources: Sources, report: Recorder) -> None:
    found = engine.ensure(report)
    assert (found.origin, found.policy_pack_form) == ("official installer", "directory")
    assert found.bin == cache.root() / "v3.259.0-official" / "bin" / "pulumi"
    assert sources.asked == ["official"]


def test_a_build_comes_last(sources: Sources, report: Recorder) -> None:
    sources.versions["official"] = AttemptError("no connection to the host")
    found = engine.ensure(report)
    assert (found.origin, found.policy_pack_form) == ("built from Go modules v3.259.0", "executable")
    assert found.path_entries == [cache.root() / "v3.259.0-go" / "bin"]


def test_what_was_brought_is_found_again_without_asking_anyone(sources: Sources, report: Recorder) -> None:
    found = engine.ensure(report)
    again = Recorder()
    assert engine.ensure(again) == engine.find() == found
    assert sources.asked == ["official"]
    assert (again.phases, again.notes) == ([], [])


def test_nothing_but_the_result_is_left(sources: Sources) -> None:
    sources.versions["official"] = AttemptError("no")
    engine.ensure()
    assert {path.name for path in cache.root().iterdir()} == {".lock", "v3.259.0-go"}


def test_each_attempt_that_fails_is_one_line_with_what_why_and_seconds(
    tools: Path, sources: Sources, report: Recorder
) -> None:
    pulumi(tools, "v3.100.0")
    sources.versions = {"official": AttemptError("no\nconnection"), "go": AttemptError("no Go")}
    with pytest.raises(EngineError) as raised:
        engine.ensure(report)
    expected = [
        rf"pulumi on PATH: {tools}/pulumi is v3\.100\.0; v3\.255\.0 or newer is needed",
        r"official installer: no connection",
        r"built from Go modules v3\.259\.0: no Go",
    ]
    assert len(report.notes) == len(expected)
    for line, pattern in zip(report.notes, expected, strict=True):
        assert re.fullmatch(pattern + SECONDS, line)
    assert raised.value.attempts == tuple(report.notes)
    assert "Install Pulumi v3.255.0 or newer on PATH, or name its program in AZURE_LLAMA_PULUMI" in str(raised.value)
    assert all(note in str(raised.value) for note in report.notes)
    assert [path.name for path in cache.root().iterdir()] == [".lock"]


def test_an_empty_path_is_told_too(sources: Sources, report: Recorder) -> None:
    engine.ensure(report)
    (line,) = report.notes
    assert re.fullmatch(r"pulumi on PATH: there is none" + SECONDS, line)


def test_find_brings_nothing(sources: Sources) -> None:
    assert engine.find() is None
    assert sources.asked == []


def test_a_cli_of_another_version_than_was_asked_for_is_not_accepted(sources: Sources, report: Recorder) -> None:
    sources.versions["official"] = "v3.260.0"
    assert engine.ensure(report).origin == "built from Go modules v3.259.0"
    assert "official installer: it brought v3.260.0 instead of v3.259.0" in report.notes[1]


def test_a_cli_that_does_not_run_is_not_accepted(sources: Sources, report: Recorder) -> None:
    sources.versions["official"] = "'cannot execute'"
    assert engine.ensure(report).origin == "built from Go modules v3.259.0"


def test_a_damaged_cache_is_brought_again(sources: Sources, report: Recorder) -> None:
    found = engine.ensure()
    found.bin.write_text("#!/bin/sh\n")
    assert engine.find() is None
    assert engine.ensure(report) == found
    assert sources.asked == ["official", "official"]
    assert any(note.startswith("cache v3.259.0-official: damaged, to be brought again") for note in report.notes)


def test_a_cached_cli_that_no_longer_runs_is_brought_again(sources: Sources, report: Recorder) -> None:
    found = engine.ensure()
    found.bin.write_text(
        found.bin.read_text().replace("echo", "exit")
    )  # of the same size, as another machine's would be
    assert engine.ensure(report) == found
    assert sources.asked == ["official", "official"]


def test_the_override_goes_before_everything(
    tools: Path, sources: Sources, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pulumi(tools, "v3.272.0")
    mine = pulumi(tmp_path / "mine", "v3.260.0", OLD_HOST)
    monkeypatch.setenv("AZURE_LLAMA_PULUMI", str(mine))
    found = engine.ensure()
    assert (found.bin, found.origin, found.policy_pack_form) == (mine, "AZURE_LLAMA_PULUMI", "executable")
    assert engine.find() == found


@pytest.mark.parametrize("call", [engine.find, engine.ensure])
def test_an_override_that_cannot_be_used_is_an_error_and_nothing_takes_its_place(
    tools: Path, sources: Sources, monkeypatch: pytest.MonkeyPatch, call: Callable[[], object]
) -> None:
    pulumi(tools)
    old = script(tools / "old", "echo v3.100.0")
    monkeypatch.setenv("AZURE_LLAMA_PULUMI", str(old))
    with pytest.raises(
        EngineError, match=r"AZURE_LLAMA_PULUMI=.*/old cannot be used: .* v3\.255\.0 or newer is needed"
    ):
        call()
    assert sources.asked == []


def test_setups_beside_each_other_bring_it_once(sources: Sources, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "_LOCK_POLL", 0.01)
    found: list[engine.Installation] = []
    threads = [threading.Thread(target=lambda: found.append(engine.ensure())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(found) == 4
    assert len(set(map(str, found))) == 1
    assert sources.asked == ["official"]


def test_an_interrupted_setup_leaves_nothing(sources: Sources) -> None:
    sources.versions["official"] = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        engine.ensure()
    assert [path.name for path in cache.root().iterdir()] == [".lock"]


def test_a_cache_that_cannot_be_written_is_named(
    sources: Sources, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    with pytest.raises(EngineError, match=r"The cache .*/file/azure-llama/pulumi cannot be used: .*XDG_CACHE_HOME"):
        engine.ensure()
