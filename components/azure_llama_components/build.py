"""The shared context of the steps that create a workspace."""

from __future__ import annotations

from dataclasses import dataclass

from pulumi_azure_native import operationalinsights

from azure_llama.settings.naming import StackNames
from azure_llama_components.placement import Placement
from azure_llama_components.workspace_args import WorkspaceArgs


@dataclass(frozen=True, kw_only=True)
class Build:
    """One workspace that is being created.

    Attributes:
        name: Logical name of the component, with which the logical names of its resources begin.
        args: Its arguments.
        place: Where its resources are.
        names: What its resources are called.
        tenant_id: The directory whose roles count.
        logs: The stack's Log Analytics; None for a project of a hub that exists, without diagnostics.
    """

    name: str
    args: WorkspaceArgs
    place: Placement
    names: StackNames
    tenant_id: str
    logs: operationalinsights.Workspace | None
