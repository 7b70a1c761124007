"""Names of the resources of endpoints and roles; those of the workspace are in `azure_llama.settings.naming`."""

from __future__ import annotations

import re
import uuid
from hashlib import sha256

_OURS = uuid.UUID("6f0f5c6e-5d1c-5b43-9d3b-3f1b8a7c2e10")
"""The namespace of our GUIDs; any constant would do."""
LONGEST_BUDGET = 43
"""Characters of a budget's name: Azure takes 63, and `-marketplace` and the month come behind it."""

LONGEST_BACKEND = 71
"""Characters of a backend's id before its hash: Azure takes 80 in all."""


def marketplace_subscription_name(model: str) -> str:
    """1-255 letters, digits, dashes and underscores: model names have dots, which Azure does not take here."""
    return re.sub(r"[^A-Za-z0-9_-]", "-", model)


def traffic_name(endpoint: str) -> str:
    """Name of the ARM deployment that states an endpoint: 1-64 letters, digits, dashes, dots and underscores."""
    return f"{endpoint}-traffic"


def autoscale_name(endpoint: str, deployment: str) -> str:
    """Name of an autoscale setting: unique in its group, and no name of an endpoint or a deployment has a dot."""
    return f"{endpoint}.{deployment}-autoscale"


def secret_name(endpoint: str, key: str) -> str:
    """Name of a key vault's secret: 1-127 letters, digits and dashes.

    Args:
        endpoint: Required. Name of the endpoint.
        key: Required. `primary` or `secondary`.
    """
    return f"{endpoint}-{key}-key"


def budget_name(owner: str) -> str:
    """A budget for what the workspace, or the resource group of a stack without one, holds.

    A long name is cut, and ends in a hash of the whole, as does one with what a budget's name cannot have: dots and
    parentheses of a resource group.
    """
    name = f"budget-{owner}"
    plain = re.sub(r"[^A-Za-z0-9_-]", "-", name)
    if plain == name and len(name) <= LONGEST_BUDGET:
        return name
    return f"{plain[: LONGEST_BUDGET - 7]}-{sha256(name.encode()).hexdigest()[:6]}"


def backend_id(*parts: str) -> str:
    """The id of a backend of API Management: 1-80 letters, digits and dashes, which names of models do not keep to.

    Its end is a hash of the parts, so that ids differ where only dots and underscores do.
    """
    plain = re.sub(r"[^A-Za-z0-9]+", "-", "-".join(parts))[:LONGEST_BACKEND].strip("-")
    return f"{plain}-{sha256('/'.join(parts).encode()).hexdigest()[:8]}"


def guid(*parts: str) -> str:
    """The name of a role assignment or definition: the same for the same parts, in any letter case."""
    return str(uuid.uuid5(_OURS, "|".join(parts).lower()))
