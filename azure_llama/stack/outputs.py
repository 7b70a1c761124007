"""A stack's outputs, read by the Pulumi CLI."""

from __future__ import annotations

import json
import os
from typing import Any

from azure_llama.engine.bring import EngineError, find
from azure_llama.engine.installation import search_path
from azure_llama.engine.process import AttemptError, run

LIMIT = 120.0
"""Seconds that the CLI may take: a backend may be far away."""


class OutputsError(EngineError):
    """The outputs cannot be had. Its text says why and what to do."""


def stack_outputs(stack: str | None = None, *, secrets: bool = False) -> dict[str, Any]:
    """The outputs of a stack of the project in the working directory.

    Args:
        stack: Optional. Its name; the selected one when None.
        secrets: Optional. Whether secrets are in clear, for use and not for show; Pulumi puts `[secret]` otherwise.

    Raises:
        OutputsError: there is no CLI, no such stack, or it has no outputs yet.
    """
    named = f"stack {stack}" if stack else "the selected stack"
    room = find()
    if room is None:
        raise OutputsError(
            f"no Pulumi CLI to read the outputs of {named} with: run `make setup`, or give --outputs FILE"
        )
    command = [str(room.bin), "stack", "output", "--json", "--non-interactive"]
    command += ["--show-secrets"] if secrets else []
    command += ["--stack", stack] if stack else []
    entries = [*map(str, search_path(room)), os.environ.get("PATH", "")]
    try:
        said = run(
            command,
            limit=LIMIT,
            env={**os.environ, "PATH": os.pathsep.join(entries), "PULUMI_SKIP_UPDATE_CHECK": "true"},
        )
    except AttemptError as error:
        raise OutputsError(
            f"the outputs of {named} cannot be read: {error}. Run it in the project's folder, with the backend that has"
            " the stack (`azure-llama sandbox exec -- ...` for one in the sandbox), or give --outputs FILE"
        ) from error
    outputs: dict[str, Any] = json.loads(said)
    if not outputs:
        raise OutputsError(f"{named} has no outputs: deploy it with `pulumi up`")
    return outputs
