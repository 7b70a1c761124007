"""How the keys of each kind of endpoint are listed and regenerated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from azure_llama.arm import versions
from azure_llama.catalog.kinds import FOUNDRY, MANAGED, SERVERLESS


@dataclass(frozen=True)
class KeyActions:
    """The actions of a kind, and the names that its ARM bodies have for the two keys.

    Attributes:
        api_version: Required. Of both actions.
        regenerate: Required. The action that makes a new key.
        request: Required. The property of its body that names the key.
        names: Required. Primary and secondary, as that body names them.
        listed: Required. Primary and secondary, as the answer of `listKeys` names them.
        keyless: Required. The inputs, of azure-native, of an endpoint whose callers send Entra tokens: the property of
            `properties`, and its values.
    """

    api_version: str
    regenerate: str
    request: str
    names: Mapping[str, str]
    listed: Mapping[str, str]
    keyless: tuple[str, tuple[Any, ...]]

    def takes_tokens(self, properties: Mapping[str, Any]) -> bool:
        """Whether an endpoint with these properties has no keys."""
        name, values = self.keyless
        return properties.get(name) in values


_ML_NAMES = {"primary": "Primary", "secondary": "Secondary"}
_ML_LISTED = {"primary": "primaryKey", "secondary": "secondaryKey"}

KINDS: Mapping[str, KeyActions] = {
    SERVERLESS.name: KeyActions(
        versions.MACHINE_LEARNING, "regenerateKeys", "keyType", _ML_NAMES, _ML_LISTED, ("authMode", ("AAD",))
    ),
    MANAGED.name: KeyActions(
        *(versions.MACHINE_LEARNING, "regenerateKeys", "keyType", _ML_NAMES, _ML_LISTED),
        ("authMode", ("AADToken", "AMLToken")),
    ),
    FOUNDRY.name: KeyActions(
        *(versions.COGNITIVE_SERVICES, "regenerateKey", "keyName"),
        {"primary": "Key1", "secondary": "Key2"},
        {"primary": "key1", "secondary": "key2"},
        ("disableLocalAuth", (True,)),
    ),
}
"""By the name of the kind."""
