from __future__ import annotations

import uuid

import pytest

from azure_llama.catalog import roles


def test_the_custom_role_has_three_scopes_and_covers_the_real_type() -> None:
    assert [grant.scope for grant in roles.CUSTOM_ROLE] == ["subscription", "resource group", "workspace"]
    workspace = roles.CUSTOM_ROLE[2]
    assert any("marketplaceSubscriptions/" in action for action in workspace.also)
    assert any("marketplaceModelSubscriptions/" in action for action in workspace.actions)


def test_role_ids_are_distinct_guids() -> None:
    ids = [role.id for role in roles.BUILT_IN]
    assert len({uuid.UUID(each) for each in ids}) == len(ids)
    assert all(each == each.lower() for each in ids)


@pytest.mark.parametrize("text", ["owner", "OWNER", "8E3AF657-A8FF-443C-A75C-2FE8C4BCB635"])
def test_roles_are_found_by_name_and_id(text: str) -> None:
    role = roles.find_role(text)
    assert role is not None
    assert role.name == "Owner"


def test_an_unknown_role_is_not_found() -> None:
    assert roles.find_role("Emperor") is None
