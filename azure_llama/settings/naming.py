"""Names of a stack's resources: deterministic, and valid for any workspace name.

The rules are those of `azure_llama.catalog.names`. No Pulumi here: what looks for a stack's names in Azure, such as
those of deleted resources, finds them without running the stack.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from azure_llama.catalog import names as rules

SUFFIX_LENGTH = 8
"""Hexadecimal digits of the suffix that makes a name unique in the world."""

_DIGEST = 6


@dataclass(frozen=True, kw_only=True)
class StackNames:
    """The names of all resources besides endpoints that a stack may have, created or not.

    Attributes:
        resource_group: Unique in the subscription.
        workspace: Unique in the resource group; a deleted one keeps its name for 14 days.
        hub: The hub of a project; like the workspace.
        storage_account: Unique in the world.
        key_vault: Unique in the world, for days after its deletion too.
        log_analytics: Unique in the resource group.
        application_insights: Unique in the resource group.
        container_registry: Unique in the world.
        virtual_network: Unique in the resource group.
        identity: The user-assigned identity; unique in the resource group.
        content_safety: Unique in the world, for 48 hours after its deletion too.
    """

    resource_group: str
    workspace: str
    hub: str
    storage_account: str
    key_vault: str
    log_analytics: str
    application_insights: str
    container_registry: str
    virtual_network: str
    identity: str
    content_safety: str


def stack_names(
    workspace: str,
    *,
    location: str,
    project: str,
    stack: str,
    subscription_id: str,
    resource_group: str | None = None,
    overrides: Mapping[str, str] | None = None,
) -> StackNames:
    """The names of a stack.

    Args:
        workspace: Required. The workspace's name.
        location: Required. ARM name of the region.
        project: Required. Pulumi project.
        stack: Required. Pulumi stack.
        subscription_id: Required. Azure subscription, in any letter case.
        resource_group: Optional. Its name; derived when None.
        overrides: Optional. Other names, by the attributes of `StackNames`.
    """
    suffix = unique_suffix(project, stack, subscription_id, location, resource_group)
    derived = StackNames(
        resource_group=resource_group or resource_group_name(workspace, location),
        workspace=workspace,
        hub=hub_name(workspace),
        storage_account=storage_account_name(workspace, suffix),
        key_vault=key_vault_name(workspace, suffix),
        log_analytics=log_analytics_name(workspace),
        application_insights=application_insights_name(workspace),
        container_registry=container_registry_name(workspace, suffix),
        virtual_network=virtual_network_name(workspace),
        identity=identity_name(workspace),
        content_safety=content_safety_name(workspace, suffix),
    )
    return replace(derived, **(overrides or {}))


def unique_suffix(
    project: str, stack: str, subscription_id: str, location: str, resource_group: str | None = None
) -> str:
    """The same digits for the same stack, others for any other one.

    The location counts too: a vault that is deleted in one region keeps its name there for days, and a stack that
    moves must not wait for it. So does a resource group of another name than the derived one: what is in the new group
    is made while the old one is still there.

    Args:
        project: Required. Pulumi project.
        stack: Required. Pulumi stack.
        subscription_id: Required. Azure subscription, in any letter case.
        location: Required. ARM name of the region.
        resource_group: Optional. Its name where the stack gives one.
    """
    parts = (project, stack, subscription_id.lower(), location, *([resource_group.lower()] if resource_group else []))
    return _digest("/".join(parts), SUFFIX_LENGTH)


def resource_group_name(workspace: str, location: str) -> str:
    """Another region is another group, so that a move never waits."""
    return f"rg-{workspace}-{location}"


def stack_group_name(project: str, stack: str, location: str) -> str:
    """The resource group of a stack without a workspace."""
    name = f"rg-{_dashed(project)}-{_dashed(stack)}-{location}"
    longest = rules.RESOURCE_GROUP.longest
    return name if len(name) <= longest else f"{name[: longest - 1 - _DIGEST]}-{_digest(name, _DIGEST)}"


def hub_name(workspace: str) -> str:
    """The hub of a project: a workspace name itself."""
    name = f"{workspace}-hub"
    longest = rules.WORKSPACE.longest
    if len(name) <= longest:
        return name
    kept = longest - len("--hub") - _DIGEST
    return f"{workspace[:kept]}-{_digest(workspace, _DIGEST)}-hub"


def storage_account_name(workspace: str, suffix: str) -> str:
    """Lower-case letters and digits."""
    return f"st{_letters_and_digits(workspace)[: rules.STORAGE_ACCOUNT.longest - len('st') - len(suffix)]}{suffix}"


def key_vault_name(workspace: str, suffix: str) -> str:
    """Letters, digits and single dashes."""
    return f"kv-{_letters_and_digits(workspace)[: rules.KEY_VAULT.longest - len('kv--') - len(suffix)]}-{suffix}"


def log_analytics_name(workspace: str) -> str:
    """Letters, digits and dashes."""
    return f"log-{_dashed(workspace)}"


def application_insights_name(workspace: str) -> str:
    """Letters, digits and dashes."""
    return f"appi-{_dashed(workspace)}"


def container_registry_name(workspace: str, suffix: str) -> str:
    """Lower-case letters and digits."""
    return f"cr{_letters_and_digits(workspace)}{suffix}"


def virtual_network_name(workspace: str) -> str:
    """Letters, digits and dashes."""
    return f"vnet-{_dashed(workspace)}"


def identity_name(workspace: str) -> str:
    """Letters, digits and dashes."""
    return f"id-{_dashed(workspace)}"


def content_safety_name(workspace: str, suffix: str) -> str:
    """Lower-case letters, digits and dashes, since it is part of an address."""
    return f"cs-{_dashed(workspace).lower()}-{suffix}"


def _letters_and_digits(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


def _dashed(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-")


def _digest(text: str, length: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:length]
