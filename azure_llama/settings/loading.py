"""From what Pulumi hands over to settings, or to one report of everything that is wrong."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

from azure_llama.catalog import Catalog, nearest
from azure_llama.settings.checks import Finding
from azure_llama.settings.models import Settings
from azure_llama.settings.problems import Problem, SettingsError, Where, path, show
from azure_llama.settings.relations import everywhere
from azure_llama.settings.translate import keys_at, translate, wanted_at

NAMESPACE = "azure-llama:"
LOCATION = "azure-native:location"

_NAMESPACES = (NAMESPACE.removesuffix(":"), LOCATION.partition(":")[0])
_ALL_BUT = 0.9
"""How alike a namespace is to be taken for one of ours: a letter or two; `azure-native-v2` is somebody else's."""
_FULL = {key: LOCATION if key == "location" else NAMESPACE + key for key in keys_at(())}
_SHORT = {full: key for key, full in _FULL.items()}
_Found = tuple[Where, Finding]


class _UnreadableError(ValueError):
    """A text is not the JSON of a map or list; the message ends the sentence that begins with the text."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    entries: dict[str, Any] = {}
    for key, value in pairs:
        if key in entries:
            raise _UnreadableError(f"has the key {show(key)} twice")
        entries[key] = value
    return entries


def _no_number(name: str) -> float:
    raise _UnreadableError(f"holds {name}, which is no number")


def _parse(text: str, wanted: str) -> Any:
    try:
        value = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
        json.dumps(value, ensure_ascii=False).encode()
    except _UnreadableError:
        raise
    except UnicodeEncodeError:
        raise _UnreadableError("holds half a character, which UTF-8 has no form for") from None
    except json.JSONDecodeError as error:
        if text.lstrip()[:1] in ("{", "["):
            said = f"is broken JSON: {error.msg} at line {error.lineno}, column {error.colno}"
            raise _UnreadableError(said) from None
        raise _UnreadableError(f"is a text, not {wanted}") from None
    except ValueError:
        raise _UnreadableError("holds a number that is too long") from None
    except RecursionError:
        raise _UnreadableError("is nested too deeply") from None
    return value


def _unknown(full: str) -> Finding:
    near = nearest(full.removeprefix(NAMESPACE), _FULL)
    known = _FULL[near] if near else None
    way_out = f"did you mean {known!r}?" if known else f"the keys are {', '.join(_SHORT)}"
    return Finding("is not a key of this project", way_out, known, shown="")


def _meant(full: str) -> str | None:
    """The key whose namespace was all but written; None for what is another provider's."""
    given, _, key = full.partition(":")
    near = get_close_matches(given, _NAMESPACES, n=1, cutoff=_ALL_BUT)
    return f"{near[0]}:{key}" if near and near[0] != given else None


def _read(config: Mapping[str, str]) -> tuple[dict[str, Any], list[_Found]]:
    """The values by the settings' own keys, in the order of the configuration, and what could not be read."""
    raw: dict[str, Any] = {}
    found: list[_Found] = []
    for full, text in config.items():
        if full == LOCATION:
            raw["location"] = text
        elif full in _SHORT:
            wanted = wanted_at((_SHORT[full],))
            if not text:
                # What Pulumi hands over for a key with nothing after it.
                found.append(((full,), Finding(f"is empty, not {wanted}", f"write {wanted}, or remove it", shown="")))
                continue
            try:
                raw[_SHORT[full]] = _parse(text, wanted)
            except _UnreadableError as error:
                found.append(((full,), Finding(str(error), f"write {wanted}", shown=show(text))))
        elif full.startswith(NAMESPACE):
            found.append(((full,), _unknown(full)))
        elif meant := _meant(full):
            found.append(
                ((full,), Finding("is of no project or provider here", f"did you mean {meant!r}?", meant, shown=""))
            )
    return raw, found


def _in_full(found: Iterable[_Found]) -> Iterator[_Found]:
    """The findings with the whole way to each, from the stack's full key on."""
    for where, finding in found:
        first, *rest = where + finding.at
        yield (_FULL[first], *rest), finding


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


def _problem(tree: Any, where: Where, finding: Finding) -> Problem:
    shown = finding.shown
    if shown is None:
        value = tree
        for part in where:
            value = _entries(value)[part]
        shown = show(value)
    return Problem(path(where), shown or None, finding.rule, finding.way_out, finding.nearest)


def load(config: Mapping[str, str], catalog: Catalog | None = None) -> Settings:
    """The settings of a stack.

    Args:
        config: Required. All configuration of the run as Pulumi has it: full key to raw text, objects as JSON.
            Only `azure-llama:*` and `azure-native:location` are read.
        catalog: Optional. The catalogue to look models, sizes and regions up in; the package's own by default.

    Raises:
        SettingsError: the configuration has errors; its text reports every one, in the configuration's order.
    """
    catalog = catalog or Catalog.package()
    raw, found = _read(config)
    unread = {where[0] for where, _ in found}
    try:
        settings = Settings.model_validate(raw, by_alias=True, by_name=False, context=catalog)
        if not found:
            return settings
    except ValidationError as error:
        told = [translate(each) for each in error.errors(include_url=False)]
        # A key that could not be read is not missing.
        found += [each for each in _in_full(told) if len(each[0]) > 1 or each[0][0] not in unread]
    found += _in_full(everywhere(raw, catalog))
    distinct = {(where, finding.rule): (where, finding) for where, finding in found}
    tree = {full: raw.get(_SHORT.get(full, "")) for full in config}
    problems = sorted(distinct.values(), key=lambda each: _order(tree, each[0]))
    raise SettingsError(_problem(tree, where, finding) for where, finding in problems)
