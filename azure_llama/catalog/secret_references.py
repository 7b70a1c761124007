"""Environment variables of deployments that refer to a secret, and what lets an endpoint read it."""

from __future__ import annotations

import re
from collections.abc import Mapping

_CONNECTION = re.compile(r"\$\{\{\s*azureml://connections/([^/}\s]+)/[^}]+\}\}")
ENFORCEMENT = "enforce_access_to_default_secret_stores"
"""The entry of an endpoint's own map that lets its system-assigned identity read the secrets of connections.

Azure takes it when the endpoint is created (how-to-deploy-online-endpoint-with-secret-injection).
"""
SECRETS_READER = "ea01e6af-a1c1-4350-9563-ad00f8c72ec5"
"""Id of the role Azure Machine Learning Workspace Connection Secrets Reader."""


def connections_of(variables: Mapping[str, object]) -> dict[str, str]:
    """The connection of each variable that refers to one: `${{azureml://connections/NAME/credentials/KEY}}`."""
    matches = {name: _CONNECTION.fullmatch(value) for name, value in variables.items() if isinstance(value, str)}
    return {name: match[1] for name, match in matches.items() if match}


def is_enforced(properties: Mapping[str, object]) -> bool:
    """Whether an endpoint's own map lets it read the secrets of connections."""
    value = next((each for key, each in properties.items() if key.casefold() == ENFORCEMENT), None)
    return str(value).casefold() in ("enabled", "true")
