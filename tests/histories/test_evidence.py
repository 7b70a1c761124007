"""The rules of histories notice what they are there for."""

from __future__ import annotations

import json
from typing import Any

import pulumi
import pytest

from tests.histories import machine
from tests.histories.callers import Callers
from tests.histories.evidence import Texts, created_twice
from tests.histories.start import START
from tests.inprocess.azure import Azure

GROUP = "/subscriptions/1/resourceGroups/rg"
VAULT = f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv"


@pytest.fixture
def history(azure: Azure, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A history that has not begun."""
    monkeypatch.setattr(machine.History, "azure", azure, raising=False)
    return machine.History()


def line(method: str, path: str, status: int = 201, **properties: Any) -> dict[str, Any]:
    """A line of the request log."""
    return {"method": method, "path": path, "status": status, "body": {"properties": properties}}


def test_a_second_creation_is_noticed_unless_the_first_is_deleted() -> None:
    once, again = line("PUT", VAULT), line("PUT", VAULT.upper())
    assert created_twice([once, again]) == [VAULT.lower()]
    assert created_twice([once, line("DELETE", VAULT, 200), again]) == []
    assert created_twice([once, line("DELETE", GROUP, 202), again]) == []
    assert created_twice([once, line("DELETE", VAULT, 409), again]) == [VAULT.lower()]
    assert created_twice([once, line("PUT", VAULT, 200)]) == []
    endpoint = f"{GROUP}/providers/Microsoft.MachineLearningServices/workspaces/w/onlineEndpoints/chat"
    assert created_twice([line("PUT", endpoint)] * 2) == []
    assert created_twice([line("PUT", f"{endpoint}/deployments/blue")] * 2) == [f"{endpoint}/deployments/blue".lower()]


def test_a_key_in_a_log_or_a_message_is_noticed(history: Any, azure: Azure) -> None:
    history.begin()
    texts: Texts = history.texts
    assert texts.leaks() == []
    key = _key(history)
    for text in (f"error: {key}", json.dumps({"message": key})):
        texts.keep(text)
        assert len(texts.leaks()) == 1
    azure.home.request_log.write_text(f"{key}\n")
    assert len(texts.leaks()) == 1
    history.teardown()


def _key(history: Any) -> str:
    return str(history.stack.outputs["keys"]["alpha-llama"]["primary"])


def test_an_output_that_is_no_secret_is_noticed(history: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulumi.Output, "secret", staticmethod(pulumi.Output.from_input))
    history.begin()
    assert any(_key(history) in leak for leak in history.texts.leaks())
    history.teardown()


def test_a_call_that_fails_is_noticed(history: Any, azure: Azure) -> None:
    history.begin()
    callers = Callers(azure, dict(START), dict(START), history.stack.outputs)
    azure.faults([{"match": {"host": "alpha-llama.*"}, "status": 503}])
    with azure.beside(callers):
        assert history.stack.up().errors == []
    azure.faults([])
    assert callers.calls == 2 * len(callers.failures) > 0
    history.teardown()
