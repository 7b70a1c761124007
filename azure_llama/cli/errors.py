"""The exit codes of the commands, and the mapping from errors to exit codes.

    0    done
    1    the answer is no: violations, a failed check, a refusal of the sandbox
    2    wrong usage: an option, a file, the configuration or the program has errors
    3    what the command works on is not there: no sandbox runs, the stack has no outputs
    4    Azure does not answer the question
    7    drift: Azure is not what the stack states (Pulumi's own code for changes that were not expected)
    126  the command of `sandbox exec` cannot be run
    127  there is no such command
    130  Ctrl-C

Each error is reported on stderr, after `azure-llama: `, without a traceback. An error that is not in the table is a
defect of this package and keeps its traceback.
"""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from azure_llama.cli.output import complain

FAILED = 1
BAD_INPUT = 2
NOT_THERE = 3
UNKNOWN = 4
DRIFT = 7
NOT_EXECUTABLE = 126
NOT_FOUND = 127
INTERRUPTED = 130

EXIT_CODES = {
    "azure_llama.arm.errors.ArmError": UNKNOWN,
    "azure_llama.arm.errors.ConfigurationError": BAD_INPUT,
    "azure_llama.catalog.overlay.OverlayError": BAD_INPUT,
    "azure_llama.catalog.overlay.writing.UnwritableError": FAILED,
    "azure_llama.documents.errors.InputError": BAD_INPUT,
    "azure_llama.drift.refresh.NotDeployedError": NOT_THERE,
    "azure_llama.drift.refresh.RefreshError": UNKNOWN,
    "azure_llama.engine.bring.EngineError": FAILED,
    "azure_llama.inference.smoke.targets.NoEndpointsError": NOT_THERE,
    "azure_llama.settings.problems.SettingsError": BAD_INPUT,
    "azure_llama.stack.deployment_log.NoDeploymentError": NOT_THERE,
    "azure_llama.stack.outputs.OutputsError": NOT_THERE,
    "azure_llama_policies.folder.FolderError": FAILED,
    "azure_llama_sandbox.compare.recordings.RecordingError": BAD_INPUT,
    "azure_llama_sandbox.control.NotRunningError": NOT_THERE,
    "azure_llama_sandbox.control.SandboxError": FAILED,
}
"""Exit code by the full name of an error's class; a subclass goes before its base. Names, so that nothing is imported
before it is needed."""

_DISK_ERRORS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


def exit_code(error: BaseException) -> int | None:
    """The exit code for an error; None for a defect."""
    names = (f"{kind.__module__}.{kind.__qualname__}" for kind in type(error).__mro__)
    return next((EXIT_CODES[name] for name in names if name in EXIT_CODES), None)


@contextmanager
def reported() -> Iterator[None]:
    """Turn an error into a line on stderr and an exit code."""
    try:
        yield
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except OSError as error:
        if error.errno not in _DISK_ERRORS:
            raise
        end(f"{error.filename or 'the output'}: {error.strerror}", BAD_INPUT)
    except Exception as error:
        code = exit_code(error)
        if code is None:
            raise
        reason = f"unknown: {error.reason}: " if code == UNKNOWN and hasattr(error, "reason") else ""
        end(f"{reason}{error}", code)


def end(message: str, code: int) -> NoReturn:
    """End the command with a line on stderr."""
    complain(message)
    sys.exit(code)
