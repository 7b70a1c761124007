"""Reading workspaces, for the rules about them."""

from __future__ import annotations

from azure_llama_policies.resources import Resource


def of_a_hub(workspace: Resource) -> str | None:
    """Why a hub's setting is not a project's: a project takes network and storage from its hub.

    Raises:
        NotSeenError: its kind is not known yet.
    """
    kind = workspace.value("kind")
    return "a project takes this from its hub" if str(kind).casefold() == "project" else None
