"""The hosts of API Management services: `NAME.azure-api.net`."""

from __future__ import annotations

from starlette.types import ASGIApp

from azure_llama_sandbox.inference.gateway.app import Gateway
from azure_llama_sandbox.world import World


def build(world: World, azure: ASGIApp) -> ASGIApp:
    """The application for all hosts of services; picks the service by the `Host` header.

    Args:
        world: Required. What the sandbox shares.
        azure: Required. All hosts that the sandbox emulates: where backends are called.
    """
    return Gateway(world, azure)
