"""A model that an endpoint is to serve: one of the catalogue, or another publisher's, of which only the id is known."""

from __future__ import annotations

from dataclasses import dataclass

from azure_llama import catalog
from azure_llama.catalog import AssetId, Model


@dataclass(frozen=True)
class ServedModel:
    """A model of a registry.

    Attributes:
        asset: Its id, without a version.
        known: The catalogue's row; None for a model of another publisher.
    """

    asset: AssetId
    known: Model | None

    @property
    def key(self) -> str:
        """What settings and outputs call it: its name in the catalogue, else its asset id."""
        return self.known.name if self.known else str(self.asset)

    @property
    def resource_name(self) -> str:
        """A name of it without slashes, unlike that of any other model."""
        return self.known.name if self.known else f"{self.asset.registry}-{self.asset.name}"

    @property
    def name(self) -> str:
        """Its name in the registry, which clients send as `model`."""
        return self.asset.name

    def versioned_id(self, version: str | None) -> str:
        """Its id with a version, as managed deployments take it.

        Args:
            version: Conditional. Required unless the catalogue knows one.

        Raises:
            UnknownVersionError: no version was given and none is known.
        """
        if self.known is not None:
            return self.known.versioned_id(version)
        if version is None:
            raise catalog.UnknownVersionError(f"{self.asset} is not in the catalogue; give the version to deploy.")
        return str(AssetId(self.asset.registry, self.asset.name, version))


def served_model(text: str) -> ServedModel:
    """The model of a name in the catalogue, or of an asset id.

    Raises:
        UnknownModelError: the text is neither; the message names the nearest of the catalogue.
    """
    known, asset = catalog.find_model(text), catalog.parse_asset_id(text)
    if known is None and asset is not None:
        return ServedModel(AssetId(asset.registry, asset.name), None)
    found = known or catalog.model(text)
    return ServedModel(AssetId(found.registry, found.name), found)
