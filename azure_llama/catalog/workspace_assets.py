"""Ids of assets that lie in a workspace: models, environments and code."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from azure_llama.catalog.arm_ids import parse_arm_id

Collection = Literal["models", "environments", "codes"]
"""ARM's name of the assets of a kind below a workspace."""

_SHORT = re.compile(r"azureml:([A-Za-z0-9][A-Za-z0-9_.-]{0,254}):([^:/@\s]+)", re.ASCII)
_PREFIX = "azureml:"
_WORKSPACE = "Microsoft.MachineLearningServices/workspaces"


@dataclass(frozen=True)
class WorkspaceAsset:
    """One version of an asset.

    Attributes:
        collection: What it is.
        name: Its name.
        version: Its version: any text, unlike the versions of registries.
        workspace: ARM id of its workspace; None for the workspace of the deployment that uses it.
    """

    collection: Collection
    name: str
    version: str
    workspace: str | None = None

    def arm_id(self, workspace: str) -> str:
        """Its ARM id.

        Args:
            workspace: Required. ARM id of the workspace of the deployment that uses it.
        """
        return f"{self.workspace or workspace}/{self.collection}/{self.name}/versions/{self.version}"


def parse_workspace_asset(text: str, collection: Collection) -> WorkspaceAsset | None:
    """The parts of `azureml:NAME:VERSION`, or of an ARM id with or without `azureml:` before it.

    Args:
        text: Required. The id.
        collection: Required. What it must be the id of.

    Returns:
        None when the text is no such id. Ids of registries (`azureml://`) are none.
    """
    short = _SHORT.fullmatch(text)
    if short is not None:
        return WorkspaceAsset(collection, short[1], short[2])
    known = parse_arm_id(text.removeprefix(_PREFIX))
    if known is None or not known.is_a(f"{_WORKSPACE}/{collection}/versions"):
        return None
    workspace = text.removeprefix(_PREFIX).rsplit("/", 4)[0]
    return WorkspaceAsset(collection, known.names[1], known.names[2], workspace)
