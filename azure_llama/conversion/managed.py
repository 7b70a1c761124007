"""Converts files of online endpoints and deployments to the managed endpoints of a stack."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from azure_llama.catalog import Catalog
from azure_llama.conversion.deployments import DEFAULTS, deployment, own_entries, set_at, tidy
from azure_llama.conversion.kinds import ENDPOINT, ONLINE_DEPLOYMENT, ONLINE_ENDPOINT
from azure_llama.conversion.notes import About, Note
from azure_llama.conversion.reading import Source
from azure_llama.documents.problems import listed, show


def endpoints(sources: Sequence[Source], catalog: Catalog) -> dict[str, Any]:
    """The managed endpoints, by name.

    Args:
        sources: Required. All files. They get the notes.
        catalog: Required. The catalogue of the stack.
    """
    found: dict[str, Any] = {}
    by_name = {source.name: source for source in sources if source.kind == ONLINE_ENDPOINT}
    deployments = _deployments(sources)
    for name in dict.fromkeys([*by_name, *(source.endpoint for source in deployments)]):
        behind = [source for source in deployments if source.endpoint == name]
        found[name] = _endpoint(by_name.get(name), behind, catalog)
    return found


def _deployments(sources: Sequence[Source]) -> list[Source]:
    return [source for source in sources if source.kind == ONLINE_DEPLOYMENT]


def defaults(sources: Sequence[Source]) -> Iterator[Note]:
    """Notes where the stack's defaults differ from Azure's.

    Args:
        sources: Required. All files.
    """
    deployments = _deployments(sources)
    if not deployments:
        return
    text = "false, since `az ml` sets up no filter: remove it for an Azure AI Content Safety account of the stack"
    yield Note(About.CHANGED, text, key="contentSafety")
    for path, (key, ours, theirs) in DEFAULTS.items():
        names = [f"{each.endpoint}/{each.name}" for each in deployments if each.get(path) is None]
        if names:
            text = f"a file says nothing ({listed(names)}): the stack's default is {ours}, that of `az ml` {theirs}"
            yield Note(About.CHANGED, text, key=key)


def _endpoint(source: Source | None, behind: Sequence[Source], catalog: Catalog) -> dict[str, Any]:
    """An endpoint with its deployments; what `az ml` does without a key is stated where the stack does otherwise."""
    found: dict[str, Any] = {"auth": "Key"}
    if source is None:
        name = behind[0].endpoint
        text = (
            "no file describes the endpoint: these are the defaults of `az ml`. Give its file too, or what this prints;"
            " or set existing: true for an endpoint outside this stack"
        )
        behind[0].note("endpoint_name", About.CHANGED, text, f"az ml online-endpoint show --name {name} --output yaml")
    else:
        simple = ("auth_mode", "description", "public_network_access", "mirror_traffic", "tags")
        named = {each.path: each.key for each in ENDPOINT}
        found |= {named[path]: source.get(path) for path in simple if source.get(path)}
        found |= _identity(source) | own_entries(source)
    found["contentSafety"] = False
    entries = {each.name: deployment(each, catalog) for each in behind}
    for name, percentage in _traffic(source, behind).items():
        set_at(entries[name], ("traffic",), percentage)
    return {**found, "deployments": {name: tidy(entry) for name, entry in entries.items()}}


def _identity(source: Source) -> dict[str, Any]:
    type_, ids = source.get("identity.type"), source.get("identity.user_assigned_identities") or []
    if type_ == "":
        text = "the endpoint gets a system-assigned identity: Azure reads model and image with it"
        source.note("identity.type", About.DROPPED, text)
    if type_ != "UserAssigned":
        return {}
    if len(ids) > 1:
        source.note(
            "identity.user_assigned_identities", About.DROPPED, "an endpoint has one identity: the first is kept"
        )
    first = ids[0].get("resource_id") if ids and isinstance(ids[0], dict) else None
    return {"identity": {"type": "UserAssigned", "id": first or "<ARM id of the identity>"}}


def _traffic(source: Source | None, behind: Sequence[Source]) -> dict[str, Any]:
    """The percentage of each deployment that gets one in the stack's configuration."""
    names = [each.name for each in behind]
    stated = source.get("traffic") if source else None
    if source is not None and stated:
        absent = [name for name, percentage in stated.items() if name not in names and percentage]
        if absent:
            text = f"no file describes {listed([show(name) for name in absent])}: give it, or move its traffic"
            source.note("traffic", About.DROPPED, text)
        return {name: stated.get(name, 0) for name in names}
    if len(names) < 2:
        return {}
    command = f"az ml online-endpoint show --name {behind[0].endpoint} --query traffic"
    for each in behind:
        each.ask("endpoint_name", "traffic", "no file states it: set a percentage for each, 100 in all", command)
    return dict.fromkeys(names, "<percentage>")
