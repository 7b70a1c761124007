"""The base of the components of all kinds of endpoint."""

from __future__ import annotations

from typing import Any

from pulumi import ComponentResource, Output

from azure_llama.catalog.kinds import MANAGED

CALLER = MANAGED.caller_role
"""The built-in role that Microsoft names for calling an endpoint with an Entra token ("Authenticate and authorize to
online endpoints", 2023-12-15). Its documented actions (`workspaces/*/action` and others) hold `onlineEndpoints/score`,
`onlineEndpoints/listKeys`, `onlineEndpoints/token` and `serverlessEndpoints/listKeys`; it can also change the endpoint
that it is given on, and nothing else."""


class EndpointComponent(ComponentResource):
    """An endpoint.

    Attributes:
        arm_id: ARM id of the endpoint, as a plain value.
        keys: primary and secondary, as one secret; None where the endpoint has none.
        outputs: Its entry in the stack's output `endpoints`: kind, uri, chatUrl, completionsUrl, openaiBaseUrl, auth,
            and model or deployments.
        caller_role: The built-in role of those who call it with an Entra token.
    """

    caller_role = CALLER

    arm_id: str
    keys: Output[dict[str, str | None]] | None
    outputs: dict[str, Any]

    def entries(self, name: str) -> dict[str, dict[str, Any]]:
        """Its entries in the stack's output `endpoints`, by name.

        Args:
            name: Required. Its name in the settings.
        """
        return {name: self.outputs}
