"""Isolates a program during a check: no output to the report, no network, no forks."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, redirect_stdout
from pathlib import Path
from typing import Any

_STDIN, _STDOUT, _STDERR = 0, 1, 2


class ForbiddenError(Exception):
    """The program did what it may not. The text ends the sentence that begins with "the program"."""


class _Guard:
    """An audit hook cannot be taken away, so there is one, and it is on or off."""

    def __init__(self) -> None:
        self.installed = False
        self.on = False

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.on:
            return
        match event:
            case "socket.connect" | "socket.sendto" if isinstance(arguments[1], tuple):
                host, port = arguments[1][:2]
                raise ForbiddenError(f"calls the network ({host}:{port}); {_NO_NETWORK}")
            case "socket.getaddrinfo" | "socket.gethostbyname" | "socket.gethostbyaddr":
                raise ForbiddenError(f"calls the network (looks up {arguments[0]!r}); {_NO_NETWORK}")
            case "os.fork" | "os.forkpty":
                raise ForbiddenError("forks, and each of the two would write a report; start a process with subprocess")


_NO_NETWORK = "a check has none: take the value from the stack's configuration"
_guard = _Guard()


@contextmanager
def isolated(folder: Path) -> Iterator[None]:
    """Run a program in its folder, with no input and no network, and all that it prints on stderr.

    Args:
        folder: Required. The working directory, and the first place where modules are looked for.
    """
    if not _guard.installed:
        sys.addaudithook(_guard)
        _guard.installed = True
    before, path, arguments = Path.cwd(), list(sys.path), list(sys.argv)
    with ExitStack() as undo:
        undo.callback(os.chdir, before)
        undo.callback(sys.path.__setitem__, slice(None), path)
        undo.callback(sys.argv.__setitem__, slice(None), arguments)
        undo.enter_context(_descriptors())
        undo.enter_context(redirect_stdout(sys.stderr))
        undo.callback(setattr, sys, "stdin", sys.stdin)
        sys.stdin = undo.enter_context(open(os.devnull, encoding="utf-8"))  # noqa: PTH123 - a device, not a path
        os.chdir(folder)
        sys.argv[:] = [str(folder)]
        _guard.on = True
        undo.callback(setattr, _guard, "on", False)
        yield


@contextmanager
def _descriptors() -> Iterator[None]:
    """stdout leads to stderr, and stdin to nothing, for whatever the program starts, too."""
    sys.stdout.flush()
    kept = {number: os.dup(number) for number in (_STDIN, _STDOUT) if _is_open(number)}
    nothing = os.open(os.devnull, os.O_RDWR)
    try:
        for number in kept:
            os.dup2(nothing if number == _STDIN or not _is_open(_STDERR) else _STDERR, number)
        yield
    finally:
        os.close(nothing)
        for number, copy in kept.items():
            os.dup2(copy, number)
            os.close(copy)


def _is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True
