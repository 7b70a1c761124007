"""Locks against deletion, or against any change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pulumi import ComponentResource, ResourceOptions
from pulumi_azure_native import authorization

from azure_llama_components.placement import waits_for

LOCK = "azure-llama"
"""Name of the locks in Azure."""


@dataclass(frozen=True, kw_only=True)
class LocksArgs:
    """Arguments of locks.

    Attributes:
        level: Required. `CanNotDelete`, or `ReadOnly`: then Azure refuses changes too, those of this stack as well.
        targets: Required. ARM ids of what is locked, by a name for the lock's logical name.
        key: Optional. The key of the stack's YAML that asks for it.
    """

    level: Literal["CanNotDelete", "ReadOnly"]
    targets: Mapping[str, str]
    key: str = "azure-llama:workspace.lock"


class Locks(ComponentResource):
    """A lock on each of several resources.

    A lock holds everything below its resource too: a locked workspace could not even lose a deployment. So it is for
    what holds data, and for that last: give `depends_on` everything that writes there. Pulumi then takes the locks away
    before anything else when the stack is destroyed.

    Attributes:
        outputs: level and targets.
    """

    def __init__(self, name: str, args: LocksArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("azure-llama:index:Locks", name, {}, opts)
        for key, target in args.targets.items():
            authorization.ManagementLockByScope(
                f"{name}-{key}",
                lock_name=LOCK,
                scope=target,
                level=args.level,
                notes=f"Holds data. To take it away: {args.key}: None in the stack, then pulumi up.",
                opts=ResourceOptions(
                    parent=self,
                    depends_on=waits_for(opts),
                    delete_before_replace=False,
                ),
            )
        self.outputs: dict[str, Any] = {"level": args.level, "targets": dict(args.targets)}
        self.register_outputs(self.outputs)
