"""Converts the configuration that Pulumi passes to settings, and reports all errors together."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError
from pydantic.alias_generators import to_snake

from azure_llama.catalog import Catalog, nearest
from azure_llama.documents.unknown import is_unknown
from azure_llama.documents.validation import keys_at
from azure_llama.settings.base import violations_below
from azure_llama.settings.models import Settings
from azure_llama.settings.partial import bare, declared_type, partial
from azure_llama.settings.problems import RELATION, Problem, SettingsError, Violation, Where, listed, path, show
from azure_llama.settings.translate import translate, wanted_at
from azure_llama.settings.unknown import NoStandInError, filled

NAMESPACE = "azure-llama:"
LOCATION = "azure-native:location"

_NAMESPACES = (NAMESPACE.removesuffix(":"), LOCATION.partition(":")[0])
_SIMILARITY = 0.9
"""How similar a namespace must be to count as ours misspelt. `azure-native-v2` is another provider's."""
_UNREADABLE = object()
_Located = tuple[Where, Violation]


class _UnreadableError(ValueError):
    """A string is not the JSON of a map or list; the message ends the sentence that begins with the string."""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    entries: dict[str, Any] = {}
    for key, value in pairs:
        if key in entries:
            raise _UnreadableError(f"has the key {show(key)} twice")
        entries[key] = value
    return entries


def _reject_constant(name: str) -> float:
    raise _UnreadableError(f"contains {name}, which is not a number")


def _parse(text: str, wanted: str) -> Any:
    try:
        value = json.loads(text, object_pairs_hook=_unique, parse_constant=_reject_constant)
        json.dumps(value, ensure_ascii=False).encode()
    except _UnreadableError:
        raise
    except UnicodeEncodeError:
        raise _UnreadableError("contains half a character, which UTF-8 cannot encode") from None
    except json.JSONDecodeError as error:
        if text.lstrip()[:1] in ("{", "["):
            rule = f"is invalid JSON: {error.msg} at line {error.lineno}, column {error.colno}"
            raise _UnreadableError(rule) from None
        raise _UnreadableError(f"must be {wanted}, not a string") from None
    except ValueError:
        raise _UnreadableError("contains a number that is too long") from None
    except RecursionError:
        raise _UnreadableError("is nested too deeply") from None
    return value


def full_key(key: str) -> str:
    """The stack's full key of one of the settings' own keys."""
    return LOCATION if key == "location" else NAMESPACE + key


def _unknown(full: str, keys: Sequence[str]) -> Violation:
    near = nearest(full.removeprefix(NAMESPACE), keys)
    meant = full_key(near) if near else None
    remedy = f"did you mean {meant!r}?" if meant else f"the keys are {listed([full_key(key) for key in keys])}"
    return Violation("is not a key of this project", remedy, meant, shown="")


def _foreign(full: str) -> Violation | None:
    """The violation of a key whose namespace is one of ours misspelt; None for another provider's."""
    namespace, _, key = full.partition(":")
    near = get_close_matches(namespace, _NAMESPACES, n=1, cutoff=_SIMILARITY)
    if not near or near[0] == namespace:
        return None
    meant = f"{near[0]}:{key}"
    return Violation("is not a key of this project or its providers", f"did you mean {meant!r}?", meant, shown="")


def _value(key: str, text: str, model: type[Settings]) -> Any:
    """The value of one of the settings' own keys, or the violation of what cannot be read."""
    if is_unknown(text):
        return text
    wanted = wanted_at(model, (key,))
    if not text:
        # What Pulumi passes for a key with nothing after it.
        return Violation(f"must be {wanted}, not empty", f"set {wanted}, or remove it", shown="")
    try:
        return _parse(text, wanted)
    except _UnreadableError as error:
        return Violation(str(error), f"set {wanted}", shown=show(text))


def _read(config: Mapping[str, str], model: type[Settings]) -> tuple[dict[str, Any], list[_Located]]:
    """The values by the settings' own keys, in the configuration's order; violations of keys and of unreadable values.

    A value that cannot be read is `_UNREADABLE`.
    """
    raw: dict[str, Any] = {}
    unreadable: list[_Located] = []
    short = {full_key(key): key for key in keys_at(model, ())}
    for full, text in config.items():
        key = short.get(full)
        violation: Violation | None = None
        if key and bare(declared_type(model.model_fields[to_snake(key)])) is str:
            if text or full == LOCATION:  # the project's default of the others is empty
                raw[key] = text
        elif key:
            value = _value(key, text, model)
            violation = value if isinstance(value, Violation) else None
            raw[key] = _UNREADABLE if violation else value
        else:
            violation = _unknown(full, tuple(short.values())) if full.startswith(NAMESPACE) else _foreign(full)
        if violation:
            unreadable.append(((full,), violation))
    return raw, unreadable


def _in_full(located: Iterable[_Located]) -> Iterator[_Located]:
    """The same violations, each with the stack's full key first."""
    for (first, *rest), violation in located:
        yield (full_key(first), *rest), violation


def _order(tree: Any, where: Where) -> tuple[int, ...]:
    """Where a place comes in the configuration; what is missing comes after what is there."""
    order = []
    for part in where:
        entries = _entries(tree)
        keys = list(entries)
        order.append(keys.index(part) if part in keys else len(keys))
        tree = entries.get(part)
    return tuple(order)


def _entries(tree: Any) -> Mapping[str, Any]:
    """What is below a place, by its key; the entries of a list are numbered from 0."""
    if isinstance(tree, list):
        return {str(at): value for at, value in enumerate(tree)}
    return tree if isinstance(tree, Mapping) else {}


def _problem(tree: Any, where: Where, violation: Violation) -> Problem:
    shown = violation.shown
    if shown is None:
        value = tree
        for part in where:
            value = _entries(value)[part]
        shown = show(value)
    return Problem(path(where), shown or None, violation.rule, violation.remedy, violation.nearest)


def _invalid(
    raw: Mapping[str, Any], error: ValidationError, catalog: Catalog, model: type[Settings]
) -> Iterator[_Located]:
    """All violations of values and of relations, with the settings' own key first."""
    for details in error.errors(include_url=False):
        if details["type"] != RELATION and details["input"] is not _UNREADABLE:
            yield translate(details, model)
    yield from violations_below(partial(model, raw, catalog))


def _masked(value: Any) -> Any:
    """A value without the unknown parts of it: no type takes what is in their place."""
    if isinstance(value, Mapping):
        return {key: _masked(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_masked(entry) for entry in value]
    return _UNREADABLE if is_unknown(value) else value


def _load_partly(raw: Mapping[str, Any], catalog: Catalog, model: type[Settings]) -> Settings:
    """The settings with stand-ins for unknown values, without the relations that would need those.

    Raises:
        SettingsError: an unknown value has no stand-in.
    """
    try:
        complete = filled(model, raw, catalog)
    except NoStandInError as error:
        key, *rest = error.where
        place = path((full_key(key), *rest))
        problem = Problem(place, None, "is unknown, and the rest depends on it", f"give it with --value {place}=VALUE")
        raise SettingsError([problem]) from None
    settings = partial(model, complete, catalog)
    assert isinstance(settings, Settings)
    return settings


def load(config: Mapping[str, str], catalog: Catalog, model: type[Settings] = Settings) -> Settings:
    """The settings of a stack.

    Args:
        config: Required. All configuration of the run as Pulumi has it: full key to raw string, objects as JSON.
            Only `azure-llama:*` and `azure-native:location` are read. A value that is unknown
            (`azure_llama.documents.unknown`) is not checked; another valid one takes its place.
        catalog: Required. The catalogue in which names are looked up.
        model: Optional. The settings' model; it has a field for each kind of endpoint of the catalogue.

    Raises:
        SettingsError: the configuration has errors; its text reports all of them, in the configuration's order.
    """
    raw, located = _read(config, model)
    known = _masked(raw)
    try:
        settings = model.model_validate(known, by_alias=True, by_name=False, context=catalog)
        if not located:
            return settings
    except ValidationError as error:
        located += _in_full(_invalid(known, error, catalog, model))
    if not located:
        return _load_partly(raw, catalog, model)
    tree = dict.fromkeys(config) | {full_key(key): value for key, value in raw.items()}
    located.sort(key=lambda violation: _order(tree, violation[0]))
    raise SettingsError(_problem(tree, where, violation) for where, violation in located)
