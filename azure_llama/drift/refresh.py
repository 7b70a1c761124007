"""Reads what `pulumi refresh --preview-only` reports: each resource as the state has it, and as Azure has it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from azure_llama.arm.errors import masked
from azure_llama.documents.positions import Place
from azure_llama.engine.cli import Pulumi
from azure_llama.engine.process import AttemptError

LIMIT = 3600.0
"""Seconds that a refresh may take."""
# The program runs, so that the provider's sign-in is today's and not the one of the last deployment.
_COMMAND = ("refresh", "--preview-only", "--run-program", "--json")
_ELSEWHERE = (".venv/", "site-packages/", "..")


class NotDeployedError(Exception):
    """The stack does not exist, or has no resources."""


class RefreshError(Exception):
    """Pulumi cannot compare the stack with Azure. The text has its own messages."""


@dataclass(frozen=True)
class Step:
    """A resource of the stack in a refresh.

    Attributes:
        operation: Required. `update` (Azure has other values), `delete` (Azure does not have it), `refresh` or `same`.
        urn: Required. The resource's URN.
        type: Required. Its Pulumi type.
        id: Required. Its ARM id; empty for components.
        stated: Required. Its inputs in the stack's state.
        actual: Required. Its inputs as Azure has them; empty when Azure does not have it.
        differences: Required. Paths of the inputs that differ, as the provider reports them.
        ignored: Required. Paths that the program's resource options ignore.
        place: Required. The line of the project that declares it.
    """

    operation: str
    urn: str
    type: str
    id: str
    stated: Mapping[str, Any]
    actual: Mapping[str, Any]
    differences: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    place: Place = field(default_factory=lambda: Place("Pulumi.yaml"))

    @property
    def name(self) -> str:
        """Its Pulumi name."""
        return self.urn.rsplit("::", 1)[-1]


def refresh(pulumi: Pulumi, stack: str, config_file: str | None = None) -> list[Step]:
    """Compare the stack's state with Azure. The state stays as it is.

    Args:
        pulumi: Required. The CLI, in the project's folder.
        stack: Required. The stack.
        config_file: Optional. The stack's configuration; the stack's own file when None.

    Raises:
        NotDeployedError: the stack does not exist, or has no resources.
        RefreshError: the refresh fails.
    """
    configured = ["--config-file", config_file] if config_file else []
    try:
        text = pulumi.read(*_COMMAND, "--stack", stack, *configured, limit=LIMIT)
    except AttemptError as error:
        if "no stack named" in str(error):
            raise NotDeployedError(
                f"stack {stack} does not exist in this backend; deploy it with `pulumi up`"
            ) from None
        raise RefreshError(f"stack {stack} cannot be compared with Azure: {_reason(error)}") from None
    found = steps(text)
    if not any(step.id for step in found):
        raise NotDeployedError(f"stack {stack} has no resources; deploy it with `pulumi up`")
    return found


def steps(text: str) -> list[Step]:
    """The resources in the JSON of a refresh.

    Raises:
        RefreshError: the text is not such JSON.
    """
    report = _report(text)
    if report is None:
        raise RefreshError("`pulumi refresh --json` did not print a report; use Pulumi 3.259 or newer")
    return [_step(step) for step in report.get("steps") or () if step.get("oldState")]


def _report(text: str) -> dict[str, Any] | None:
    start = text.find("{\n")
    try:
        report, _ = json.JSONDecoder().raw_decode(text, max(start, 0))
    except ValueError:
        return None
    return report if isinstance(report, dict) else None


def _reason(error: AttemptError) -> str:
    report = _report(error.output) or {}
    errors = [each for each in report.get("diagnostics") or () if each.get("severity") == "error"]
    messages = [str(each.get("message", "")).removeprefix("error: ").strip() for each in errors]
    return masked("; ".join(messages)) if messages else masked(str(error))


def _step(step: Mapping[str, Any]) -> Step:
    old, new = step["oldState"], step.get("newState") or {}
    details = step.get("detailedDiff") or {}
    differences = tuple(path for path, detail in details.items() if detail.get("inputDiff", True))
    return Step(
        operation=step["op"],
        urn=step["urn"],
        type=old["type"],
        id=old.get("id", ""),
        stated=old.get("inputs") or {},
        actual=new.get("inputs") or {},
        differences=differences or tuple(step.get("diffReasons") or ()),
        ignored=tuple(old.get("ignoreChanges") or ()),
        place=next(_places(old), Place("Pulumi.yaml")),
    )


def _places(state: Mapping[str, Any]) -> Iterator[Place]:
    """Lines of the project's own code, the innermost first."""
    for frame in state.get("stackTrace") or ():
        path, _, line = str(frame.get("sourcePosition", "")).removeprefix("project:///").partition("#")
        if path and line.isdecimal() and not any(part in path for part in _ELSEWHERE):
            yield Place(path, int(line), 1, int(line))
