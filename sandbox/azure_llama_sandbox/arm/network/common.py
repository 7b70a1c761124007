"""Shared code of the resources of Microsoft.Network: errors, and the properties that Azure adds."""

from __future__ import annotations

import uuid
from http import HTTPStatus
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any

from azure_llama.catalog.names import NameRule
from azure_llama_sandbox.arm.calls import Call
from azure_llama_sandbox.arm.errors import ArmError, bad_request
from azure_llama_sandbox.arm.kinds import Kind, Style
from azure_llama_sandbox.store import Resource

Network = IPv4Network | IPv6Network


def name_rule(what: str, longest: int = 80) -> NameRule:
    """The rule that most of these types share."""
    return NameRule(
        what,
        r"[a-zA-Z0-9]([a-zA-Z0-9_.-]*[a-zA-Z0-9_])?",
        1,
        longest,
        "letters, digits, dots, underscores and dashes, beginning with a letter or digit, ending with one or with _",
        "azure-names-2020-02",
        "2020-02-11",
    )


class NetworkKind(Kind):
    """A resource of Microsoft.Network: its changes take a while."""

    put = Style.ASYNC
    delete = Style.ACCEPTED
    busy_code = "AnotherOperationInProgress"


class NetworkChild(NetworkKind):
    """A resource below one of Microsoft.Network: it has neither region nor tags."""

    located = False
    patchable = frozenset()


def etag() -> str:
    """A new one."""
    return f'W/"{uuid.uuid4()}"'


def prefix(text: str, path: str, *, of: str) -> Network:
    """An address range.

    Args:
        text: Required. As the body has it.
        path: Required. Where it stands.
        of: Required. Name of the resource.

    Raises:
        ArmError: 400, it is none, or is not the first address of its range.
    """
    try:
        return ip_network(text)
    except ValueError:
        pass
    try:
        right = ip_network(text, strict=False)
    except ValueError:
        raise bad_request(
            f"The address prefix {text} in resource {of} is not formatted correctly. It should be specified in CIDR"
            " format, for example, 10.0.0.0/24.",
            target=path,
            code="InvalidAddressPrefixFormat",
        ) from None
    raise bad_request(
        f"The address prefix {text} in resource {of} has an invalid CIDR notation. For the given prefix length, the"
        f" address prefix should be {right}.",
        target=path,
        code="InvalidCIDRNotation",
    )


def covers(outer: Network, inner: Network) -> bool:
    """Whether two ranges overlap; then one contains the other."""
    first, last = int(outer.network_address), int(outer.broadcast_address)
    return (
        outer.version == inner.version
        and first <= int(inner.network_address) <= last
        and inner.prefixlen >= outer.prefixlen
    )


def referenced(call: Call, id_: Any, path: str, *, type_: str = "", region: str = "") -> Resource:
    """A resource that the body names.

    Args:
        call: Required.
        id_: Required. As the body has it.
        path: Required. Where it stands.
        type_: Optional. What it has to be; anything when empty.
        region: Optional. Where it has to be; anywhere when empty.

    Raises:
        ArmError: 400, it is not there, of another type, or in another region.
    """
    found = call.store.get(str(id_ or ""))
    elsewhere = found is not None and region and found.body.get("location", region) != region
    if found is None or (type_ and found.type != type_) or elsewhere:
        raise bad_request(
            f"Resource {id_} referenced by resource {call.id.text} was not found. Please make sure that the referenced"
            " resource exists, and that both resources are in the same region.",
            target=path,
            code="InvalidResourceReference",
        )
    return found


def in_use(code: str, what: str, by: str) -> ArmError:
    """A resource that another one uses cannot be deleted."""
    return ArmError(HTTPStatus.BAD_REQUEST, code, f"{what} is in use by {by} and cannot be deleted.")


def child_entry(holder: str, collection: str, type_: str, entry: dict[str, Any]) -> dict[str, Any]:
    """A part of a resource that Azure returns as a separate resource."""
    properties = {**(entry.get("properties") or {}), "provisioningState": "Succeeded"}
    given = {key: value for key, value in entry.items() if key != "properties"}
    id_ = f"{holder}/{collection}/{entry.get('name', '')}"
    return {**given, "id": id_, "type": type_, "etag": etag(), "properties": properties}
