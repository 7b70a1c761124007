"""The models of a stack's gateway, in the form of the entries of its output `endpoints`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

KIND = "gateway"
"""What these entries have as `kind`."""
KEYS = "gatewayKeys"
"""The output with the keys of teams."""
KEY_HEADER = "api-key"
"""Where clients of a gateway send the key of their team."""
_PREFIX = f"{KIND}/"


def entries(outputs: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """An entry for each model, by `gateway/MODEL`; none without a gateway, or before it is deployed."""
    gateway = outputs.get(KIND)
    base = gateway.get("baseUrl") if isinstance(gateway, Mapping) else None
    if not isinstance(gateway, Mapping) or not isinstance(base, str):
        return {}
    return {
        f"{_PREFIX}{model}": {
            "kind": KIND,
            "uri": base.rstrip("/"),
            "chatUrl": f"{base}chat/completions",
            "completionsUrl": None,
            "openaiBaseUrl": base,
            "model": model,
            "modelName": model,
            "auth": "Key",
        }
        for model in gateway.get("models") or {}
    }


def keys(outputs: Mapping[str, Any]) -> dict[str, Mapping[str, str]]:
    """The keys of a team for each model, by `gateway/MODEL`, where the outputs have them in clear."""
    known = outputs.get(KEYS)
    if not isinstance(known, Mapping):
        return {}
    teams = {name: team(outputs, name) for name in entries(outputs)}
    return {name: known[of] for name, of in teams.items() if of in known}


def team(outputs: Mapping[str, Any], name: str) -> str | None:
    """The first team that may call a model.

    Args:
        outputs: Required. The stack's outputs.
        name: Required. The entry's name.

    Returns:
        None for what is no model of the gateway.
    """
    if name not in entries(outputs):
        return None
    teams: Mapping[str, Mapping[str, Any]] = outputs[KIND].get("teams") or {}
    return next((each for each, of in teams.items() if name.removeprefix(_PREFIX) in of.get("models", ())), None)
