"""The base of every part of the settings: strict, frozen, camelCase in YAML, with relations between its values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from pydantic import BaseModel, ConfigDict, PrivateAttr, ValidationError, model_validator
from pydantic.alias_generators import to_camel
from pydantic_core import InitErrorDetails

from azure_llama.catalog import Catalog
from azure_llama.settings.problems import Violation, Where, below

Model = TypeVar("Model", bound="StrictModel")
Relation = Callable[[Model], Iterator[Violation]]


class InvalidValueError(Exception):
    """A relation needs a value that is invalid itself, which is reported already."""


def relation(check: Relation[Model]) -> Relation[Model]:
    """Declare a method as a rule that binds several values of its model.

    The method reads values as if all were valid. A value that is not raises `InvalidValueError` when it is read, and
    the rest of that method is skipped.
    """
    check.is_relation = True  # type: ignore[attr-defined]  # a mark on a function
    return check


class StrictModel(BaseModel):
    """A part of the settings: no unknown keys, no conversions, no changes.

    Attributes:
        wire_resource: The type of azure-native, without its prefix, whose properties the settings decide; None where it
            is that of the settings above. See `azure_llama.settings.wire`.
    """

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        frozen=True,
        alias_generator=to_camel,
        validate_by_alias=True,
        validate_by_name=True,  # for Python callers; `load` turns it off, since YAML has the camelCase keys alone
    )
    wire_resource: ClassVar[str | None] = None
    relations: ClassVar[tuple[Relation[Any], ...]] = ()

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        own = (value for value in vars(cls).values() if getattr(value, "is_relation", False))
        cls.relations = (*cls.relations, *own)

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """Of the models that `partial` makes: a field without a valid value."""
            if name in type(self).model_fields:
                raise InvalidValueError(name)
            return super().__getattr__(name)

    def set_keys(self) -> frozenset[str]:
        """The keys, as YAML has them, that are set to something, valid or not."""
        stated = (name for name in self.model_fields_set if self.__dict__.get(name, ...) is not None)
        return frozenset(type(self).model_fields[name].alias or name for name in stated)

    def violations(self) -> Iterator[Violation]:
        """The relations that this model's own values violate, except those that need an invalid value."""
        for check in self.relations:
            with suppress(InvalidValueError):
                yield from check(self)

    @model_validator(mode="after")
    def _has_no_violations(self) -> Self:
        if violations := list(self.violations()):
            errors = (
                InitErrorDetails(type=violation.relation_error, loc=violation.at, input=self)
                for violation in violations
            )
            raise ValidationError.from_exception_data(type(self).__name__, list(errors))
        return self


def in_each(key: str, parts: Mapping[str, Model], check: Callable[[Model], Iterator[Violation]]) -> Iterator[Violation]:
    """The violations in each entry of a map, except where the check needs an invalid value of that entry.

    Args:
        key: Required. The map's key.
        parts: Required. Its entries.
        check: Required. Checks one entry.
    """
    for name, part in parts.items():
        with suppress(InvalidValueError):
            yield from below((key, name), check(part))


def catalog_of(context: Any) -> Catalog:
    """The catalogue that a validation is given; the package's own for callers in Python who give none."""
    return context if isinstance(context, Catalog) else Catalog.package()


class CatalogModel(StrictModel):
    """A part of the settings that names rows of the catalogue."""

    _catalog: Catalog = PrivateAttr()

    def model_post_init(self, context: Any, /) -> None:
        """Keep the catalogue of the validation."""
        self._catalog = catalog_of(context)


def violations_below(part: Any, where: Where = ()) -> Iterator[tuple[Where, Violation]]:
    """All violated relations of a part of the settings and of everything in it, each with the keys that lead to it."""
    match part:
        case StrictModel():
            for violation in part.violations():
                yield (*where, *violation.at), violation
            for name, field in type(part).model_fields.items():
                yield from violations_below(part.__dict__.get(name), (*where, field.alias or name))
        case dict():
            for key, entry in part.items():
                yield from violations_below(entry, (*where, key))
        case list():
            for index, entry in enumerate(part):
                yield from violations_below(entry, (*where, str(index)))
