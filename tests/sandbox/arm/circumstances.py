"""A sandbox under other circumstances than the usual ones."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import httpx

from azure_llama_sandbox.arm import build
from azure_llama_sandbox.conditions import Conditions
from tests.sandbox.arm.harness import ARM, Azure


def under(azure: Azure, **conditions: Any) -> Azure:
    """The same sandbox under other circumstances."""
    current = Conditions.model_validate(conditions)
    azure.world = replace(azure.world, conditions=lambda: current)
    transport = httpx.ASGITransport(build(azure.world), raise_app_exceptions=True)
    azure.http = httpx.AsyncClient(transport=transport, base_url=ARM)
    return azure
