"""Gateways over the endpoints of a drawn stack: names that are drawn by themselves hardly ever fit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from tests.differential import around
from tests.differential.repair import Config

_KINDS = ("foundry", "managed", "serverless")
_MANY = 2


@st.composite
def gateways(draw: st.DrawFn, config: Config, part: st.SearchStrategy[Any]) -> Config | None:
    """A gateway whose models are those of the stack's endpoints; None for a stack without endpoints."""
    served = list(_served(config))
    if not served:
        return None
    gateway: Config = draw(part)
    gateway["models"] = {
        name: model | draw(_over(served, _MANY)) for name, model in list(gateway["models"].items())[:_MANY]
    }
    if any(model.get("auth") == "keys" for model in gateway["models"].values()):
        gateway["keyVault"] = around.VAULT
    for team in gateway["teams"].values():
        if team.pop("models", None):
            team["models"] = [next(iter(gateway["models"]))]
    return gateway


def _served(config: Config) -> Iterator[tuple[str, str, str, bool]]:
    """The kind, the endpoint and the deployment of each model, and whether it is called with a key."""
    for kind in _KINDS:
        for name, endpoint in config.get(f"azure-llama:{kind}", {}).items():
            key = kind == "serverless" or endpoint.get("auth") == "Key"
            for deployment in endpoint.get("deployments", {name: None}):
                yield kind, name, deployment, key


@st.composite
def _over(draw: st.DrawFn, served: list[tuple[str, str, str, bool]], most: int) -> Config:
    """What a model says of its members: endpoints that serve it alike."""
    first = draw(st.sampled_from(served))
    kind, _, deployment, key = first
    alike = (each for each in served if (each[0], each[3]) == (kind, key))
    named = {name for _, name, other, _ in alike if kind != "foundry" or other == deployment}
    names = [first[1], *sorted(named - {first[1]})][:most]
    own: Config = {"secret": "around-key"} if key else {"priority": 1}
    weighted = {"weight": draw(st.integers(1, 100))} if len(names) > 1 else {}
    members = {f"member-{number}": {"endpoint": name} | own | weighted for number, name in enumerate(names)}
    stated = {"deployment": deployment} if kind == "foundry" else {}
    return {"kind": kind, "auth": "keys" if key else "identity", "members": members} | stated
