"""What edits of a configuration choose from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import strategies as st

from tests.differential.repair import Config
from tests.histories import start

Draw = Callable[[st.SearchStrategy[Any]], Any]
Edit = Callable[[Config, Draw], bool]
"""Changes a configuration; False when there is nothing that it could change."""


def one(config: Config, setting: str, draw: Draw) -> tuple[str, Config]:
    """An entry of a map of the configuration; the name is empty when there is none."""
    entries = config.get(setting, {})
    if not entries:
        return "", {}
    name = draw(st.sampled_from(sorted(entries)))
    return name, entries[name]


def free(taken: Mapping[str, Any], names: tuple[str, ...], draw: Draw) -> str:
    """A name that no entry has; empty when there is none."""
    free = [name for name in names if name not in taken]
    return str(draw(st.sampled_from(free))) if free else ""


def remove(config: Config, setting: str, draw: Draw) -> bool:
    """Remove an entry of a map of the configuration, unless it is the last of all."""
    name, _ = one(config, setting, draw)
    if not name or sum(len(config.get(each, {})) for each in (start.MANAGED, start.SERVERLESS, start.FOUNDRY)) == 1:
        return False
    del config[setting][name]
    if not config[setting]:
        del config[setting]
    return True


def foundry_deployment(config: Config, draw: Draw) -> Config:
    """A deployment of a Foundry account; empty when there is none."""
    _, account = one(config, start.FOUNDRY, draw)
    return account["deployments"][draw(st.sampled_from(sorted(account["deployments"])))] if account else {}
