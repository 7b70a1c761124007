"""Bodies of Microsoft.Network/privateDnsZones and of their links (contract 2024-06-01)."""

from __future__ import annotations

from azure_llama_sandbox.arm.contract import ABSENT, Empty, Strict, Tracked
from azure_llama_sandbox.arm.network.envelopes import SubResource


class ZoneBody(Tracked):
    """A PUT's body."""

    etag: str = ABSENT
    properties: Empty = ABSENT


class VirtualNetworkLinkProperties(Strict):
    """`properties`."""

    registration_enabled: bool = ABSENT
    resolution_policy: str = ABSENT
    virtual_network: SubResource = ABSENT


class LinkBody(Tracked):
    """A PUT's body."""

    etag: str = ABSENT
    properties: VirtualNetworkLinkProperties = ABSENT
