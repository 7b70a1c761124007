"""Sandboxes for tests: parts of one in this process, and whole ones as processes of their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from azure_llama_sandbox import control
from azure_llama_sandbox.control import Status
from azure_llama_sandbox.home import Home
from azure_llama_sandbox.identity import Identity
from tests.sandbox.harness import Loop, connect


@pytest.fixture(scope="module")
def loop() -> Iterator[Loop]:
    """An event loop in a thread."""
    loop = Loop()
    yield loop
    loop.close()


@pytest.fixture(scope="session")
def identity() -> Identity:
    """Identities and keys; making them takes a while."""
    return Identity.create()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An empty home."""
    home = Home(tmp_path / "home")
    home.prepare()
    return home


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Status]:
    """A running sandbox, shared by the tests of a module."""
    home = tmp_path_factory.mktemp("sandbox") / "home"
    yield control.start(home)
    control.stop(home)


@pytest.fixture
def client(started: Status) -> Iterator[httpx.Client]:
    """An HTTP client behind the sandbox's proxy."""
    with connect(started) as client:
        yield client


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    """A folder for a sandbox that ends with the test."""
    yield tmp_path / "home"
    control.stop(tmp_path / "home")
