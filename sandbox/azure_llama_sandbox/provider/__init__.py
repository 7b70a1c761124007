"""A stand-in for azure-native: the engine attaches to it (`PULUMI_DEBUG_PROVIDERS`) or starts it as a plugin.

It turns Pulumi's inputs into the requests that the real provider would send to Azure Resource Manager, and sends them
over HTTPS to the sandbox's. Nothing here knows how ARM comes to its answers.
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import grpc
import httpx
from pulumi.runtime.proto import provider_pb2_grpc

from azure_llama_sandbox.provider.arm_client import ArmClient
from azure_llama_sandbox.provider.credentials import TokenCache
from azure_llama_sandbox.provider.functions import Functions
from azure_llama_sandbox.provider.lifecycle import Lifecycle
from azure_llama_sandbox.provider.servicer import Servicer
from azure_llama_sandbox.provider.sessions import Sessions
from azure_llama_sandbox.provider.sign_in import choose

__all__ = ["SERVER_OPTIONS", "ProviderHandle", "add_provider"]

_LIMIT = 400 * 1024 * 1024
SERVER_OPTIONS = (("grpc.max_receive_message_length", _LIMIT), ("grpc.max_send_message_length", _LIMIT))
"""What the gRPC server must be made with: the engine's own message limits, in bytes."""
_HTTP_SECONDS = 60.0


class ProviderHandle:
    """The open resources of the provider."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def close(self) -> None:
        """Close the connections to ARM."""
        await self._http.aclose()


async def add_provider(
    server: grpc.aio.Server,
    *,
    arm: str,
    authority: str,
    ca: Path,
    scale: float,
    variables: Mapping[str, str],
) -> ProviderHandle:
    """Register the provider with a gRPC server that has not been started yet.

    Args:
        server: Required. Made with `SERVER_OPTIONS`.
        arm: Required. URL of ARM, `https://127.0.0.1:PORT`.
        authority: Required. URL of the token service.
        ca: Required. File of the certificate authority that both are trusted by.
        scale: Required. Azure seconds that pass in one real second.
        variables: Required. Environment variables that azure-native reads (`ARM_*`), where the stack sets nothing.
    """
    # No proxy and no bundle from the environment: this client talks to the sandbox it is part of, and to nobody else.
    trust = ssl.create_default_context(cafile=str(ca))
    http = httpx.AsyncClient(
        verify=trust,
        trust_env=False,
        timeout=_HTTP_SECONDS,
        limits=httpx.Limits(max_connections=None, max_keepalive_connections=32),
    )
    tokens = TokenCache(http, authority)
    client = ArmClient(http, tokens, arm, scale)
    servicer = Servicer(
        Sessions(partial(choose, variables=variables, trust=trust), variables.get("ARM_SUBSCRIPTION_ID", "")),
        client,
        Lifecycle(client),
        Functions(client, tokens),
    )
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
    return ProviderHandle(http)
