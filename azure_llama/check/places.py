"""Maps a resource's property to the line of the stack's YAML that sets it.

The way is: the setting whose field names the property; else the only place of the file that holds the same value; else
the key that the resource as a whole comes from; else the first line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from azure_llama.catalog import EndpointKind
from azure_llama.check import gateways
from azure_llama.check.kinds import KINDS, EndpointPlaces
from azure_llama.check.wires import Wires
from azure_llama.documents.positions import Path_, Place
from azure_llama.settings import WorkspaceSettings
from azure_llama.stack.places import SettingPlaces
from azure_llama.stack.project import Project
from azure_llama_policies.rule import UNKNOWN, Resource

_OURS = "azure-llama:"
_PROVIDER = "azure-native:"
_LOCATION: Path_ = ("azure-native:location",)
_WORKSPACE: Path_ = ("azure-llama:workspace",)
_TAGS: Path_ = ("azure-llama:tags",)

_SECTIONS = {
    "consumption:Budget": "budget",
    "costmanagement:Budget": "budget",
    "authorization:RoleDefinition": "access",
    "authorization:RoleAssignment": "access",
    "keyvault:Secret": "secrets",
}


class Places:
    """Places in the YAML of one project's stack."""

    def __init__(self, project: Project, kinds: Mapping[str, EndpointPlaces] = KINDS) -> None:
        self._file = project.file
        self._settings = SettingPlaces(project)
        entries = (project.file.data or {}).get("config") or {} if project.file is not None else {}
        self._config = {full: entries[written] for full, written in project.written.items()}
        self._owners = _Owners(self._config, project.kinds, kinds)

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
        base = self._owners.base(resource)
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
        if keys := self._owners.setting(resource, path):
            yield from _below((*base, *keys))

    @cached_property
    def _by_value(self) -> dict[str, Path_ | None]:
        """Each text of the configuration with its place; None where it stands in several."""
        found: dict[str, Path_ | None] = {}
        for full, entry in self._config.items():
            for path, value in _texts(entry, (full,)):
                found[value] = None if value in found else path
        return found


class _Owners:
    """The keys that resources as a whole come from."""

    def __init__(
        self, config: Mapping[str, Any], catalog_kinds: Iterable[EndpointKind], kinds: Mapping[str, EndpointPlaces]
    ) -> None:
        self._config = config
        self._kinds = [(kind, kinds[kind.name]) for kind in catalog_kinds]
        self._entries = {
            kind.setting: entries for kind, _ in self._kinds if isinstance(entries := config.get(kind.setting), Mapping)
        }
        self._wires = Wires(
            [
                *(settings for _, places in self._kinds for settings in places.settings),
                WorkspaceSettings,
                *gateways.SETTINGS,
            ]
        )

    def base(self, resource: Resource) -> Path_:
        """The keys of the endpoint or deployment of a resource, or else of what it belongs to."""
        type_ = resource.type.removeprefix(_PROVIDER)
        if type_.startswith(gateways.TYPES):
            return gateways.base(resource, self._config)
        for kind, places in self._kinds:
            entries = self._entries.get(kind.setting, {})
            if type_ in places.shared:
                return (kind.setting, *places.shared[type_](resource, entries))
            own = places.has(type_) or _within(resource, places.component)
            found = _named(resource.name, entries) if own else ()
            # Accounts of Azure AI services are of other kinds, too.
            if found or (type_ in kind.resources and kind.setting in self._entries):
                return (kind.setting, *found)
        return (_OURS + _SECTIONS[type_],) if type_ in _SECTIONS else _WORKSPACE

    def setting(self, resource: Resource, path: str) -> Path_:
        """The keys, below those of `base`, of the setting that decides a property; empty when none does."""
        type_ = resource.type.removeprefix(_PROVIDER)
        for _, places in self._kinds:
            if type_ in places.templates:
                type_, above = places.templates[type_]
                path = path.removeprefix(above)
        return self._wires.setting_of(type_, path)


def _within(resource: Resource, component: str) -> bool:
    chain = resource.urn.split("::")[2] if resource.urn.count("::") > 2 else ""
    return f":{component}$" in chain


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
