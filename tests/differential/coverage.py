"""Which options of the settings a stack sets."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from azure_llama.settings.loading import full_key
from azure_llama.settings.models import Settings
from azure_llama.settings.wire import ANY, EACH, options
from tests.differential.repair import Config

_Keys = tuple[str, ...]


@cache
def every_option() -> frozenset[str]:
    """All options, as the reference of the settings names them: `managed.*.deployments.*.vmSize`."""
    return frozenset(".".join(option.keys) for option in options(Settings))


@cache
def undrawn() -> dict[str, str]:
    """Why an option, and those below it, is not drawn."""
    reasons: dict[str, str] = yaml.safe_load((Path(__file__).parent / "undrawn.yaml").read_text()) or {}
    return reasons


def drawn(config: Config) -> frozenset[str]:
    """The options that a stack sets."""
    return frozenset(".".join(option.keys) for option in options(Settings) if _is_set(config, option.keys))


def missing(covered: frozenset[str]) -> list[str]:
    """The options that are neither covered nor excused."""
    excused = tuple(undrawn())
    return sorted(each for each in every_option() - covered if not _below(each, excused))


def _below(option: str, excused: _Keys) -> bool:
    return any(option == each or option.startswith(f"{each}.") for each in excused)


def _is_set(config: Config, keys: _Keys) -> bool:
    first, *rest = keys
    return full_key(first) in config and any(True for _ in _values(config[full_key(first)], tuple(rest)))


def _values(value: Any, keys: _Keys) -> Iterator[Any]:
    if not keys:
        yield value
        return
    first, *rest = keys
    if first == ANY:
        inside = list(value.values()) if isinstance(value, dict) else []
    elif first == EACH:
        inside = value if isinstance(value, list) else []
    else:
        inside = [value[first]] if isinstance(value, dict) and first in value else []
    for each in inside:
        yield from _values(each, tuple(rest))
