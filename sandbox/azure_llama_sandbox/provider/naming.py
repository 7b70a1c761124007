"""Names that a program leaves out."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Mapping
from typing import Any

from pulumi.runtime.proto.provider_pb2 import CheckRequest

from azure_llama_sandbox.provider.resource_type import Autoname, ResourceType

CREATE_BEFORE_DELETE = "__createBeforeDelete"
"""An input that azure-native adds to resources with a random name: their replacement can stand beside the old one."""


def fill_in(row: ResourceType, request: CheckRequest, olds: Mapping[str, Any], inputs: dict[str, Any]) -> None:
    """Give the resource a name, unless the program did: the old one, the engine's proposal, or one made up."""
    key = row.name_input
    if key in inputs:
        return
    if key in olds:
        inputs[key] = olds[key]
        if CREATE_BEFORE_DELETE in olds:
            inputs[CREATE_BEFORE_DELETE] = olds[CREATE_BEFORE_DELETE]
        return
    made = _name(row, request)
    if made is not None:
        inputs[key], beside = made
        if beside:
            inputs[CREATE_BEFORE_DELETE] = True


def _name(row: ResourceType, request: CheckRequest) -> tuple[str, bool] | None:
    """The name, and whether another resource of the same Pulumi name would get another one."""
    if request.HasField("autonaming"):
        modes = CheckRequest.AutonamingOptions.Mode
        mode = request.autonaming.mode
        if mode == modes.DISABLE:
            return None
        if mode == modes.ENFORCE or (mode == modes.PROPOSE and row.autoname is not Autoname.UUID):
            return request.autonaming.proposed_name, True
    logical = request.urn.rsplit("::", 1)[-1]
    if row.autoname is Autoname.COPY:
        return logical, False
    digits = hashlib.sha256(request.randomSeed or secrets.token_bytes(16)).hexdigest()
    if row.autoname is Autoname.UUID:
        return str(uuid.UUID(digits[:32])), True
    return logical + digits[:8], True
