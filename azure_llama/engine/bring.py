"""Finds or installs a Pulumi CLI: an existing one, else Pulumi's archive, else a build."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from azure_llama.engine import cache
from azure_llama.engine.installation import CLI, Installation, inspect, version_of
from azure_llama.engine.process import AttemptError
from azure_llama.engine.report import Report, Silent
from azure_llama.engine.versions import MINIMUM, PULUMI, render

OVERRIDE = "AZURE_LLAMA_PULUMI"
"""Environment variable: the path of the ``pulumi`` to use, and no other."""

_WAY_OUT = f"Install Pulumi {render(MINIMUM)} or newer on PATH, or name its program in {OVERRIDE}, and try again."


class EngineError(Exception):
    """No Pulumi CLI can be used.

    Attributes:
        attempts: What was tried and why it did not work, a line each; reported already where a report was given.
        summary: What it means and what to do, without the attempts.
    """

    def __init__(self, summary: str, attempts: tuple[str, ...] = ()) -> None:
        super().__init__("\n".join((summary, *(f"- {attempt}" for attempt in attempts))))
        self.summary = summary
        self.attempts = attempts


def _official(work: Path, programs: Path, report: Report) -> None:
    from azure_llama.engine import official  # late: its HTTP client is half of this package's import time

    official.bring(work, programs, report)


def _go_modules(work: Path, programs: Path, report: Report) -> None:
    from azure_llama.engine import gomodules

    gomodules.bring(work, programs, report)


@dataclass(frozen=True)
class Source:
    """A way to bring the CLI.

    Attributes:
        origin: How an installation of this source is called.
        entry: Its place in the cache.
        bring: Puts the programs into a folder (second argument), with a temporary one for the rest (first).
    """

    origin: str
    entry: cache.Entry
    bring: Callable[[Path, Path, Report], None]


SOURCES = (
    Source("official installer", cache.Entry(f"{PULUMI}-official"), _official),
    Source(f"built from Go modules {PULUMI}", cache.Entry(f"{PULUMI}-go"), _go_modules),
)


def find() -> Installation | None:
    """The CLI that would be used now, without network: the override, one on PATH, one in the cache, or None.

    Takes half a second where a program has to be asked for its version, milliseconds for the cache.

    Raises:
        EngineError: ``AZURE_LLAMA_PULUMI`` names something that cannot be used.
    """
    return _override() or _on_path([]) or next(filter(None, (source.entry.read() for source in SOURCES)), None)


def ensure(report: Report | None = None) -> Installation:
    """The CLI that :func:`find` finds, or else one that is brought into the cache.

    Safe beside other setups: one works, the others wait and take what it brought. What is in the cache is complete; an
    interrupted setup leaves nothing but its lock file.

    Args:
        report: Optional. Told of the phases, and of each attempt that fails (one line: what, why, seconds).

    Raises:
        EngineError: nothing worked, or ``AZURE_LLAMA_PULUMI`` names something that cannot be used.
    """
    report = report or Silent()
    attempts: list[str] = []
    found = _override() or _on_path(attempts) or _cached(attempts)
    if found is not None:
        return found
    for attempt in attempts:
        report.note(attempt)
    try:
        with cache.locked(report):
            found = _cached([])  # brought by a setup that we may have waited for
            if found is None:
                found = _bring(attempts, report)
    except OSError as error:
        raise EngineError(
            f"The cache {cache.root()} cannot be used: {error}. Name another in XDG_CACHE_HOME."
        ) from error
    if found is None:
        raise EngineError(f"No Pulumi CLI could be found or brought. {_WAY_OUT}", tuple(attempts))
    return found


def _override() -> Installation | None:
    named = os.environ.get(OVERRIDE)
    if not named:
        return None
    try:
        return inspect(Path(named).expanduser().absolute(), OVERRIDE)
    except AttemptError as error:
        raise EngineError(f"{OVERRIDE}={named} cannot be used: {error}. Name another one, or unset it.") from error


def _on_path(attempts: list[str]) -> Installation | None:
    start = time.monotonic()
    program = shutil.which(CLI)
    if program is None:
        attempts.append(_line("pulumi on PATH", "there is none", start))
        return None
    try:
        return inspect(Path(program).absolute(), "PATH")
    except AttemptError as error:
        attempts.append(_line("pulumi on PATH", str(error), start))
        return None


def _cached(attempts: list[str]) -> Installation | None:
    """An installation in the cache that is whole and runs."""
    for source in SOURCES:
        start = time.monotonic()
        installation = source.entry.read()
        if installation is None:
            if source.entry.folder.exists():
                attempts.append(_line(f"cache {source.entry.name}", "damaged, to be brought again", start))
            continue
        try:
            said = version_of(installation.bin)
        except AttemptError as error:
            attempts.append(_line(f"cache {source.entry.name}", str(error), start))
            continue
        if said == installation.version:
            return installation
        attempts.append(_line(f"cache {source.entry.name}", f"is {said}, not {installation.version}", start))
    return None


def _bring(attempts: list[str], report: Report) -> Installation | None:
    """Try the sources in order; the first that works is in the cache then."""
    with cache.work_folder() as work:
        for source in SOURCES:
            start = time.monotonic()
            try:
                return _from(source, work / source.entry.name, report)
            except AttemptError as error:
                attempts.append(_line(source.origin, str(error), start))
                report.note(attempts[-1])
    return None


def _from(source: Source, work: Path, report: Report) -> Installation:
    made = work / "made"
    programs = made / "bin"
    programs.mkdir(parents=True)
    source.bring(work, programs, report)
    installation = inspect(programs / CLI, source.origin)
    if installation.version != PULUMI:
        raise AttemptError(f"it brought {installation.version} instead of {PULUMI}")
    return source.entry.publish(work, made, installation)


def _line(what: str, why: str, start: float) -> str:
    return f"{what}: {why} ({time.monotonic() - start:.1f} s)"
