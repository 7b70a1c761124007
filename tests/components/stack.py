"""A workspace to put endpoints into."""

from __future__ import annotations

from azure_llama_components import Workspace, WorkspaceArgs

TAGS = {"team": "llama"}


def workspace() -> Workspace:
    """The workspace `llama-dev` in East US 2."""
    return Workspace("w", WorkspaceArgs(name="llama-dev", location="eastus2", tags=TAGS))
