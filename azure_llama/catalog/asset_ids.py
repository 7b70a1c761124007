"""Ids of models in Azure ML registries.

Serverless endpoints and marketplace subscriptions take them without a version and deploy the newest one; managed
deployments need the version.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_FORM = re.compile(r"azureml://registries/([^/]+)/models/([^/]+)(?:/versions/([^/]+))?", re.IGNORECASE)


@dataclass(frozen=True)
class AssetId:
    """`azureml://registries/<registry>/models/<name>[/versions/<version>]`.

    Attributes:
        registry: `azureml-meta` for Meta's models, `azureml` for Microsoft's own.
        name: The model's name in the registry.
        version: None where the id has none.
    """

    registry: str
    name: str
    version: str | None = None

    @property
    def needs_subscription(self) -> bool:
        """Whether serverless endpoints of it need a marketplace subscription first: all but Microsoft's own do."""
        return self.registry.casefold() != "azureml"

    def __str__(self) -> str:
        plain = f"azureml://registries/{self.registry}/models/{self.name}"
        return plain if self.version is None else f"{plain}/versions/{self.version}"


def parse_asset_id(text: str) -> AssetId | None:
    """The parts of a model's asset id; None when the text is not one."""
    match = _FORM.fullmatch(text)
    return AssetId(match[1], match[2], match[3]) if match else None
