from __future__ import annotations

import pytest

from azure_llama_components.deployment_entries import INPUT, refuse
from tests.components.managed import DEPLOYMENT, LLAMA, deployment, endpoint

BEFORE = {INPUT: {"blue": {"team": "one", "azureLlamaBase": LLAMA}}}


def entries(**blue: str) -> dict[str, dict[str, dict[str, str]]]:
    return {INPUT: {"blue": {**BEFORE[INPUT]["blue"], **blue}}}


@pytest.mark.parametrize("after", [entries(), entries(cost="two")], ids=["same", "one more"])
def test_new_entries_pass(after: object) -> None:
    refuse("chat", BEFORE, after, ["blue"])
    refuse("chat", {}, after, ["blue"])
    refuse("chat", None, after, ["blue"])


def test_entries_go_with_their_deployment() -> None:
    refuse("chat", BEFORE, {}, ["green"])


def test_every_change_is_reported() -> None:
    with pytest.raises(ValueError, match=r"^endpoint 'chat': ") as refusal:
        refuse("chat", BEFORE, {INPUT: {"blue": {"team": "two"}}}, ["blue"])
    text = str(refusal.value)
    assert "deployments.blue.properties.team 'one' to 'two'" in text
    assert f"deployments.blue.base '{LLAMA}' is removed" in text


def test_the_last_entry_cannot_be_removed() -> None:
    with pytest.raises(ValueError, match="is removed"):
        refuse("chat", BEFORE, {}, ["blue"])


def test_the_component_states_the_entries_and_pulumi_sends_them() -> None:
    recorded = endpoint(blue=deployment(properties={"team": "one"}), green=deployment(traffic=0))
    (component,) = recorded.of("index:ManagedEndpoint")
    assert component.inputs == {INPUT: {"blue": {"team": "one"}}}
    assert list(component.request.hooks.before_update) == ["chat-keeps-entries"]
    blue, green = recorded.of(DEPLOYMENT)
    assert list(blue.request.ignoreChanges) == ['properties.properties["AzureAsyncOperationUri"]']
    assert list(green.request.ignoreChanges) == ["properties.properties"]


def test_an_endpoint_without_entries_has_no_input_that_an_upgrade_would_show() -> None:
    (component,) = endpoint().of("index:ManagedEndpoint")
    assert component.inputs == {}


def test_a_stopped_deployment_has_no_entries_to_keep() -> None:
    recorded = endpoint(blue=deployment(properties={"team": "one"}, stopped=True), green=deployment(traffic=0))
    (component,) = recorded.of("index:ManagedEndpoint")
    assert component.inputs == {}
    assert [each.name for each in recorded.of(DEPLOYMENT)] == ["chat.green"]
