"""What a new stack asks for, for an endpoint of each kind: the least that works."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from azure_llama.catalog.kinds import MANAGED, SERVERLESS

if TYPE_CHECKING:
    from azure_llama.catalog import Catalog


@dataclass(frozen=True)
class NewEndpoint:
    """An endpoint that a new stack is to have, its names recognised.

    Attributes:
        model: Required. The model.
        size: Required. The VM size; empty for a kind without machines.
        private: Required. Whether the stack's network is private.
        catalog: Required. The catalogue, for what else the settings require.
    """

    model: str
    size: str
    private: bool
    catalog: Catalog


def _serverless(new: NewEndpoint) -> dict[str, Any]:
    return {"model": new.model}


def _managed(new: NewEndpoint) -> dict[str, Any]:
    access = {"publicNetworkAccess": "Disabled"} if new.private else {}
    deployment = {"model": new.model, "vmSize": new.size, "instances": 1, "traffic": 100}
    return {"auth": "AADToken", **access, "deployments": {"blue": deployment}}


KINDS: Final[Mapping[str, Callable[[NewEndpoint], dict[str, Any]]]] = {
    SERVERLESS.name: _serverless,
    MANAGED.name: _managed,
}
"""The settings of an endpoint by the name of its kind; a kind that is not here is not offered."""
