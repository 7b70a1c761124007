"""What every part of the settings is: strict, frozen, camelCase in YAML."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, PrivateAttr
from pydantic.alias_generators import to_camel

from azure_llama.catalog import Catalog
from azure_llama.settings import checks

TagName = Annotated[str, AfterValidator(checks.tag_name)]
TagValue = Annotated[str, AfterValidator(checks.tag_value)]


def first(findings: Iterator[checks.Finding]) -> None:
    """Raise the first of the findings, for callers in Python; `load` reports all of them."""
    for finding in findings:
        raise checks.refusal(finding)


class StrictModel(BaseModel):
    """A part of the settings: no unknown keys, no conversions, no changes."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        frozen=True,
        alias_generator=to_camel,
        validate_by_alias=True,
        validate_by_name=True,  # for Python callers; `load` turns it off, since YAML has the camelCase keys alone
    )


class CatalogModel(StrictModel):
    """A part of the settings that names rows of the catalogue."""

    _catalog: Catalog = PrivateAttr()

    def model_post_init(self, context: Any, /) -> None:
        """Keep the catalogue of the validation."""
        self._catalog = checks.catalog_of(context)


def plain(settings: StrictModel) -> dict[str, Any]:
    """A part of the settings as the map that it was made from."""
    return settings.model_dump(by_alias=True, exclude_unset=True)
