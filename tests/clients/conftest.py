"""A sandbox of their own for the tests of outside clients, and the figures that they report."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from scripts.client_environments import UnavailableError, make
from tests.clients.harness import Client, Report
from tests.e2e.harness import Azure

FIGURES = pytest.StashKey[list[str]]()


@pytest.fixture(scope="module")
def client() -> Client:
    """A function that returns the command of an environment; skips the test where the environment cannot be made."""

    def command(name: str) -> list[str]:
        try:
            return make(name)
        except UnavailableError as error:
            pytest.skip(f"{name}: {error}")

    return command


@pytest.fixture(scope="module")
def azure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Azure]:
    """A running sandbox with an empty stack `dev`."""
    sandbox = Azure(tmp_path_factory.mktemp("clients") / "home")
    sandbox.start()
    sandbox.init()
    yield sandbox
    sandbox.cli("stop", check=False)


@pytest.fixture(scope="module")
def deployed(azure: Azure) -> Azure:
    """The sandbox with the dev stack in it."""
    azure.pulumi("up")
    return azure


@pytest.fixture
def report(pytestconfig: pytest.Config) -> Report:
    """A function that adds a line to the summary of the run."""
    return pytestconfig.stash.setdefault(FIGURES, []).append


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the figures."""
    for line in config.stash.get(FIGURES, []):
        terminalreporter.write_line(line)
