"""Shared code of the rows of several namespaces."""

from __future__ import annotations

import re
from typing import Final

GROUP: Final = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}"
"""Path of a resource group."""
READ_ONLY: Final = "azureApiVersion- name- type-"
IDENTITY: Final = "identity{type! userAssignedIdentities# principalId- tenantId-}"

_TOKEN = re.compile(r"(?P<name>(?<![:\w])\w+)|(?P<open>[{\[])|(?P<close>[}\]])|(?P<other>.)", re.DOTALL)


def inner(text: str) -> str:
    """A shape of what ARM has in an object `properties` and the SDK beside it: the names at its top get a wire."""
    depth, words = 0, []
    for token in _TOKEN.finditer(text):
        depth += bool(token["open"]) - bool(token["close"])
        name = token["name"]
        words.append(f"{name}=properties.{name}" if name and depth == 0 else token[0])
    return "".join(words)
