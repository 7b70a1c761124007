"""The hosts of Foundry accounts: `NAME.openai.azure.com`, `NAME.services.ai.azure.com`, `NAME.cognitiveservices...`."""

from __future__ import annotations

from starlette.types import ASGIApp

from azure_llama_sandbox.inference.foundry.app import FoundryInference
from azure_llama_sandbox.world import World


def build(world: World) -> ASGIApp:
    """The application for all hosts of accounts; picks the account by the `Host` header.

    Args:
        world: Required. What the sandbox shares.
    """
    return FoundryInference(world)
