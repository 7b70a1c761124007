"""What the engine shows, as plain resources: the marks of secrets, which the SDK drops, included."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi_policy.policy
import pytest
from pulumi_policy.proxy import unknown_checking_proxy

from azure_llama_policies.sdk_private import keep_secret_marks
from azure_llama_policies.shown import resource_of
from tests.policies.cases import endpoint

SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}


def secrets_of(sent: Mapping[str, Any]) -> frozenset[str] | None:
    """The secrets of a resource whose values the engine sends so."""
    read: Any = pulumi_policy.policy
    args = endpoint("chat").asked()
    args.props = unknown_checking_proxy(read.deserialize_properties(dict(sent)))
    resource = resource_of(args)
    assert all(isinstance(key, str) and ":" not in key for key in resource.props)
    return resource.secrets


@pytest.fixture
def marks(monkeypatch: pytest.MonkeyPatch) -> None:
    """This process as the one that serves the pack."""
    monkeypatch.setattr(pulumi_policy.policy, "deserialize_properties", pulumi_policy.policy.deserialize_properties)  # type: ignore[attr-defined]  # the SDK does not list it
    keep_secret_marks()


def test_without_the_marks_nobody_knows_what_is_secret() -> None:
    assert secrets_of({"key": {**SECRET, "value": "x"}}) is None


@pytest.mark.usefixtures("marks")
def test_secrets_are_known_by_their_paths() -> None:
    sent = {
        "plain": "x",
        "key": {**SECRET, "value": "x"},
        "keys": {**SECRET, "value": {"a": "x"}},
        "inner": {"list": ["x", {"key": {**SECRET, "value": "x"}}]},
        "hidden": "[secret]",
    }
    assert secrets_of(sent) == frozenset({"key", "keys", "inner.list.1.key", "hidden"})


@pytest.mark.usefixtures("marks")
def test_nothing_secret_is_none_and_not_unknown() -> None:
    assert secrets_of({"plain": "x"}) == frozenset()
