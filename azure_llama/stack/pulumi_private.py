"""The undocumented parts of Pulumi's Python SDK that the package uses, in one place.

A test compares them with what they were in `WRITTEN_FOR`. The policy pack has a module of its own for the policy SDK,
because it may not import this package; the sandbox writes the marks of the wire protocol itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import pulumi
from pulumi.runtime import resource, rpc, settings, stack
from pulumi.runtime._callbacks import _CallbackServicer
from pulumi.runtime.config import CONFIG, get_config_env, is_config_secret
from pulumi.runtime.proto import source_pb2

WRITTEN_FOR = "3.272.0"
"""The version of the SDK whose private parts these are."""

SIGNATURE = rpc._special_sig_key
"""The key that marks a special value on the wire, whose value is one of the next three."""
SECRET = rpc._special_secret_sig
OUTPUT = rpc._special_output_value_sig
REFERENCE = rpc._special_resource_sig

run_in_stack = stack.run_in_stack
"""Runs a function as a program, inside the stack's root resource."""


def configuration() -> Mapping[str, str]:
    """All configuration of this run, as the SDK keeps it: full key to raw text."""
    return CONFIG.get() or get_config_env()


def holds_secrets(key: str) -> bool:
    """Whether the SDK knows that a key of the configuration holds a secret."""
    return is_config_secret(key)


@contextmanager
def default_parent(resource: pulumi.Resource) -> Iterator[None]:
    """Make a resource the parent of those that name none."""
    token = settings.ROOT.set(resource)
    try:
        yield
    finally:
        settings.ROOT.reset(token)


def connect(*, project: str, stack: str, root: str, monitor: Any, engine: Any) -> None:
    """Connect the SDK to this package's monitor and engine, as in a first preview.

    Args:
        project, stack: Required. Their names.
        root: Required. The project's folder.
        monitor: Required. Takes resources; its `callbacks` take the program's transforms.
        engine: Required. Takes the log.
    """
    settings.ROOT.set(None)
    settings.configure(
        settings.Settings(
            project=project,
            stack=stack,
            organization="organization",
            root_directory=root,
            monitor=monitor,
            engine=engine,
            dry_run=True,
            parallel=1,
        )
    )
    settings.SETTINGS.callbacks = monitor.callbacks


@contextmanager
def without_positions() -> Iterator[None]:
    """Leave out the source positions of resources, which only engines read: a sixth of a program's time."""
    positions = resource._get_stack_trace
    resource._get_stack_trace = source_pb2.StackTrace
    try:
        yield
    finally:
        resource._get_stack_trace = positions


def configure(config: Mapping[str, str], secret_keys: Sequence[str]) -> None:
    """Set the configuration of the run."""
    pulumi.runtime.set_all_config(dict(config), list(secret_keys))


class Callbacks(_CallbackServicer):
    """The SDK's register of transforms and hooks, without the server that the engine calls them by.

    The SDK offers no way to have one without a socket; an isolated machine has none.
    """

    def __init__(self, monitor: Any) -> None:
        self._callbacks = {}
        self._transforms = {}
        self._state_migrations = {}
        self._monitor = monitor
        self._target = "here"

    def in_use(self) -> bool:
        """Whether there is a transform to be run."""
        return bool(self._transforms)

    async def run(self, token: str, request: bytes) -> Any:
        """Call a transform."""
        return await self._callbacks[token](request)
