"""The page on access lists what the catalogue has, action by action."""

from __future__ import annotations

from pathlib import Path

import pytest

from azure_llama.catalog import roles
from azure_llama_components.content_safety import CALLERS_ROLE
from azure_llama_components.endpoint import CALLER

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "access.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("grant", roles.CUSTOM_ROLE, ids=lambda grant: grant.scope)
def test_every_action_of_the_custom_role_is_in_the_row_of_its_scope(grant: roles.Grant) -> None:
    (row,) = (line for line in PAGE.splitlines() if line.startswith(f"| {grant.scope} |"))
    for action in (*grant.actions, *grant.also):
        assert f"`{action}`" in row


def test_the_callers_roles_are_named() -> None:
    assert f"| {CALLER} |" in PAGE
    assert f"| {CALLERS_ROLE} |" in PAGE
