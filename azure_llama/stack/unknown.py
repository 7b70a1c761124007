"""Finds the properties that depend on unknown configuration values, with a second run that uses other values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from azure_llama.documents.unknown import ALTERNATE, HIDDEN, contains_mark
from azure_llama_policies.resources import UNKNOWN, Resource

if TYPE_CHECKING:
    from azure_llama.stack.program import Program
    from azure_llama.stack.project import Project

_LISTED = 5


def alternative(project: Project) -> Project:
    """The project with other values in the place of the unknown ones."""
    return replace(project, config={key: text.replace(HIDDEN, ALTERNATE) for key, text in project.config.items()})


def agreed(first: Program, second: Program) -> Program:
    """The resources of both runs of a program: `UNKNOWN` where they differ, without resources that one run lacks."""
    others = {resource.urn: resource for resource in second.resources}
    resources = (_same(each, others[each.urn]) for each in first.resources if each.urn in others)
    return replace(first, resources=tuple(resources), read=first.read & second.read)


def _same(one: Resource, other: Resource) -> Resource:
    props = {key: _merged(one.props.get(key), other.props.get(key)) for key in {**one.props, **other.props}}
    subscription = one.subscription if one.subscription == other.subscription else None
    return replace(one, props=props, subscription=subscription)


def _merged(one: Any, other: Any) -> Any:
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        keys = {**one, **other}
        # A map with an unknown key can have any keys.
        if any(contains_mark(key) for key in keys):
            return UNKNOWN
        return {key: _merged(one.get(key), other.get(key)) for key in keys}
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return [_merged(*pair) for pair in zip(one, other, strict=True)]
    return one if one == other else UNKNOWN


def note(project: Project) -> str | None:
    """A line about the unknown values of a project's configuration; None when there are none."""
    places = project.unknown
    if not places:
        return None
    more = f", and {len(places) - _LISTED} more" if len(places) > _LISTED else ""
    names = ", ".join(project.environments)
    source = f"can come from the ESC environments {names}, or be secret" if names else "secret"
    return (
        f"unknown, so not evaluated ({source}): {', '.join(places[:_LISTED])}{more}; supply one with --value KEY=VALUE"
    )
