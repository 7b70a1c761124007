"""Checks of the ids of resources outside the stack, which `preflight` looks up in Azure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from azure_llama.catalog.arm_ids import parse_arm_id
from azure_llama.settings.checks import Check
from azure_llama.settings.problems import Violation

_ARM_ID = {"pattern": "^/"}
"""What JSON Schema states of an ARM id: letter case does not count in the rest, and JSON Schema has no flags."""


@dataclass(frozen=True)
class Refers:
    """Metadata of a field whose value is the id of something outside the stack, which `preflight` asks Azure for.

    Attributes:
        what: Required. What it is the id of, as a sentence names it: `a subnet`.
        form: Optional. How it is written: an ARM id, or one of the other forms that settings take.
        in_region: Optional. Whether it must be in the stack's region.
        in_subscription: Optional. Whether it must be in the stack's subscription.
    """

    what: str
    form: Literal["arm", "or workspace", "key", "model", "environment", "code"] = "arm"
    in_region: bool = False
    in_subscription: bool = False


@dataclass(frozen=True)
class IdCheck(Check):
    """A check of an ARM id.

    Attributes:
        refers: Required. What it is the id of.
    """

    refers: Refers


def arm_id(type_: str, what: str, *, in_region: bool = False, in_subscription: bool = False) -> IdCheck:
    """A check that a string is the ARM id of a resource of a type.

    Args:
        type_: Required. `Microsoft.Network/virtualNetworks/subnets`.
        what: Required. The resource, as a sentence names it: `a subnet`.
        in_region, in_subscription: Optional. Whether Azure requires it to be in the stack's; see `Refers`.
    """
    space, *types = type_.split("/")
    steps = "/".join(f"{step}/<name>" for step in types)
    form = f"/subscriptions/<guid>/resourceGroups/<name>/providers/{space}/{steps}"

    def check(text: str) -> str:
        parsed = parse_arm_id(text)
        if parsed is not None and parsed.is_a(type_):
            return text
        rule = f"is not the ARM id of {what}" if parsed is None else f"is the ARM id of a {parsed.type}, not of {what}"
        raise Violation(rule, f"write it as {form}").error

    return IdCheck(check, _ARM_ID, Refers(what, in_region=in_region, in_subscription=in_subscription))


def _any_arm_id(text: str) -> str:
    """The ARM id of any resource."""
    if parse_arm_id(text) is None:
        form = "/subscriptions/<guid>/resourceGroups/<name>/providers/<namespace>/<type>/<name>"
        raise Violation("is not the ARM id of a resource", f"write it as {form}").error
    return text


any_arm_id = IdCheck(_any_arm_id, {}, Refers("a resource"))
"""A check that a string is the ARM id of a resource of any type."""
