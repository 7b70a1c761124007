"""Reading a gateway's backends on API Management, for the rules about them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from azure_llama_policies import resource_types as types
from azure_llama_policies.resources import NotSeenError, Resource, Stack

SERVICES: Final = "pool.services"
"""Where a pool lists its members."""
POOL: Final = "Pool"


def is_pool(backend: Resource) -> bool:
    """Whether a backend is a pool of others.

    Raises:
        NotSeenError: its type is unknown.
    """
    type_ = backend.value("type")
    return isinstance(type_, str) and type_.casefold() == POOL.casefold()


def members_of(pool: Resource) -> list[Mapping[str, Any]]:
    """The entries of a pool's members.

    Raises:
        NotSeenError: it is unknown.
    """
    services = pool.value(SERVICES)
    if services is None:
        return []
    if not isinstance(services, list | tuple) or not all(isinstance(each, Mapping) for each in services):
        raise NotSeenError(f"'{SERVICES}' is not a list of members", SERVICES)
    return list(services)


def single_backends(stack: Stack) -> Iterator[Resource]:
    """The backends with a URL.

    Raises:
        NotSeenError: the type of one is unknown.
    """
    yield from (backend for backend in stack.of(types.BACKEND) if not is_pool(backend))
