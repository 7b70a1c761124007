"""Stacks that break rules, read from `stacks.yaml`: each is a change of one sound stack."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from azure_llama_policies.registry import rules

HERE = Path(__file__).resolve().parent
PROJECT = HERE / "project"
AS_OF = "2026-11-25"
_DAY = date.fromisoformat(AS_OF)


@dataclass(frozen=True)
class Broken:
    """A stack that breaks a rule.

    Attributes:
        name: What is wrong with it.
        rule: The resources that each rule is there to find.
        resources: What the program registers.
        outputs: What it exports.
        config: Settings of rules.
        day: The day on which it is judged and deployed.
        refused: A part of the message with which Azure refuses it; empty where it does not.
        limits: Figures of `azure_llama.catalog.limits` that are lowered until it is beyond them.
    """

    name: str
    rule: Mapping[str, list[str]]
    resources: Mapping[str, Any]
    outputs: Mapping[str, Any]
    config: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    day: date = _DAY
    refused: str = ""
    limits: Mapping[str, int] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.name


def stacks() -> Iterator[Broken]:
    """The sound stack, and all broken ones."""
    data = yaml.safe_load((HERE / "stacks.yaml").read_text())
    changes = {"sound": {"rule": {}}, **data["broken"]}
    for name, change in changes.items():
        resources = deepcopy(data["sound"])
        for other in change.get("add", ()):
            resources[other] = deepcopy(data["others"][other])
        for new, old in change.get("copy", {}).items():
            resources[new] = deepcopy(resources[old])
        for gone in change.get("remove", ()):
            del resources[gone]
        for path, value in change.get("set", {}).items():
            _set(resources, path, value)
        for path in change.get("unset", ()):
            holder, key = _holder(resources, path)
            del holder[key]
        ordered: dict[str, Any] = {}
        for each in resources:
            _place(each, resources, ordered)
        text = json.dumps({"resources": ordered, "outputs": change.get("outputs", {})})
        day = change.get("asOf", AS_OF)
        config = days(day)
        for rule, settings in change.get("config", {}).items():
            config[rule] = config.get(rule, {}) | settings
        more = {key: change[key] for key in ("refused", "limits") if key in change}
        yield Broken(name, change["rule"], **json.loads(text), config=config, day=date.fromisoformat(day), **more)


def days(day: str) -> dict[str, dict[str, Any]]:
    """Settings by which all rules that look at a calendar judge on one day."""
    return {rule.id: {"asOf": day} for rule in rules() if "asOf" in rule.config}


def _place(name: str, resources: Mapping[str, Any], ordered: dict[str, Any]) -> None:
    """Place a resource after those that it depends on."""
    for other in resources[name].get("dependsOn", ()):
        _place(other, resources, ordered)
    ordered[name] = resources[name]


def _set(resources: Any, path: str, value: Any) -> None:
    holder, key = _holder(resources, path)
    holder[key] = value


def _holder(resources: Any, path: str) -> tuple[Any, Any]:
    if "/" in path:
        name, _, attribute = path.partition("/")
        return resources[name], attribute
    name, *keys = path.split(".")
    holder = resources[name]["props"]
    for key in keys[:-1]:
        holder = holder[int(key)] if isinstance(holder, list) else holder.setdefault(key, {})
    return holder, keys[-1]
