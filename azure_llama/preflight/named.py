"""The ARM ids that the settings name, in whatever form they name them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from azure_llama.catalog.workspace_assets import Collection, parse_workspace_asset
from azure_llama.documents.unknown import contains_mark
from azure_llama.preflight.plan import Plan
from azure_llama.settings import DeploymentSettings, EncryptionSettings, ServerlessSettings
from azure_llama.settings.ids import Refers
from azure_llama.settings.references import Reference, references

_KEY = re.compile(r"https://[^/]+/keys/(?P<name>[^/]+)/[^/]+")
_REGISTRY = re.compile(
    r"azureml://registries/(?P<registry>[^/]+)/(?P<collection>models|environments)/(?P<name>[^/]+)"
    r"(?:/(?P<by>versions|labels)/(?P<version>[^/]+))?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Named:
    """Something outside the stack that the settings name.

    Attributes:
        place: Required. The setting: `azure-llama:workspace.hub`.
        text: Required. Its value.
        refers: Required. What it is the id of.
        id: Required. ARM id; of an asset of a registry, below the registry's.
        registry: Optional. The name of the registry that has it.
        in_workspace: Optional. Whether it is an asset of the stack's workspace.
    """

    place: str
    text: str
    refers: Refers
    id: str
    registry: str = ""
    in_workspace: bool = False


def named(plan: Plan) -> list[Named]:
    """All ARM ids in the settings of a plan.

    Left out are models of the catalogue, unknown values, what only deployments need that are stopped, and a workspace
    or a vault in which nothing is created.
    """
    known = (each for each in references(plan.settings) if not contains_mark(each.text))
    unneeded = (*_stopped(plan), *_empty(plan))
    needed = (each for each in known if not each.place.startswith(unneeded))
    return [each for reference in needed for each in _FORMS[reference.refers.form](plan, reference)]


def _empty(plan: Plan) -> Iterator[str]:
    """The places of a workspace and a vault in which the stack creates nothing."""
    if not any(each.id.casefold().startswith(f"{plan.workspace.casefold()}/") for each in plan.resources):
        yield "workspace.id"
    if not any(each.settings.has_keys for each in plan.settings.endpoints()):
        yield "secrets.keyVault"


def _stopped(plan: Plan) -> tuple[str, ...]:
    """The beginnings of the places in deployments that are stopped: nothing of them is created."""
    return tuple(
        f"{endpoint.machine_place(deployment)}."
        for endpoint in plan.settings.endpoints()
        for deployment in endpoint.settings.stopped_machines
    )


def _named(reference: Reference, id_: str, registry: str = "", *, in_workspace: bool = False) -> Named:
    place = f"azure-llama:{reference.place}"
    return Named(place, reference.text, reference.refers, id_, registry, in_workspace)


def _arm(_: Plan, reference: Reference) -> Iterator[Named]:
    yield _named(reference, reference.text)


def _or_workspace(_: Plan, reference: Reference) -> Iterator[Named]:
    if reference.text != "workspace":
        yield _named(reference, reference.text)


def _key(_: Plan, reference: Reference) -> Iterator[Named]:
    match = _KEY.fullmatch(reference.text)
    if match and isinstance(reference.owner, EncryptionSettings) and reference.owner.key_vault_id:
        # Without its version: a vault answers the newest one, and another one is as good.
        yield _named(reference, f"{reference.owner.key_vault_id}/keys/{match['name']}")


def _asset(collection: Collection) -> Callable[[Plan, Reference], Iterator[Named]]:
    def found(plan: Plan, reference: Reference) -> Iterator[Named]:
        own = parse_workspace_asset(reference.text, collection)
        if own is not None:
            yield _named(reference, own.arm_id(plan.workspace), in_workspace=own.workspace is None)
        elif match := _REGISTRY.fullmatch(reference.text):
            version = match["version"] if (match["by"] or "").casefold() == "versions" else None
            below = f"/{collection}/{match['name']}"
            yield _named(reference, f"{below}/versions/{version}" if version else below, match["registry"])

    return found


def _model(plan: Plan, reference: Reference) -> Iterator[Named]:
    owner = reference.owner
    if not isinstance(owner, DeploymentSettings | ServerlessSettings) or owner.reference.model is not None:
        return
    stated = owner.model_version if isinstance(owner, DeploymentSettings) else None
    for each in _asset("models")(plan, reference):
        version = f"/versions/{stated}" if each.registry and stated else ""
        yield _named(reference, each.id + version, each.registry, in_workspace=each.in_workspace)


_FORMS: Mapping[str, Callable[[Plan, Reference], Iterator[Named]]] = {
    "arm": _arm,
    "or workspace": _or_workspace,
    "key": _key,
    "model": _model,
    "environment": _asset("environments"),
    "code": _asset("codes"),
}
"""By the form of an id."""
