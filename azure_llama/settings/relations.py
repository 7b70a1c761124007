"""The rules that bind several values together.

They read plain maps, half of which may be wrong, so that a report has their findings even beside other mistakes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from azure_llama.catalog import find_model
from azure_llama.catalog.limits import TAGS_PER_RESOURCE
from azure_llama.settings import budget, workspace_relations
from azure_llama.settings.checks import Finding, whole
from azure_llama.settings.problems import show

_NAMED = 4
"""Deployments that a sentence lists by name."""


def _maps(value: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The entries of a map that are maps themselves; none when the value is no map."""
    if isinstance(value, Mapping):
        yield from ((key, entry) for key, entry in value.items() if isinstance(entry, Mapping))


def _below(key: str, findings: Iterable[Finding]) -> Iterator[Finding]:
    """Findings about a map, told from the map that holds it."""
    yield from (replace(finding, at=(key, *finding.at)) for finding in findings)


def twins(names: Iterable[str], what: str) -> Iterator[Finding]:
    """Names that differ in letter case only, and are one to Azure."""
    seen: dict[str, str] = {}
    for name in names:
        first = seen.setdefault(name.casefold(), name)
        if first != name:
            rule = f"differs from {show(first)} in letter case only, and Azure takes both for one {what}"
            yield Finding(rule, "rename one of them", at=(name,), shown=show(name))


def traffic(shares: Mapping[str, Any]) -> Iterator[Finding]:
    """The traffic of an endpoint's deployments, each a percentage or None where it is left out."""
    if any(share is not None and not (whole(share) and 0 <= share <= 100) for share in shares.values()):
        return
    given = {name: share for name, share in shares.items() if share is not None}
    if not given and len(shares) > 1:
        rule = "traffic is left out of all deployments, and Azure would not know which of them answers"
        yield Finding(rule, "give each its percentage, 100 in all, or 0 to each for none", shown="")
    total = sum(given.values())
    if given and total not in (0, 100):
        said = " + ".join(f"{share} of {show(name)}" for name, share in list(given.items())[:_NAMED])
        more = " + ..." if len(given) > _NAMED else ""
        rule = f"traffic sums to {total} ({said}{more}), and must sum to 100, or to 0 for none"
        yield Finding(rule, f"{'add' if total < 100 else 'take away'} {abs(100 - total)}", shown="")


def version(deployment: Mapping[str, Any]) -> Iterator[Finding]:
    """A managed deployment names a version, or its model has one that is known."""
    name = deployment.get("model")
    model = find_model(name) if isinstance(name, str) else None
    if model is None or model.versions or deployment.get("modelVersion") is not None:
        return
    yield Finding(
        f"is missing, and no version of {model.name} is known",
        f"look it up in the registry {model.registry} and write it here, in quotes",
        at=("modelVersion",),
        shown="",
    )


def endpoint(value: Mapping[str, Any]) -> Iterator[Finding]:
    """The deployments of one managed endpoint together."""
    deployments = value.get("deployments")
    if not isinstance(deployments, Mapping):
        return
    if not deployments:
        rule = "is empty, and an endpoint without deployments answers nothing"
        yield Finding(rule, "add one, or remove the endpoint", at=("deployments",))
    yield from _below("deployments", twins(deployments, "deployment"))
    if all(isinstance(entry, Mapping) for entry in deployments.values()):
        shares = {name: entry.get("traffic") for name, entry in deployments.items()}
        yield from _below("deployments", traffic(shares))


def tags(value: Any) -> Iterator[Finding]:
    """All tags together."""
    if not isinstance(value, Mapping):
        return
    most = TAGS_PER_RESOURCE.low
    if len(value) > most:
        rule = f"has {len(value)} tags, and a resource has {most} at most"
        yield Finding(rule, f"remove {len(value) - most}", at=("tags",), shown="")
    yield from _below("tags", twins(value, "tag"))


def required_tags(names: Any, tags: Any) -> Iterator[Finding]:
    """Every tag that is asked for is there, and says something."""
    given = {str(name).casefold(): value for name, value in tags.items()} if isinstance(tags, Mapping) else {}
    for name in names if isinstance(names, list) else []:
        if not isinstance(name, str):
            continue
        value = given.get(name.casefold())
        if value is None:
            rule = "is missing, and requiredTags asks for it"
            yield Finding(rule, "write its value, or take it out of requiredTags", at=("tags", name), shown="")
        elif isinstance(value, str) and not value.strip():
            own = next(each for each in tags if str(each).casefold() == name.casefold())
            yield Finding("is empty, and requiredTags asks for a value", "write one", at=("tags", own))


def placed(kind: Any, serverless: Any, managed: Any) -> Iterator[Finding]:
    """A hub alone has no endpoints."""
    for key, endpoints in (("serverless", serverless), ("managed", managed)):
        if kind == "Hub" and endpoints:
            rule = "are endpoints, and the workspace is a hub, which has none"
            yield Finding(rule, "write kind: Project for a hub and a project in it", at=(key,), shown="")


def endpoints(serverless: Any, managed: Any) -> Iterator[Finding]:
    """Names across the stack: its outputs list serverless and managed endpoints in one map."""
    ours = list(serverless) if isinstance(serverless, Mapping) else []
    theirs = list(managed) if isinstance(managed, Mapping) else []
    for key, names in (("serverless", ours), ("managed", theirs)):
        yield from _below(key, twins(names, "endpoint"))
    taken = {name.casefold() for name in ours}
    for name in theirs:
        if name.casefold() in taken:
            rule = "is the name of a serverless endpoint too, and the stack's outputs have one place for both"
            yield Finding(rule, "rename one of them", at=("managed", name), shown=show(name))


def everywhere(stack: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Finding]]:
    """Every finding in a stack's configuration, with the keys to the place that was checked."""
    serverless, managed_endpoints = stack.get("serverless"), stack.get("managed")
    for finding in (*endpoints(serverless, managed_endpoints), *tags(stack.get("tags"))):
        yield (), finding
    for finding in required_tags(stack.get("requiredTags"), stack.get("tags")):
        yield (), finding
    workspace = stack.get("workspace")
    if isinstance(workspace, Mapping):
        for finding in placed(workspace.get("kind"), serverless, managed_endpoints):
            yield (), finding
        for finding in workspace_relations.workspace(workspace):
            yield ("workspace",), finding
    if isinstance(stack.get("budget"), Mapping):
        for finding in budget.related(stack["budget"]):
            yield ("budget",), finding
    for name, managed in _maps(stack.get("managed")):
        for finding in endpoint(managed):
            yield ("managed", name), finding
        for key, deployment in _maps(managed.get("deployments")):
            for finding in version(deployment):
                yield ("managed", name, "deployments", key), finding
