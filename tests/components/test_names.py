from __future__ import annotations

import re
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azure_llama.catalog import names as rules
from azure_llama_components import names
from tests.catalogs import PACKAGE


@pytest.mark.parametrize("model", [model.name for model in PACKAGE.models])
def test_every_model_of_the_catalogue_can_be_subscribed_to(model: str) -> None:
    assert rules.MARKETPLACE_SUBSCRIPTION.problem(names.marketplace_subscription_name(model)) is None


def test_no_two_models_share_a_subscription() -> None:
    models = [model.name for model in PACKAGE.models]
    assert len({names.marketplace_subscription_name(model) for model in models}) == len(models)


@given(st.from_regex(rules.ONLINE_ENDPOINT.pattern, fullmatch=True).filter(lambda name: 3 <= len(name) <= 32))
def test_the_deployment_of_any_endpoint_has_a_valid_name(endpoint: str) -> None:
    assert re.fullmatch(r"[-\w._()]{1,64}", names.traffic_name(endpoint))


def test_a_guid_is_the_same_for_the_same_parts_in_any_letter_case() -> None:
    guid = names.guid("assignment", "/subscriptions/A", "role", "who")
    assert str(uuid.UUID(guid)) == guid
    assert guid == names.guid("assignment", "/subscriptions/a", "ROLE", "who")
    assert guid != names.guid("assignment", "/subscriptions/a", "role", "else")


@given(st.from_regex(r"rg-[a-z0-9-]{1,60}", fullmatch=True))
def test_a_budget_has_room_for_the_marketplace_and_the_month(owner: str) -> None:
    name = names.budget_name(owner)
    assert len(f"{name}-marketplace-2026-12") <= 63
    assert name == names.budget_name(owner)
    assert name == f"budget-{owner}" or name != names.budget_name(f"{owner}x")


def test_a_budget_of_a_group_with_dots_has_a_name_that_azure_takes() -> None:
    name = names.budget_name("rg.llama(1)")
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,63}", name)
    assert name != names.budget_name("rg-llama-1-")
