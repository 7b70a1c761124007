"""Compares the resources that a stack states in ARM templates with what Azure has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from azure_llama.drift.changes import Change, Path, differences
from azure_llama.drift.refresh import Step

DEPLOYMENT = "azure-native:resources:Deployment"

_OF_THE_TEMPLATE = frozenset({"type", "apiVersion", "name", "comments", "condition", "dependsOn", "resources"})
_NESTED = "Microsoft.Resources/deployments".casefold()
_ENDPOINT = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints".casefold()
_TRAFFIC: tuple[Path, ...] = (("properties", "traffic"), ("properties", "mirrorTraffic"))
_COMPLETE: Mapping[str, tuple[Path, ...]] = {_ENDPOINT: _TRAFFIC}
"""Maps that the template states in full: ARM type to paths. An entry that Azure has beside them is a change.

Other maps may have what the service adds. Tags are always stated in full.
"""


@dataclass(frozen=True)
class Stated:
    """A resource in a template.

    Attributes:
        step: Required. The template.
        id: Required. The resource's ARM id.
        type: Required. Its ARM type.
        api_version: Required. The version that the template is written in.
        body: Required. What the template states.
    """

    step: Step
    id: str
    type: str
    api_version: str
    body: Mapping[str, Any]


def stated(steps: Iterable[Step]) -> list[Stated]:
    """The resources of all templates in a stack's state, nested ones included, whose names are literals."""
    return [each for step in steps if step.type == DEPLOYMENT for each in _of_step(step)]


def _of_step(step: Step) -> Iterator[Stated]:
    scope = step.id.rpartition("/providers/")[0]
    yield from _resources(step, scope, step.stated.get("properties"))


def _resources(step: Step, scope: str, deployment: Any) -> Iterator[Stated]:
    """The resources that a deployment's properties state below a scope."""
    template = deployment.get("template") if isinstance(deployment, Mapping) else None
    for resource in _flat(template) if isinstance(template, Mapping) else ():
        type_, names = str(resource["type"]), str(resource["name"])
        if type_.casefold() == _NESTED:
            # The deployment itself is history, which Azure deletes by itself.
            yield from _resources(step, _scope(scope, resource), resource.get("properties"))
        elif not (names.startswith("[") or "[" in scope):
            namespace, *types = type_.split("/")
            parts = (part for pair in zip(types, names.split("/"), strict=False) for part in pair)
            id_ = "/".join((f"{scope}/providers/{namespace}", *parts))
            body = {key: _evaluated(value) for key, value in resource.items() if key not in _OF_THE_TEMPLATE}
            yield Stated(step, id_, type_, resource["apiVersion"], body)


def _flat(parent: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The resources in a template, each followed by its children with their full types and names."""
    resources = parent.get("resources") or ()
    for resource in resources.values() if isinstance(resources, Mapping) else resources:
        full = dict(resource)
        if "type" in parent:
            full |= {key: f"{parent[key]}/{resource[key]}" for key in ("type", "name")}
        yield full
        yield from _flat(full)


def _scope(scope: str, deployment: Mapping[str, Any]) -> str:
    """Where a nested deployment deploys to: a resource group, or a subscription."""
    _, _, subscription, *group = scope.split("/")
    subscription = deployment.get("subscriptionId", subscription)
    group = ["resourceGroups", deployment["resourceGroup"]] if "resourceGroup" in deployment else group
    return "/".join(("/subscriptions", subscription, *group))


def compare(resource: Stated, live: Mapping[str, Any]) -> list[Change]:
    """The differences between Azure and the template."""
    complete = (("tags",), *_COMPLETE.get(resource.type.casefold(), ()))
    return sorted(_compared((), {"tags": {}, **resource.body}, live, complete), key=lambda change: change.path)


def _compared(path: Path, wanted: Any, actual: Any, complete: tuple[Path, ...]) -> Iterator[Change]:
    if path in complete:
        if path in _TRAFFIC:
            wanted, actual = _filled(wanted, actual), _filled(actual, wanted)
        yield from differences(path, wanted, actual, [])
    elif isinstance(wanted, Mapping) and (wanted or isinstance(actual, Mapping)):
        known = actual if isinstance(actual, Mapping) else {}
        names = {*wanted, *(full[len(path)] for full in complete if full[: len(path)] == path)}
        for name in sorted(map(str, names)):
            yield from _compared((*path, name), wanted.get(name), _named(known, name), complete)
    else:
        yield from differences(path, wanted, actual, [])


def _named(values: Mapping[str, Any], name: str) -> Any:
    """A value by its name. ARM ids are names too, and Azure respells them."""
    if name in values:
        return values[name]
    return next((value for key, value in values.items() if key.casefold() == name.casefold()), None)


def _filled(traffic: Any, other: Any) -> Any:
    """A traffic map with an entry for each deployment that either map names: no entry is 0 %."""
    return {**dict.fromkeys(other or {}, 0), **(traffic or {})}


def _evaluated(value: Any) -> Any:
    """A template's value as ARM reads it: a text that begins with two brackets is a literal that begins with one."""
    match value:
        case str():
            return value[1:] if value.startswith("[[") else value
        case Mapping():
            return {name: _evaluated(each) for name, each in value.items()}
        case list():
            return [_evaluated(each) for each in value]
        case _:
            return value
