"""What the components of all kinds of endpoint have in common."""

from __future__ import annotations

from typing import Any

from pulumi import ComponentResource, Output


class EndpointComponent(ComponentResource):
    """An endpoint.

    Attributes:
        arm_id: ARM id of the endpoint, as a plain value.
        keys: primary and secondary, as one secret; None where the endpoint has none.
        outputs: Its entry in the stack's output `endpoints`: kind, uri, chatUrl, completionsUrl, openaiBaseUrl, auth,
            and model or deployments.
    """

    arm_id: str
    keys: Output[dict[str, str | None]] | None
    outputs: dict[str, Any]
