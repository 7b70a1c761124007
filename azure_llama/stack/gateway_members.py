"""Finds the members of a gateway in the outputs of other stacks, and checks that they fit its models."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from azure_llama.settings import GatewayMemberSettings, GatewayModelSettings


@dataclass(frozen=True)
class Misfit:
    """Why an endpoint cannot be a member.

    Attributes:
        rule: Required. What is wrong, as the rest of a sentence that begins with the endpoint.
        remedy: Required. What to do, as an imperative.
    """

    rule: str
    remedy: str


def find_member(
    endpoints: Mapping[str, Any], deployment: str, member: GatewayMemberSettings
) -> Mapping[str, Any] | None:
    """A member's entry in the output `endpoints` of its stack; None when the stack has no such endpoint.

    Args:
        endpoints: Required. The output.
        deployment: Required. What its members call the model.
        member: Required. The member.
    """
    found = endpoints.get(f"{member.endpoint}/{deployment}") or endpoints.get(member.endpoint)
    return found if isinstance(found, Mapping) else None


def misfit(entry: Mapping[str, Any], deployment: str, model: GatewayModelSettings) -> Misfit | None:
    """Why an endpoint cannot be a member of a model; None when it can.

    Args:
        entry: Required. Its entry in the output `endpoints`.
        deployment: Required. What the model's members call it.
        model: Required. The gateway's model.
    """
    kind, auth = model.endpoint_kind, entry.get("auth")
    if entry.get("kind") != kind.name:
        return Misfit(
            f"is of kind {entry.get('kind')}, and the model's is {kind.name}", "set kind, or another endpoint"
        )
    if entry.get("modelName") != deployment:
        rule = f"calls the model {entry.get('modelName')!r}, and the other members {deployment!r}"
        return Misfit(rule, "set deployment to the one name that all members have")
    if not entry.get("openaiBaseUrl"):
        return Misfit("has no route of OpenAI, which a gateway needs", "choose an endpoint that has one")
    if not entry.get("id"):
        return Misfit("has no id in its outputs", "run `pulumi up` there with this version")
    modes = kind.key_modes if model.auth == "keys" else kind.entra_modes
    if auth is not None and auth not in modes:
        other = "identity" if model.auth == "keys" else "keys"
        return Misfit(f"has auth: {auth}, and the model's auth is {model.auth}", f"set auth: {other} for the model")
    return None
