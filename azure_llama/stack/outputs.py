"""A stack's outputs, read by the Pulumi CLI or from a file that it wrote."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from azure_llama.engine.bring import EngineError
from azure_llama.engine.cli import Pulumi
from azure_llama.engine.process import AttemptError
from azure_llama.stack.identity import selected_stack


class OutputsError(EngineError):
    """The outputs cannot be read. The message states the reason and the remediation."""


def stack_outputs(stack: str | None = None, *, folder: Path | None = None, secrets: bool = False) -> dict[str, Any]:
    """The outputs of a stack.

    Args:
        stack: Optional. Its name; the selected one when None, as for every other command.
        folder: Optional. The project's folder; the current folder when None.
        secrets: Optional. Whether secrets are in clear, for use and not for show; Pulumi puts `[secret]` otherwise.

    Raises:
        InputError: no stack is named, and the project has several and none is selected.
        OutputsError: there is no CLI, no such stack, or it has no outputs yet.
    """
    try:
        pulumi = Pulumi.find(folder)
    except EngineError as error:
        raise OutputsError(error.summary) from error
    if pulumi is None:
        raise OutputsError(
            f"no Pulumi CLI to read the outputs of {_named(stack)} with: run `make setup`, or give --outputs FILE"
        )
    return read(pulumi, stack or selected_stack(folder or Path()), secrets=secrets)


def read(pulumi: Pulumi, stack: str | None, *, secrets: bool = False) -> dict[str, Any]:
    """The outputs of a stack, by one Pulumi CLI.

    Raises:
        OutputsError: there is no such stack, or it has no outputs yet.
    """
    command = ["stack", "output", "--json"]
    command += ["--show-secrets"] if secrets else []
    command += ["--stack", stack] if stack else []
    try:
        text = pulumi.read(*command)
    except AttemptError as error:
        raise OutputsError(
            f"the outputs of {_named(stack)} cannot be read: {error}. Run it in the project's folder, with the backend"
            " that has the stack (`azure-llama sandbox exec -- ...` for one in the sandbox), or give --outputs FILE"
        ) from error
    outputs: dict[str, Any] = json.loads(text)
    if not outputs:
        raise OutputsError(f"{_named(stack)} has no outputs: deploy it with `pulumi up`")
    return outputs


def parse(text: str, name: str) -> Any:
    """The outputs from what `pulumi stack output --json` printed.

    Raises:
        OutputsError: the text is not JSON.
    """
    try:
        return json.loads(text)
    except ValueError as error:
        raise OutputsError(
            f"--outputs {name} holds no JSON ({error}); give what `pulumi stack output --json` prints"
        ) from error


def _named(stack: str | None) -> str:
    return f"stack {stack}" if stack else "the selected stack"
