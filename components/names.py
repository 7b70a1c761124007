"""Names of what the workspace stands on: deterministic, and valid by construction for any workspace name.

The rules are those of "Naming rules and restrictions for Azure resources" (Microsoft Learn).
"""

from __future__ import annotations

import hashlib
import re

SUFFIX_LENGTH = 8
"""Hexadecimal digits of the suffix that makes a name unique in the world."""

_LONGEST_WORKSPACE = 33
_LONGEST_STORAGE_ACCOUNT = 24
_LONGEST_KEY_VAULT = 24
_DIGEST = 6


def unique_suffix(project: str, stack: str, subscription_id: str, location: str) -> str:
    """The same digits for the same stack, others for any other one.

    The location counts too: a vault that is deleted in one region keeps its name there for days, and a stack that
    moves must not wait for it.

    Args:
        project: Required. Pulumi project.
        stack: Required. Pulumi stack.
        subscription_id: Required. Azure subscription, in any letter case.
        location: Required. ARM name of the region.
    """
    return _digest("/".join((project, stack, subscription_id.lower(), location)), SUFFIX_LENGTH)


def resource_group_name(workspace: str, location: str) -> str:
    """1-90 characters; unique in the subscription. Another region is another group, so that a move never waits."""
    return f"rg-{workspace}-{location}"


def hub_name(workspace: str) -> str:
    """The hub of a project: a workspace name itself, 3-33 letters, digits, dashes and underscores."""
    name = f"{workspace}-hub"
    if len(name) <= _LONGEST_WORKSPACE:
        return name
    kept = _LONGEST_WORKSPACE - len("--hub") - _DIGEST
    return f"{workspace[:kept]}-{_digest(workspace, _DIGEST)}-hub"


def storage_account_name(workspace: str, suffix: str) -> str:
    """3-24 lower-case letters and digits; unique in the world."""
    return f"st{_letters_and_digits(workspace)[: _LONGEST_STORAGE_ACCOUNT - len('st') - len(suffix)]}{suffix}"


def key_vault_name(workspace: str, suffix: str) -> str:
    """3-24 letters, digits and single dashes, beginning with a letter; unique in the world."""
    return f"kv-{_letters_and_digits(workspace)[: _LONGEST_KEY_VAULT - len('kv--') - len(suffix)]}-{suffix}"


def log_analytics_name(workspace: str) -> str:
    """4-63 letters, digits and dashes, beginning and ending with a letter or digit."""
    return f"log-{_dashed(workspace)}"


def application_insights_name(workspace: str) -> str:
    """1-260 characters."""
    return f"appi-{_dashed(workspace)}"


def marketplace_subscription_name(model: str) -> str:
    """1-255 letters, digits, dashes and underscores: model names have dots, which Azure does not take here."""
    return re.sub(r"[^A-Za-z0-9_-]", "-", model)


def traffic_name(endpoint: str) -> str:
    """Name of the ARM deployment that states an endpoint: 1-64 letters, digits, dashes, dots and underscores."""
    return f"{endpoint}-traffic"


def _letters_and_digits(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


def _dashed(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-")


def _digest(text: str, length: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:length]
