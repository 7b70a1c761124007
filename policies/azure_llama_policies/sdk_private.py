"""The undocumented parts of Pulumi's policy SDK that the pack uses, in one place.

A test compares them with what they were in `WRITTEN_FOR`. They are not beside those of the program's SDK
(`azure_llama.stack.pulumi_private`), because the pack may not import that package.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pulumi_policy.policy
from pulumi_policy.deserialize import SPECIAL_SECRET_SIG, SPECIAL_SIG_KEY
from pulumi_policy.proxy import UnknownValueError

__all__ = ["SECRETS", "WRITTEN_FOR", "UnknownValueError", "keep_secret_marks"]

WRITTEN_FOR = "1.21.0"
"""The version of the SDK whose private parts these are."""

SECRETS: Final = "azure-llama:secrets"
"""Among a resource's values: the paths of its secrets, as a tuple, which the SDK's proxies leave alone."""

_HIDDEN: Final = "[secret]"
"""What the engine shows in place of a secret that it cannot decrypt."""


def keep_secret_marks() -> None:
    """Preserve the secret markers of values, which the engine sends and the SDK drops.

    For the process that serves the pack, which starts once.
    """
    sdk: Any = pulumi_policy.policy
    read = sdk.deserialize_properties

    def marked(props: dict[str, Any], *rest: Any) -> dict[str, Any]:
        return {**read(props, *rest), SECRETS: tuple(_secret_paths(props, ""))}

    sdk.deserialize_properties = marked


def _secret_paths(value: Any, path: str) -> Iterator[str]:
    if value == _HIDDEN or (isinstance(value, dict) and value.get(SPECIAL_SIG_KEY) == SPECIAL_SECRET_SIG):
        yield path
        return
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from _secret_paths(inner, f"{path}.{key}" if path else str(key))
