"""One history on the real engine, whose programs run inline: what the engine in this process takes the place of."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from azure_llama.stack.import_file import Filled
from azure_llama_components import failed_deployment
from tests.differential.repair import Config
from tests.histories import machine
from tests.histories.engine import EngineStack
from tests.histories.start import FOUNDRY, TAGS
from tests.inprocess.azure import Azure

pytestmark = pytest.mark.engine
_SIMPLEST = settings(
    max_examples=1,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
"""Draws the first of each choice: the first request that an `up` writes fails, or is the engine's last."""


@pytest.fixture
def history(azure: Azure, monkeypatch: pytest.MonkeyPatch) -> Iterator[machine.History]:
    """A history that has begun."""
    monkeypatch.setattr(failed_deployment, "arm_client", azure.hooks_client)
    monkeypatch.setattr(machine.History, "azure", azure, raising=False)
    monkeypatch.setattr(machine.History, "backend", EngineStack)
    history = machine.History()
    history.begin()
    yield history
    history.teardown()


def test_a_stack_survives_its_history_on_the_real_engine(
    history: machine.History, monkeypatch: pytest.MonkeyPatch
) -> None:
    larger = deepcopy(dict(history.config))
    deployments = larger[FOUNDRY]["contoso-one"]["deployments"]
    deployments["fast"] = deepcopy(deployments["chat"])
    tagged = deepcopy(larger) | {TAGS: {"team": "search"}}
    imported: list[str] = []
    import_ = EngineStack.import_

    def noted(stack: EngineStack, filled: Filled) -> None:
        imported.extend(entry["id"].rpartition("/")[2] for entry in filled.resources)
        import_(stack, filled)

    monkeypatch.setattr(EngineStack, "import_", noted)

    def edit(config: Config) -> None:
        monkeypatch.setattr(machine, "edited", lambda *_: config)

    @_SIMPLEST
    @given(st.data())
    def live(data: st.DataObject) -> None:
        edit(larger)
        history.kill(data, early=False)
        _holds(history)
        edit(tagged)
        history.fault(data, settled=False)
        assert history.deployed is None
        _holds(history)
        history.refresh()
        _holds(history)
        history.change_outside(data)
        _holds(history)
        history.destroy(purged=True)
        _holds(history)

    live()
    assert imported == ["fast"]


def _holds(history: machine.History) -> None:
    history.nothing_is_created_twice()
    history.traffic_adds_up()
    history.no_key_is_in_clear()
