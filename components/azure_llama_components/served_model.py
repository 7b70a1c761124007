"""The model that an endpoint serves: one of the catalogue, or an asset id of another publisher."""

from __future__ import annotations

from dataclasses import dataclass

from azure_llama.catalog import AssetId, Catalog, Model, UnknownVersionError
from azure_llama.catalog.llama_models import ModelReference


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
        """Its name in settings and outputs: its name in the catalogue, else its asset id."""
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


def served_model(model: str | ModelReference | ServedModel) -> ServedModel:
    """The model of a name in the catalogue, or of an asset id.

    Args:
        model: Required. The name or asset id, which is looked up in the package's catalogue; what settings refer to; or
            a model that was looked up already, which is returned as it is.

    Raises:
        UnknownModelError: the text is neither; the message names the nearest of the catalogue.
    """
    if isinstance(model, ServedModel):
        return model
    reference = Catalog.package().reference(model) if isinstance(model, str) else model
    if reference.model is None and reference.asset is not None:
        return ServedModel(AssetId(reference.asset.registry, reference.asset.name), None)
    found = reference.model or Catalog.package().model(reference.text)
    return ServedModel(AssetId(found.registry, found.name), found)
