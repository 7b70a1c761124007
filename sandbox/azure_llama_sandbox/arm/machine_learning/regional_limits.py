"""The numbers of endpoints, deployments and computes that a region and subscription may have."""

from __future__ import annotations

from azure_llama.catalog import limits
from azure_llama_sandbox.arm.calls import Call
from azure_llama_sandbox.arm.errors import user_error
from azure_llama_sandbox.arm.machine_learning.common import COMPUTE, DEPLOYMENT, ENDPOINT, SERVERLESS, display_name


def check(call: Call, type_: str, region: str) -> None:
    """Refuse a new resource beyond a limit. Azure's code for it is unknown; this one is the sandbox's.

    Args:
        call: Required. The PUT.
        type_: Required. The type of the new resource.
        region: Required. Its region.

    Raises:
        ArmError: 400.
    """
    rows = (
        ("endpoints", limits.ENDPOINTS_PER_SUBSCRIPTION, (ENDPOINT, SERVERLESS)),
        ("managed deployments", limits.DEPLOYMENTS_PER_SUBSCRIPTION, (DEPLOYMENT,)),
        ("compute instances and managed deployments", limits.COMPUTES_PER_REGION, (DEPLOYMENT, COMPUTE)),
    )
    for noun, limit, types in rows:
        if type_ not in types:
            continue
        held = sum(each.body["location"] == region for counted in types for each in call.store.of_type(counted))
        if held >= limit.high:
            raise user_error(
                f"The subscription has {held} {noun} in the region {display_name(region)}; the limit is {limit.high}.",
                "OutOfQuota",
                location=region,
            )
