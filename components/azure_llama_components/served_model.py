"""A model that an endpoint is to serve: one of the catalogue, or another publisher's, of which only the id is known."""

from __future__ import annotations

from dataclasses import dataclass

from azure_llama.catalog import AssetId, Catalog, Model, UnknownVersionError


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
            raise UnknownVersionError(f"{self.asset} is not in the catalogue; give the version to deploy.")
        return str(AssetId(self.asset.registry, self.asset.name, version))


def served_model(model: str | ServedModel, catalog: Catalog | None = None) -> ServedModel:
    """The model of a name in the catalogue, or of an asset id.

    Args:
        model: Required. The name or asset id; a model that was looked up already is returned as it is.
        catalog: Optional. The catalogue to look it up in; the package's own by default.

    Raises:
        UnknownModelError: the text is neither; the message names the nearest of the catalogue.
    """
    if isinstance(model, ServedModel):
        return model
    catalog = catalog or Catalog.package()
    reference = catalog.reference(model)
    if reference.model is None and reference.asset is not None:
        return ServedModel(AssetId(reference.asset.registry, reference.asset.name), None)
    found = reference.model or catalog.model(model)
    return ServedModel(AssetId(found.registry, found.name), found)
