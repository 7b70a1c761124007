"""What a new stack asks for, for an endpoint of each kind: the least that works."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from azure_llama.catalog.kinds import MANAGED, SERVERLESS

NewEndpoint = Callable[[str, str, bool], dict[str, Any]]
"""From a model, a VM size (empty for a kind without machines) and whether the network is private to the settings."""


def _serverless(model: str, _: str, __: bool) -> dict[str, Any]:
    return {"model": model}


def _managed(model: str, size: str, private: bool) -> dict[str, Any]:
    access = {"publicNetworkAccess": "Disabled"} if private else {}
    deployment = {"model": model, "vmSize": size, "instances": 1, "traffic": 100}
    return {"auth": "AADToken", **access, "deployments": {"blue": deployment}}


KINDS: Final[Mapping[str, NewEndpoint]] = {SERVERLESS.name: _serverless, MANAGED.name: _managed}
"""By the kind's name; a kind that is not here is not offered."""
