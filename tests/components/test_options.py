"""No setting is accepted in silence: each changes the program, and the components take what the settings have."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields, replace
from functools import cache
from typing import Any, Literal, get_args, get_origin

import pytest

from azure_llama.settings import (
    CodeSettings,
    DataCollectionSettings,
    DeploymentSettings,
    EnvironmentSettings,
    FilterRuleSettings,
    FilterSettings,
    FoundryDeploymentSettings,
    FoundryNetworkSettings,
    FoundrySettings,
    InferenceSettings,
    ManagedSettings,
    ProbeSettings,
    ServerlessSettings,
    Settings,
)
from azure_llama.settings.base import StrictModel
from azure_llama.settings.wire import ANY, EACH, Option, options
from azure_llama.stack import program, project
from azure_llama_components import (
    CodeArgs,
    DataCollectionArgs,
    EnvironmentArgs,
    FilterArgs,
    FilterRuleArgs,
    FoundryAccountArgs,
    FoundryDeploymentArgs,
    FoundryNetworkArgs,
    InferenceArgs,
    ManagedDeploymentArgs,
    ManagedEndpointArgs,
    ProbeArgs,
    ServerlessEndpointArgs,
)
from tests.components.option_cases import AFTER, BASE, BEFORE, BESIDE, EDITS, SUBSCRIPTION, UNCHANGING
from tests.conftest import ROOT

LEAVES = {".".join(option.keys): option for option in options(Settings) if option.section is None}


@cache
def _project() -> project.Project:
    return project.load(ROOT, "dev")


@cache
def _registered(config: str) -> program.Program:
    values = {name: value for name, value in json.loads(config).items() if value is not None}
    stack = {
        f"azure-llama:{name}": value if isinstance(value, str) else json.dumps(value)
        for name, value in values.items()
        if name != "location"
    }
    location = {"azure-native:location": values["location"], "azure-native:subscriptionId": SUBSCRIPTION}
    return program.run(replace(_project(), config=location | stack, secret_keys=()))


def _edited(stack: Mapping[str, Any], edits: Mapping[str, Any]) -> dict[str, Any]:
    changed = copy.deepcopy(dict(stack))
    for path, value in edits.items():
        *above, last = path.split(".")
        at: Any = changed
        for key in above:
            at = at[int(key)] if isinstance(at, list) else at.setdefault(key, {})
        if value is None:
            at.pop(last, None)
        else:
            at[last] = value
    return changed


def _around(section: str) -> dict[str, Any]:
    """The stack without the sections that another one does not need, which makes its program quick."""
    wanted = {"location", "workspace", section, BESIDE.get(section)}
    stack = {name: value for name, value in BASE.items() if name in wanted}
    return stack if section == "workspace" else stack | {"workspace": {"name": "llama-dev"}}


def _found(option: Option, stack: Mapping[str, Any]) -> tuple[str, Any]:
    """Where the first setting of this kind is in a stack, and its value; None where the stack does not set it."""
    at: Any = stack
    path = []
    for key in option.keys:
        name = next(iter(at)) if key == ANY else "0" if key == EACH else key
        path.append(name)
        at = at[0] if isinstance(at, list) else (at or {}).get(name)
    return ".".join(path), at


def _another(option: Option, value: Any) -> Any:
    """Another value of a boolean, a number, one of several words, or a name."""
    value = option.field.get_default(call_default_factory=True) if value is None else value
    words = [word for literal in _literals(option.field.annotation) for word in get_args(literal)]
    if words:
        return next(word for word in words if word != value)
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case str():
            return f"{value}2"
    raise AssertionError(f"{'.'.join(option.keys)} has no other value in option_cases.py; add one to EDITS or AFTER")


def _literals(annotation: Any) -> Iterator[Any]:
    if get_origin(annotation) is Literal:
        yield annotation
    for part in get_args(annotation):
        yield from _literals(part)


@pytest.mark.parametrize("name", sorted(LEAVES.keys() - UNCHANGING.keys()))
def test_a_setting_changes_the_program(name: str) -> None:
    option = LEAVES[name]
    before = _edited(_around(option.keys[0]), BEFORE.get(name, {}))
    edits = AFTER.get(name)
    if edits is None:
        path, value = _found(option, before)
        edits = {path: EDITS[name] if name in EDITS else _another(option, value)}
    after = _edited(before, edits)
    assert _registered(json.dumps(after)) != _registered(json.dumps(before))


def test_the_cases_are_of_settings() -> None:
    assert (EDITS.keys() | BEFORE.keys() | AFTER.keys() | UNCHANGING.keys()) <= LEAVES.keys()


PAIRS: list[tuple[type[Any], type[StrictModel], dict[str, set[str]], set[str]]] = [
    (ProbeArgs, ProbeSettings, {}, set()),
    (DataCollectionArgs, DataCollectionSettings, {}, set()),
    (CodeArgs, CodeSettings, {}, set()),
    (EnvironmentArgs, EnvironmentSettings, {}, set()),
    (InferenceArgs, InferenceSettings, {}, set()),
    (
        ManagedDeploymentArgs,
        DeploymentSettings,
        {"probes": {"liveness", "readiness", "startup"}, "fit": set()},
        set(),
    ),
    (
        ManagedEndpointArgs,
        ManagedSettings,
        {
            "identity": {"identity_id"},
            "shared_quota": {"shared_quota_since"},
            "diagnostics": {"log_analytics_id"},
            "content_safety": set(),  # an account of the whole stack
            "stopped": set(),  # of each of its deployments
        },
        {"name", "workspace", "tags"},
    ),
    (
        ServerlessEndpointArgs,
        ServerlessSettings,
        {"connections": set()},  # components of their own
        {"name", "workspace", "subscription", "tags"},
    ),
    (FilterRuleArgs, FilterRuleSettings, {}, set()),
    (FilterArgs, FilterSettings, {}, set()),
    (FoundryNetworkArgs, FoundryNetworkSettings, {}, set()),
    (FoundryDeploymentArgs, FoundryDeploymentSettings, {"format": {"format"}}, set()),
    (
        FoundryAccountArgs,
        FoundrySettings,
        {
            "identity": {"identity_id"},
            "network": {"network"},
            "diagnostics": {"log_analytics_id"},
            "log_analytics_id": set(),
            "lock": set(),  # a component of its own
        },
        {"name", "home", "zones", "tags"},
    ),
]
"""The arguments of a component and the settings; settings that have other arguments; arguments that are no settings."""


@pytest.mark.parametrize(("arguments", "settings", "others", "added"), PAIRS)
def test_a_components_arguments_are_the_settings(
    arguments: type[Any], settings: type[StrictModel], others: dict[str, set[str]], added: set[str]
) -> None:
    names = {each.name for each in fields(arguments)}
    assert names == (settings.model_fields.keys() - others.keys()).union(added, *others.values())
    for each in fields(arguments):
        field = settings.model_fields.get(each.name)
        if field is None or each.name in ("traffic", *others):
            continue
        default = each.default if each.default_factory is MISSING else each.default_factory()
        if field.is_required():
            assert default is MISSING
        else:
            expected = field.get_default(call_default_factory=True)
            assert (list(default) if isinstance(default, tuple) else default) == expected, each.name
