"""Reads the outputs of a resource safely."""

from __future__ import annotations

from typing import TypeVar, cast

import pulumi

T = TypeVar("T")


def returned(value: T | None) -> T | None:
    """A nested output, from inside `apply`: unknown, rather than null, where a preview does not have it yet.

    The provider leaves out what only Azure can tell. In a stack's outputs null would say that there is no such thing.
    """
    if value is None and pulumi.runtime.is_dry_run():
        return cast(T, pulumi.UNKNOWN)
    return value
