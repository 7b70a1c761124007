"""Starts and stops the server process."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import azure_llama
from azure_llama_sandbox import environment
from azure_llama_sandbox.home import Home, HomeError, Options
from azure_llama_sandbox.packages import require_server_packages

_STOP_SECONDS = 15.0
_POLL_SECONDS = 0.02
_TAIL = 15
"""Lines of the server's log that are shown when it fails to start."""


def launch(home: Home, options: Options, timeout: float) -> None:
    """Start the server in the background and wait until it answers.

    Args:
        home: Required. Its folder, prepared.
        options: Required. How it is started.
        timeout: Required. Seconds it may take.

    Raises:
        HomeError: packages are missing, or it died, or took longer; the end of its log is in the text.
    """
    require_server_packages()
    reader, writer = os.pipe()
    try:
        starter = _start(home, options, writer)
    finally:
        os.close(writer)
    ready = False
    try:
        # One byte says ready; the end without one says that the server has died.
        answered, _, _ = select.select([reader], [], [], timeout)
        ready = bool(answered and os.read(reader, 1))
    finally:
        os.close(reader)
        if not ready:
            with suppress(ProcessLookupError):
                os.killpg(starter.pid, signal.SIGKILL)
        starter.wait()
    if not ready:
        what = "ended before it answered" if answered else f"did not answer within {timeout:g} s"
        raise HomeError(f"the sandbox {what}; the end of {home.server_log}:\n{_tail(home.server_log)}")


def _start(home: Home, options: Options, writer: int) -> subprocess.Popen[bytes]:
    """Start the server, which writes a byte to a file descriptor once it answers."""
    command = [sys.executable, "-P", "-m", "azure_llama_sandbox", "--home", str(home.path)]
    command += ["--time-scale", str(options.time_scale), "--detach", str(writer)]
    if options.as_of:
        command += ["--as-of", options.as_of.isoformat()]
    if options.answers_from:
        command += ["--answers-from", options.answers_from]
    if options.answers_model:
        command += ["--answers-model", options.answers_model]
    log = os.open(home.server_log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        # It forks at once and goes on in the fork, so that it is nobody's child and leaves no zombie behind.
        return subprocess.Popen(
            command,
            cwd=home.path,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=(writer,),
            start_new_session=True,  # Ctrl-C in this terminal is not meant for it
        )
    finally:
        os.close(log)


def end(home: Home) -> bool:
    """Stop the server, and wait until it has ended. False when none was running.

    Raises:
        HomeError: it does not end.
    """
    pid = home.serving_pid()
    if pid is None:
        return False
    for ending in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.kill(pid, ending)
        deadline = time.monotonic() + _STOP_SECONDS
        while time.monotonic() < deadline:
            if home.serving_pid() is None:
                return True
            time.sleep(_POLL_SECONDS)
    raise HomeError(f"process {pid}, the sandbox of {home.path}, does not end")


def _environment() -> dict[str, str]:
    """Without the caller's credentials, and with this very package, wherever the server is started."""
    caller = environment.scrubbed(os.environ)
    packages = [str(Path(module).resolve().parents[1]) for module in (__file__, str(azure_llama.__file__))]
    return {**caller, "PYTHONPATH": os.pathsep.join(filter(None, (*packages, caller.get("PYTHONPATH"))))}


def _tail(path: Path) -> str:
    return "\n".join(path.read_text(errors="replace").splitlines()[-_TAIL:])
