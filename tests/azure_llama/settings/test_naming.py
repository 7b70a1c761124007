from __future__ import annotations

import re
from dataclasses import asdict
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from azure_llama.catalog import names as rules
from azure_llama.settings import naming as names

WORKSPACES = st.from_regex(r"[a-zA-Z0-9][a-zA-Z0-9_-]{2,32}", fullmatch=True)
SUFFIX = names.unique_suffix("azure-llama", "dev", "00000000-0000-0000-0000-000000000001", "eastus2")


RULES = {
    "resource_group": rules.RESOURCE_GROUP,
    "workspace": rules.WORKSPACE,
    "hub": rules.WORKSPACE,
    "storage_account": rules.STORAGE_ACCOUNT,
    "key_vault": rules.KEY_VAULT,
    "log_analytics": rules.LOG_ANALYTICS,
    "application_insights": rules.APPLICATION_INSIGHTS,
    "container_registry": rules.CONTAINER_REGISTRY,
    "virtual_network": rules.VIRTUAL_NETWORK,
    "identity": rules.USER_ASSIGNED_IDENTITY,
    "content_safety": rules.COGNITIVE_ACCOUNT,
}
STACK: dict[str, Any] = {"location": "germanywestcentral", "project": "p", "stack": "s", "subscription_id": "0"}


@given(WORKSPACES)
@example("a--")
@example("0__")
@example("A" * 33)
@example("a" + "-" * 32)
def test_any_workspace_name_leads_to_valid_names(workspace: str) -> None:
    made = asdict(names.stack_names(workspace, **STACK))
    assert made.keys() == RULES.keys()
    assert {what: RULES[what].problem(name) for what, name in made.items()} == dict.fromkeys(RULES)


def test_a_name_of_ones_own_is_taken_as_it_is() -> None:
    derived = names.stack_names("llama-dev", **STACK)
    own = names.stack_names("llama-dev", resource_group="rg-x", overrides={"key_vault": "kv-mine"}, **STACK)
    assert (own.resource_group, own.key_vault) == ("rg-x", "kv-mine")
    assert own.log_analytics == derived.log_analytics


def test_another_resource_group_has_names_of_its_own_so_that_it_is_made_before_the_old_one_goes() -> None:
    derived = names.stack_names("llama-dev", **STACK)
    moved = names.stack_names("llama-dev", resource_group="rg-x", **STACK)
    for unique in ("storage_account", "key_vault", "container_registry", "content_safety"):
        assert getattr(moved, unique) != getattr(derived, unique)
    assert names.stack_names("llama-dev", resource_group="RG-X", **STACK).key_vault == moved.key_vault


@given(WORKSPACES)
@example("x" * 29 + "-hub")
def test_the_hub_of_any_project_has_a_valid_name_of_its_own(workspace: str) -> None:
    hub = names.hub_name(workspace)
    assert rules.WORKSPACE.problem(hub) is None
    assert hub != workspace
    assert hub.endswith("-hub")


def test_long_names_that_differ_at_their_end_have_different_hubs() -> None:
    assert names.hub_name("x" * 32 + "1") != names.hub_name("x" * 32 + "2")


def test_the_suffix_is_the_same_for_the_same_stack_alone() -> None:
    stack = ("azure-llama", "dev", "5A0D80C5-11A3-4A5D-9B0E-000000000001", "eastus2")
    same = names.unique_suffix("azure-llama", "dev", "5a0d80c5-11a3-4a5d-9b0e-000000000001", "eastus2")
    others = [(*stack[:at], "other", *stack[at + 1 :]) for at in range(4)]
    assert names.unique_suffix(*stack) == same
    assert re.fullmatch(r"[0-9a-f]{8}", same)
    assert len({same, *(names.unique_suffix(*other) for other in others)}) == 5
