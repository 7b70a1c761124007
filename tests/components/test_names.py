from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from azure_llama import catalog
from azure_llama.catalog import names as rules
from components import names

WORKSPACES = st.from_regex(r"[a-zA-Z0-9][a-zA-Z0-9_-]{2,32}", fullmatch=True)
SUFFIX = names.unique_suffix("azure-llama", "dev", "00000000-0000-0000-0000-000000000001", "eastus2")


@given(WORKSPACES)
@example("a--")
@example("0__")
@example("A" * 33)
@example("a" + "-" * 32)
def test_any_workspace_name_leads_to_valid_names(workspace: str) -> None:
    assert re.fullmatch(r"[a-z0-9]{3,24}", names.storage_account_name(workspace, SUFFIX))
    assert re.fullmatch(r"(?=.{3,24}$)[a-zA-Z](-?[a-zA-Z0-9])*", names.key_vault_name(workspace, SUFFIX))
    assert re.fullmatch(r"(?=.{4,63}$)[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9]", names.log_analytics_name(workspace))
    assert re.fullmatch(r"[A-Za-z0-9-]{1,260}", names.application_insights_name(workspace))
    assert re.fullmatch(r"[\w().-]{1,89}[\w()-]", names.resource_group_name(workspace, "germanywestcentral"))


@given(WORKSPACES)
@example("x" * 29 + "-hub")
def test_the_hub_of_any_project_has_a_valid_name_of_its_own(workspace: str) -> None:
    hub = names.hub_name(workspace)
    assert rules.WORKSPACE.problem(hub) is None
    assert hub != workspace
    assert hub.endswith("-hub")


def test_long_names_that_differ_at_their_end_have_different_hubs() -> None:
    assert names.hub_name("x" * 32 + "1") != names.hub_name("x" * 32 + "2")


@pytest.mark.parametrize("model", [model.name for model in catalog.models()])
def test_every_model_of_the_catalogue_can_be_subscribed_to(model: str) -> None:
    assert rules.MARKETPLACE_SUBSCRIPTION.problem(names.marketplace_subscription_name(model)) is None


def test_no_two_models_share_a_subscription() -> None:
    models = [model.name for model in catalog.models()]
    assert len({names.marketplace_subscription_name(model) for model in models}) == len(models)


@given(st.from_regex(rules.ONLINE_ENDPOINT.pattern, fullmatch=True).filter(lambda name: 3 <= len(name) <= 32))
def test_the_deployment_of_any_endpoint_has_a_valid_name(endpoint: str) -> None:
    assert re.fullmatch(r"[-\w._()]{1,64}", names.traffic_name(endpoint))


def test_the_suffix_is_the_same_for_the_same_stack_alone() -> None:
    stack = ("azure-llama", "dev", "5A0D80C5-11A3-4A5D-9B0E-000000000001", "eastus2")
    same = names.unique_suffix("azure-llama", "dev", "5a0d80c5-11a3-4a5d-9b0e-000000000001", "eastus2")
    others = [(*stack[:at], "other", *stack[at + 1 :]) for at in range(4)]
    assert names.unique_suffix(*stack) == same
    assert re.fullmatch(r"[0-9a-f]{8}", same)
    assert len({same, *(names.unique_suffix(*other) for other in others)}) == 5
