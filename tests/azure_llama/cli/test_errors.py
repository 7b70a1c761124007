"""One table from errors to exit codes, and one line on stderr."""

from __future__ import annotations

import errno
import importlib

import pytest

from azure_llama.arm import ConfigurationError, NoNetworkError
from azure_llama.cli.errors import EXIT_CODES, exit_code, reported
from azure_llama.documents.errors import InputError
from azure_llama.engine import EngineError
from azure_llama.stack.outputs import OutputsError
from azure_llama_sandbox.control import NotRunningError, SandboxError
from azure_llama_sandbox.home import Home


@pytest.mark.parametrize("name", EXIT_CODES)
def test_every_name_of_the_table_is_an_error(name: str) -> None:
    module, _, kind = name.rpartition(".")
    found = getattr(importlib.import_module(module), kind)
    assert issubclass(found, Exception)
    assert (found.__module__, found.__qualname__) == (module, kind)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (InputError("wrong"), 2),
        (ConfigurationError("half"), 2),
        (NoNetworkError("no network"), 4),
        (EngineError("none"), 1),
        (OutputsError("none"), 3),
        (SandboxError("refused"), 1),
        (NotRunningError(Home(None)), 3),
        (ValueError("a defect"), None),
    ],
)
def test_a_subclass_goes_before_its_base(error: Exception, code: int | None) -> None:
    assert exit_code(error) == code


def test_the_reason_of_an_unknown_answer_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    error = NoNetworkError("no route")
    with pytest.raises(SystemExit) as ended, reported():
        raise error
    assert ended.value.code == 4
    assert capsys.readouterr().err == f"azure-llama: unknown: {error.reason}: no route\n"


def test_a_defect_keeps_its_traceback() -> None:
    with pytest.raises(ValueError, match="a defect"), reported():
        raise ValueError("a defect")
    with pytest.raises(BrokenPipeError), reported():
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")


def test_a_refusal_of_others_is_shown_without_what_a_terminal_obeys(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit), reported():
        raise InputError("a \x1b[31m\u202eb\nsecond line")
    assert capsys.readouterr().err == "azure-llama: a [31mb\nsecond line\n"
