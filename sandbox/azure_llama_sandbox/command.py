"""Runs a command as if it replaced this process, and returns when it has ended."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Final, NoReturn

_KEYBOARD: Final = (signal.SIGINT, signal.SIGQUIT)
_FORWARDED: Final = (*_KEYBOARD, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2)
_PR_SET_PDEATHSIG: Final = 1


def run(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run a command with this process's terminal and files. Each signal reaches it once.

    At a terminal it stays in this process's group, to which the keyboard's signals go, Ctrl-C and Ctrl-Z among them.
    Elsewhere it has a separate process group, and a signal to this process or to its group is forwarded to that group.

    Args:
        command: Required. The command and its arguments.
        environment: Required. Its environment, in whose PATH it is looked up.

    Returns:
        Its exit code; minus the signal's number when a signal ended it.

    Raises:
        OSError: there is no such command, or it cannot be run.
    """
    interactive = _at_terminal()
    with _forwarding(interactive) as started:
        process = subprocess.Popen(
            list(command),
            env=dict(environment),
            process_group=None if interactive else 0,
            preexec_fn=_end_with_parent if sys.platform == "linux" else None,
        )
        started(process.pid)
        return process.wait()


def leave(code: int) -> NoReturn:
    """End this process as the command ended."""
    sys.stdout.flush()
    sys.stderr.flush()
    if code < 0:
        with suppress(OSError):  # SIGKILL has no handler to reset
            signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    sys.exit(code)


def _at_terminal() -> bool:
    try:
        os.close(os.open("/dev/tty", os.O_RDWR))
    except OSError:
        return False
    return True


def _end_with_parent() -> None:
    """Let a `kill -9` of this process end the command, too."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


@contextmanager
def _forwarding(interactive: bool) -> Iterator[Callable[[int], None]]:
    target: list[int] = []
    early: list[int] = []

    def send(number: int) -> None:
        with suppress(ProcessLookupError):
            if interactive:
                os.kill(target[0], number)
            else:
                os.killpg(target[0], number)

    def handle(number: int, _: FrameType | None) -> None:
        if interactive and number in _KEYBOARD:
            return  # the terminal has sent it to the command, too
        if target:
            send(number)
        else:
            early.append(number)

    def started(pid: int) -> None:
        target.append(pid)
        for number in early:
            send(number)

    # What is ignored, as under `nohup`, stays so in the command.
    heard = [number for number in _FORWARDED if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, handle) for number in heard}
    try:
        yield started
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
