"""Reading a quota snapshot, for the rules that compare a stack with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from azure_llama_policies.resources import NotSeenError, Resource
from azure_llama_policies.rule import AS_OF, Context

if TYPE_CHECKING:
    from azure_llama.catalog.quota_snapshot import QuotaSnapshot

SETTINGS: Final[Mapping[str, Mapping[str, Any]]] = {
    **AS_OF,
    "snapshot": {
        "type": "string",
        "minLength": 1,
        "default": "quota-snapshot.json",
        "description": "The file of the quota snapshot, seen from the folder of Pulumi.yaml.",
    },
    "maxAgeDays": {
        "type": "integer",
        "minimum": 0,
        "default": 30,
        "description": "The age in days from which on a snapshot is not believed.",
    },
}
"""Settings of a rule that reads a snapshot."""


def snapshot_of(context: Context) -> QuotaSnapshot:
    """The snapshot that a rule's settings name.

    Raises:
        NotSeenError: there is none, it has errors, or it is too old.
    """
    if context.project is None:
        raise NotSeenError("no quota snapshot was given")
    path = context.project / context.config["snapshot"]
    if not path.exists():
        raise NotSeenError(
            f"there is no quota snapshot {path.name}; `azure-llama quota show --save {path.name}` writes it"
        )
    from azure_llama.catalog import quota_snapshot  # pydantic, which a project without a snapshot need not load

    try:
        snapshot = quota_snapshot.load(path)
    except quota_snapshot.QuotaSnapshotError as error:
        raise NotSeenError("; ".join(str(error).replace(str(path), path.name).splitlines())) from None
    taken = snapshot.taken_at.date()
    if (context.as_of - taken).days > context.config["maxAgeDays"]:
        raise NotSeenError(f"the quota snapshot {path.name} of {taken} is too old; write a new one")
    return snapshot


def same_place(resource: Resource, region: str, snapshot: QuotaSnapshot, path: str) -> None:
    """Return when a snapshot is of a resource's region and subscription.

    Args:
        resource: Required. The resource.
        region: Required. Its region, as the catalogue names it.
        snapshot: Required. The snapshot.
        path: Required. The property of the resource that the region is from.

    Raises:
        NotSeenError: it is of another.
    """
    if region != snapshot.region:
        raise NotSeenError(f"the quota snapshot is of {snapshot.region}, not of {region}", path)
    other = resource.subscription is not None and snapshot.subscription is not None
    if other and resource.subscription != snapshot.subscription:
        raise NotSeenError("the quota snapshot is of another subscription")
