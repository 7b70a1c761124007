"""Results of the checks, and the overall result."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

ALL_PASS, A_FAIL, AN_UNKNOWN = 0, 1, 4
"""Exit codes. 2 is wrong usage, 3 what the other commands say when there is nothing to work on."""

NOT_SIGNED_IN = "not evaluated: the check sign-in failed"
"""The evidence of each other check when there is no token: the reason is reported once."""


class Status(StrEnum):
    """The result of a check. `UNKNOWN` is neither a pass nor a fail: Azure did not answer, or not in a known format."""

    PASS = "pass"  # noqa: S105 - no password
    FAIL = "fail"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Result:
    """One finding.

    Attributes:
        subject: Required. What it is about: an endpoint, a name, a scope.
        status: Required.
        evidence: Required. What Azure said, with the figures and names that decide.
        remediation: Optional. The command, or the step, that fixes it; for a fail always.
    """

    subject: str
    status: Status
    evidence: str
    remediation: str | None = None


def passed(subject: str, evidence: str) -> Result:
    """All is well."""
    return Result(subject, Status.PASS, evidence)


def failed(subject: str, evidence: str, remediation: str) -> Result:
    """`pulumi up` will fail for it."""
    return Result(subject, Status.FAIL, evidence, remediation)


def unknown(subject: str, evidence: str, remediation: str | None = None) -> Result:
    """The result is unknown."""
    return Result(subject, Status.UNKNOWN, evidence, remediation)


def skipped(subject: str, evidence: str) -> Result:
    """Nothing to ask."""
    return Result(subject, Status.SKIPPED, evidence)


_WORST_FIRST = (Status.FAIL, Status.UNKNOWN, Status.PASS, Status.SKIPPED)


def worst(statuses: Iterable[Status]) -> Status:
    """The one that decides; skipped when there is none."""
    found = set(statuses)
    return next((status for status in _WORST_FIRST if status in found), Status.SKIPPED)


@dataclass(frozen=True)
class CheckRun:
    """A check that has ended.

    Attributes:
        name: Required. Its name, the same for ever: `quota`.
        title: Required. What it asks, in words.
        results: Required. What it found, at least one.
        seconds: Required. How long it took.
    """

    name: str
    title: str
    results: tuple[Result, ...]
    seconds: float

    @property
    def status(self) -> Status:
        """The worst of its results."""
        return worst(result.status for result in self.results)


@dataclass(frozen=True)
class Report:
    """All checks.

    Attributes:
        runs: Required. In the checks' own order.
        seconds: Required. How long all took together.
        subscription: Required. Id.
        region: Required. ARM name.
        who: Required. How the caller signed in.
        taken: Required. When Azure answered.
        now: Required. When the report was made; later than `taken` where the answers were saved.
        saved: Optional. Whether the answers are of a file, and not of Azure as it is now.
    """

    runs: tuple[CheckRun, ...]
    seconds: float
    subscription: str
    region: str
    who: str
    taken: datetime
    now: datetime
    saved: bool = False

    @property
    def status(self) -> Status:
        """The worst of all."""
        return worst(run.status for run in self.runs)

    @property
    def exit_code(self) -> int:
        """0 all pass (or skipped), 1 something fails, 4 nothing fails and something is unknown."""
        return {Status.FAIL: A_FAIL, Status.UNKNOWN: AN_UNKNOWN}.get(self.status, ALL_PASS)

    @property
    def slowest(self) -> CheckRun | None:
        """The check that took longest."""
        return max(self.runs, key=lambda run: run.seconds, default=None)

    @property
    def ratio(self) -> float | None:
        """Time of all checks by that of the slowest; 1 when they ran side by side all the way."""
        slowest = self.slowest
        return self.seconds / slowest.seconds if slowest and slowest.seconds else None

    def named(self, name: str) -> CheckRun:
        """The run of a check.

        Raises:
            KeyError: there is none of that name.
        """
        return {run.name: run for run in self.runs}[name]
