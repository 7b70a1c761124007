"""Runs a tool with limits, and ends its process group when the wait is interrupted."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Thread, current_thread, main_thread
from typing import IO

_CREDENTIALS = re.compile(r"://[^/@\s]+@")
_REASON_LENGTH = 300
_LINES_KEPT = 40
_GRACE = 5.0  # seconds for the last lines of a process that has ended


class AttemptError(Exception):
    """A command did not work. Its text is the reason, in one line.

    Attributes:
        output: What it wrote to standard output before it failed.
    """

    def __init__(self, reason: str, output: str = "") -> None:
        super().__init__(one_line(reason))
        self.output = output


def one_line(text: str) -> str:
    """The text on one line of bounded length, without the credentials that a proxy's address may carry."""
    line = _CREDENTIALS.sub("://***@", " ".join(text.split()))
    return line if len(line) <= _REASON_LENGTH else line[: _REASON_LENGTH - 3] + "..."


def run(
    command: Sequence[str | os.PathLike[str]],
    *,
    limit: float,
    idle: float | None = None,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    on_line: Callable[[str], None] | None = None,
) -> str:
    """Run a command to its end and return what it wrote to standard output.

    Args:
        command: Required. Program and arguments; never passed through a shell.
        limit: Required. Seconds that the whole run may take.
        idle: Optional. Seconds that it may stay without a line on standard error.
        env: Optional. Its environment; the caller's own when not given.
        cwd: Optional. Its working directory.
        on_line: Optional. Called, from another thread, with every line of standard error.

    Raises:
        AttemptError: it could not be started, exited non-zero, or overstepped a limit. A process that is still running
            then, or when the caller is interrupted, is killed together with its children.
    """
    name = Path(command[0]).name
    process = _start(command, name, env, cwd)
    output: list[str] = []
    errors = _Errors(on_line)
    readers: list[Thread] = []
    try:  # at once: an interrupt may come at any time from here on
        assert process.stdout is not None
        assert process.stderr is not None
        readers += _reader(process.stdout, output.append), _reader(process.stderr, errors.take)
        _wait(process, name, errors, limit, idle)
    finally:
        _end_group(process)
        for reader in readers:
            reader.join(_GRACE)
    if process.returncode != 0:
        raise AttemptError(errors.reason() or f"{name} exited with code {process.returncode}", "".join(output))
    return "".join(output)


def follow(
    command: Sequence[str | os.PathLike[str]],
    *,
    env: Mapping[str, str],
    cwd: Path | None = None,
    on_line: Callable[[str], None] | None = None,
) -> int:
    """Run a command whose output a person reads while it runs; returns its exit code.

    Args:
        command: Required. Program and arguments; never passed through a shell.
        env: Required. Its environment.
        cwd: Optional. Its working directory.
        on_line: Optional. Takes each line of stdout and stderr; they are the caller's own when None. The command is
            then in a process group of its own, and Ctrl-C and SIGTERM are passed on to it: main thread only.
    """
    if on_line is None:
        with subprocess.Popen(command, env=env, cwd=cwd, stdin=subprocess.DEVNULL) as own, _waiting_out_ctrl_c():
            own.wait()
        return own.returncode
    with (
        subprocess.Popen(
            command,
            env=env,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            process_group=0,
        ) as process,
        _interrupting(process),
    ):
        for line in process.stdout or ():
            on_line(line)
    return process.returncode


@contextmanager
def _waiting_out_ctrl_c() -> Iterator[None]:
    """Raise KeyboardInterrupt only once the command has ended: it gets Ctrl-C from the terminal itself.

    `subprocess.run` kills the command a quarter of a second after Ctrl-C. Pulumi then leaves the stack locked.
    """
    if current_thread() is not main_thread():
        yield
        return
    seen: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: seen.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if seen:
        raise KeyboardInterrupt


@contextmanager
def _interrupting(running: subprocess.Popen[str]) -> Iterator[None]:
    """Pass Ctrl-C and SIGTERM on as SIGINT: Pulumi ends its operations in order, and needs tokens until it has.

    The command has a process group of its own, so that Ctrl-C in a terminal reaches it once; the second kills it.
    """

    def interrupt(*_: object) -> None:
        running.send_signal(signal.SIGINT)

    before = {number: signal.signal(number, interrupt) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _start(
    command: Sequence[str | os.PathLike[str]], name: str, env: Mapping[str, str] | None, cwd: Path | None
) -> subprocess.Popen[str]:
    try:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=env,
            cwd=cwd,
            text=True,
            errors="replace",
            start_new_session=True,  # its own group: Ctrl-C reaches us alone, and we end all of it
        )
    except OSError as error:
        raise AttemptError(f"{name} cannot be started: {error.strerror or error}") from error


class _Errors:
    """The last lines of standard error, and when the newest came."""

    def __init__(self, on_line: Callable[[str], None] | None) -> None:
        self.at = time.monotonic()
        self._lines: deque[str] = deque(maxlen=_LINES_KEPT)
        self._on_line = on_line

    def take(self, line: str) -> None:
        self.at = time.monotonic()
        self._lines.append(line)
        if self._on_line is not None:
            self._on_line(line.rstrip("\n"))

    def reason(self) -> str:
        """The last line that is not empty, since tools print their result there."""
        lines = [line.strip() for line in self._lines if line.strip()]
        return lines[-1] if lines else ""


def _reader(stream: IO[str], take: Callable[[str], object]) -> Thread:
    def read() -> None:
        with stream:
            for line in stream:
                take(line)

    thread = Thread(target=read, daemon=True)
    thread.start()
    return thread


def _wait(process: subprocess.Popen[str], name: str, errors: _Errors, limit: float, idle: float | None) -> None:
    end = time.monotonic() + limit
    while True:
        now = time.monotonic()
        until = end if idle is None else min(end, errors.at + idle)
        if now >= until:
            what = f"no end within {limit:g} s" if now >= end else f"no progress for {idle:g} s"
            last = errors.reason()
            raise AttemptError(f"{name}: {what}" + (f"; its last line: {last}" if last else ""))
        try:
            process.wait(timeout=min(until - now, 1.0))
        except subprocess.TimeoutExpired:
            continue
        return


def _end_group(process: subprocess.Popen[str]) -> None:
    """Kill a process that is still there, and its children; one that ended well is left as it is."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
