"""What the engine keeps of a resource, and how it compares that with the program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pulumi.runtime.proto import provider_pb2 as proto

from azure_llama.drift.changes import Path
from azure_llama_sandbox.provider.values import encode


@dataclass
class State:
    """What the engine keeps of a resource.

    Attributes:
        urn, type, id: As everywhere; components have no id.
        inputs, outputs: Plain values, secrets in clear.
        ignored, deleted_with, protect: Resource options that outlive the run.
        unfinished: Why its last operation did not end well.
    """

    urn: str
    type: str
    id: str = ""
    inputs: dict[str, Any] = field(default_factory=dict)
    outputs: dict[str, Any] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    deleted_with: str = ""
    protect: bool = False
    unfinished: str = ""

    @property
    def name(self) -> str:
        """Pulumi's name."""
        return self.urn.rsplit("::", 1)[-1]


def difference_request(old: State, inputs: Mapping[str, Any], ignored: tuple[str, ...] = ()) -> proto.DiffRequest:
    """The question what an update of a resource to these inputs would do."""
    return proto.DiffRequest(
        id=old.id,
        urn=old.urn,
        old_inputs=encode(old.inputs),
        olds=encode(old.outputs),
        news=encode(inputs),
        ignoreChanges=ignored,
    )


def keep(path: Path, old: Any, new: Any) -> None:
    """Put the old value at a path into new inputs; nothing where there was nothing."""
    for part in path[:-1]:
        old = old.get(part) if isinstance(old, Mapping) else None
        new = new.get(part) if isinstance(new, Mapping) else None
    if not isinstance(new, dict):
        return
    if isinstance(old, Mapping) and path[-1] in old:
        new[str(path[-1])] = old[path[-1]]
    else:
        new.pop(str(path[-1]), None)
