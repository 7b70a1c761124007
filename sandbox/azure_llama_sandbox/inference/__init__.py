"""The hosts of deployed endpoints: `<name>.<region>.models.ai.azure.com` and `<name>.<region>.inference.ml.azure.com`.

They answer as documented, with canned text that says so.
"""

from __future__ import annotations

from starlette.types import ASGIApp

from azure_llama_sandbox.inference.app import Inference
from azure_llama_sandbox.world import World


def build(world: World, *, flat_errors: bool = False) -> ASGIApp:
    """The application for all inference hosts; picks the endpoint by the `Host` header.

    Args:
        world: Required. What the sandbox shares.
        flat_errors: Optional. Errors in the flat shape of the REST pages alone; by default they have the nested
            shape of the SDK samples as well, which every client reads.
    """
    return Inference(world, flat_errors=flat_errors)
