"""The workspace of settings that have one."""

from __future__ import annotations

from azure_llama.settings import Settings, WorkspaceSettings


def workspace_of(settings: Settings) -> WorkspaceSettings:
    """The workspace, which a stack of Foundry accounts alone does not have."""
    assert settings.workspace is not None
    return settings.workspace
