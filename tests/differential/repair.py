"""Makes settings valid by taking out what they report as invalid."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from azure_llama.catalog import Catalog
from azure_llama.settings import SettingsError
from azure_llama.settings import load as load_settings
from azure_llama.settings.problems import Problem

Config = dict[str, Any]
"""The configuration of a stack, as its YAML has it."""

_MOST, _PATIENCE = 80, 8
_PART = re.compile(r'\["((?:[^"\\]|\\.)*)"\]|([A-Za-z0-9:_-]+)')
_KEEP = {"azure-native:location": "eastus2", "azure-llama:workspace": {"name": "llama-dev"}}
_CATALOG = Catalog.package()


def texts(config: Mapping[str, Any]) -> dict[str, str]:
    """A configuration as Pulumi passes it."""
    return {key: value if isinstance(value, str) else json.dumps(value) for key, value in config.items()}


def problems(config: Mapping[str, Any]) -> tuple[Problem, ...]:
    """The errors that the settings report."""
    try:
        load_settings(texts(config), _CATALOG)
    except SettingsError as error:
        return error.problems
    return ()


def repaired(config: Config) -> Config:
    """The same configuration without its errors: each is taken out, and what holds it where that does not help."""
    config, seen = deepcopy(config), Counter[str]()
    for _ in range(_MOST):
        found = problems(config)
        if not found:
            return config
        for problem in found:
            place = [json.loads(f'"{quoted}"') if quoted else plain for quoted, plain in _PART.findall(problem.path)]
            _take_out(config, place[: max(1, len(place) - seen[problem.path])])
            seen[problem.path] += 1
        if max(seen.values()) > _PATIENCE:
            config.pop(next((key for key in reversed(config) if key not in _KEEP), ""), None)
            seen.clear()
    return deepcopy(_KEEP)


def _take_out(config: Config, place: list[str]) -> None:
    holder: Any = config
    for depth, part in enumerate(place):
        key = int(part) if isinstance(holder, list) and part.isdecimal() else part
        last = depth == len(place) - 1
        there = key < len(holder) if isinstance(holder, list) and isinstance(key, int) else key in holder
        if not there:
            return
        if last:
            del holder[key]
        elif isinstance(holder[key], dict | list):
            holder = holder[key]
        else:
            return
    for key, value in _KEEP.items():
        if key not in config and (key != "azure-llama:workspace" or not config.get("azure-llama:foundry")):
            config[key] = deepcopy(value)
