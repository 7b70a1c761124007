"""The rules of histories notice what they are there for."""

from __future__ import annotations

import json
from typing import Any

import pulumi
import pytest

from azure_llama.arm import versions
from tests.histories import machine
from tests.histories.callers import Callers
from tests.histories.evidence import Texts, created_twice
from tests.histories.start import START
from tests.inprocess.azure import Azure

GROUP = "/subscriptions/1/resourceGroups/rg"
ENDPOINTS = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints"
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


def test_traffic_that_does_not_sum_to_100_is_noticed(
    history: Any, azure: Azure, monkeypatch: pytest.MonkeyPatch
) -> None:
    history.begin()
    history.traffic_adds_up()
    (endpoint,) = azure.resources(ENDPOINTS)
    for traffic in ({"blue": 90}, {"blue": 100, "green": 10}):
        endpoint.properties["traffic"] = traffic
        monkeypatch.setattr(azure, "resources", lambda _: [endpoint])
        with pytest.raises(AssertionError, match="alpha-llama"):
            history.traffic_adds_up()
    history.teardown()


def test_a_second_up_that_changes_something_is_noticed(history: Any) -> None:
    history.begin()
    for state in history.stack.states.values():
        if state.type.endswith(":StorageAccount"):
            state.inputs["tags"] = {"team": "search"}
    with pytest.raises(AssertionError, match=r"update.*StorageAccount"):
        history._converge()
    history.teardown()


def _chat(history: Any) -> Any:
    return next(state for state in history.stack.states.values() if state.name == "contoso-one.chat")


def test_what_differs_in_azure_after_an_up_is_noticed(history: Any, azure: Azure) -> None:
    history.begin()
    azure.delete(_chat(history).id, str(versions.of_type("Microsoft.CognitiveServices/accounts/deployments")))
    with pytest.raises(AssertionError, match="contoso-one"):
        history._converge()
    history.teardown()


def test_what_a_stack_leaves_in_azure_is_noticed(history: Any) -> None:
    history.begin()
    del history.stack.states[_chat(history).urn]
    with pytest.raises(AssertionError, match="deployments/chat"):
        history._nothing_is_left_over()
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


def test_an_up_that_fails_is_noticed(history: Any, azure: Azure) -> None:
    history.begin()
    history.config["azure-llama:tags"] = {"team": "search"}
    history.deployed = None
    history._load()
    azure.faults([{"match": {"method": "PUT"}, "status": 400}])
    with pytest.raises(AssertionError, match="400"):
        history._converge()
    history.teardown()
