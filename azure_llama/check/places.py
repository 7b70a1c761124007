"""From a resource's property to the line of the stack's YAML that decides it.

The way is: the setting whose field names the property; else the only place of the file that holds the same value; else
the key that the resource as a whole comes from; else the first line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from azure_llama.check.wires import setting_of
from azure_llama.documents.positions import Path_, Place
from azure_llama.settings.wire import ONLINE_DEPLOYMENT, ONLINE_ENDPOINT, SERVERLESS_ENDPOINT
from azure_llama.stack.places import SettingPlaces
from azure_llama.stack.project import Project
from azure_llama_policies.rule import UNKNOWN, Resource

_OURS = "azure-llama:"
_LOCATION: Path_ = ("azure-native:location",)
_WORKSPACE: Path_ = ("azure-llama:workspace",)
_TAGS: Path_ = ("azure-llama:tags",)

_TEMPLATE = "properties.template.resources.0."
"""Where the ARM template of an endpoint's traffic has the endpoint."""
_ENDPOINTS = ("resources:Deployment", SERVERLESS_ENDPOINT, ONLINE_ENDPOINT, ONLINE_DEPLOYMENT)
_SECTIONS = {
    "consumption:Budget": "budget",
    "costmanagement:Budget": "budget",
    "authorization:RoleDefinition": "access",
    "authorization:RoleAssignment": "access",
    "keyvault:Secret": "secrets",
}


class Places:
    """Where things stand in the YAML of one project's stack."""

    def __init__(self, project: Project) -> None:
        self._file = project.file
        self._settings = SettingPlaces(project)
        entries = (project.file.data or {}).get("config") or {} if project.file is not None else {}
        self._config = {full: entries[written] for full, written in project.written.items()}

    def of(self, resource: Resource, path: str | None) -> Place:
        """The place for a property of a resource; the resource's own when the path is None or leads nowhere."""
        if self._file is None:
            return Place("Pulumi.yaml")
        for candidate in self._candidates(resource, path):
            place = self._settings.place(candidate)
            if place is not None:
                return place
        return Place(self._file.shown)

    def _candidates(self, resource: Resource, path: str | None) -> Iterator[Path_]:
        base = _base(resource, self._config)
        if path is not None:
            yield from self._mapped(resource, path, base)
            value = _value(resource, path)
            if isinstance(value, str) and (same := self._by_value.get(value)) is not None:
                yield same
        for length in range(len(base), 0, -1):
            yield base[:length]
        yield _WORKSPACE

    def _mapped(self, resource: Resource, path: str, base: Path_) -> Iterator[Path_]:
        if path == "location" or path.endswith(".location"):
            yield _LOCATION
        if path == "tags" or path.startswith("tags."):
            yield (*_TAGS, *path.split(".")[1:])
            yield _TAGS
        if path in ("workspaceName", "resourceGroupName") and base[:1] != _WORKSPACE:
            yield (*_WORKSPACE, "name")
        kind = resource.type.removeprefix("azure-native:")
        if kind == "resources:Deployment":
            kind, path = ONLINE_ENDPOINT, path.removeprefix(_TEMPLATE)
        if keys := setting_of(kind, path):
            yield from _below((*base, *keys))

    @cached_property
    def _by_value(self) -> dict[str, Path_ | None]:
        """Each text of the configuration with its place; None where it stands in several."""
        found: dict[str, Path_ | None] = {}
        for full, entry in self._config.items():
            for path, value in _texts(entry, (full,)):
                found[value] = None if value in found else path
        return found


def _base(resource: Resource, config: Mapping[str, Any]) -> Path_:
    """The keys that a resource as a whole comes from."""
    kind = resource.type.removeprefix("azure-native:")
    if kind == "machinelearningservices:MarketplaceSubscription":
        return _subscriber(resource, config)
    for owner, section in ((("ManagedEndpoint",), "managed"), (("ServerlessEndpoint",), "serverless")):
        entries = config.get(_OURS + section)
        if isinstance(entries, Mapping) and (kind in _ENDPOINTS or _within(resource, owner)):
            found = _named(resource.name, entries)
            if found:
                return (_OURS + section, *found)
    if kind == "machinelearningservices:ServerlessEndpoint":
        return (_OURS + "serverless",)
    if kind.startswith("machinelearningservices:Online"):
        return (_OURS + "managed",)
    if kind in _SECTIONS:
        return (_OURS + _SECTIONS[kind],)
    return _WORKSPACE


def _within(resource: Resource, components: tuple[str, ...]) -> bool:
    chain = resource.urn.split("::")[2] if resource.urn.count("::") > 2 else ""
    return any(f":{component}$" in chain for component in components)


def _named(name: str, entries: Mapping[str, Any]) -> Path_:
    """The endpoint, and its deployment, that a resource's name begins with: `llama-8b.blue`, `llama-8b-traffic`."""
    endpoint, _, deployment = name.partition(".")
    while endpoint and endpoint not in entries:
        endpoint = endpoint.rpartition("-")[0]
    if not endpoint:
        return ()
    deployments = entries[endpoint].get("deployments") if isinstance(entries[endpoint], Mapping) else None
    while deployment and not (isinstance(deployments, Mapping) and deployment in deployments):
        deployment = deployment.rpartition("-")[0]
    return (endpoint, "deployments", deployment) if deployment else (endpoint,)


def _subscriber(resource: Resource, config: Mapping[str, Any]) -> Path_:
    entries = config.get(_OURS + "serverless")
    for name, entry in entries.items() if isinstance(entries, Mapping) else ():
        if isinstance(entry, Mapping) and str(entry.get("model")).casefold() == resource.name.casefold():
            return (_OURS + "serverless", name, "model")
    return (_OURS + "serverless",)


def _value(resource: Resource, path: str) -> Any:
    value: Any = resource.props
    for part in path.split("."):
        if isinstance(value, Mapping):
            value = value.get(part)
        elif isinstance(value, list) and part.isdecimal() and int(part) < len(value):
            value = value[int(part)]
        else:
            return None
    return None if value is UNKNOWN else value


def _below(place: Path_) -> Iterator[Path_]:
    """The place, and all that it is in."""
    for length in range(len(place), 1, -1):
        yield place[:length]


def _texts(value: Any, path: Path_) -> Iterator[tuple[Path_, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from _texts(each, (*path, key))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _texts(each, (*path, index))
