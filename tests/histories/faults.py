"""Faults of Azure Resource Manager in the form of the sandbox's faults.yaml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

_HOST = "management.azure.com"
_PATHS = (
    "*/resourceGroups/*",
    "*/workspaces/*",
    "*/onlineEndpoints/*",
    "*/onlineEndpoints/*/deployments/*",
    "*/serverlessEndpoints/*",
    "*/marketplaceSubscriptions/*",
    "*/accounts/*",
    "*/accounts/*/deployments/*",
    "*/accounts/*/raiPolicies/*",
    "*/vaults/*",
    "*/storageAccounts/*",
    "*/Microsoft.Resources/deployments/*",
    "*/diagnosticSettings/*",
    "*/autoscaleSettings/*",
    "*/roleAssignments/*",
    "*Operations*",
    "*",
)
_GENERIC = 4
"""One fault in so many is drawn from the paths above."""
_ERROR = {"error": {"code": "InternalServerError", "message": "injected"}}
_EFFECTS: tuple[Mapping[str, Any], ...] = (
    {"status": 500, "body": _ERROR},
    {"status": 500, "body": _ERROR, "times": 1},
    {"status": 503, "text": "<html>unavailable</html>", "headers": {"Content-Type": "text/html"}, "times": 2},
    {"status": 429, "headers": {"Retry-After": "1"}, "body": _ERROR, "times": 2},
    {"status": 409, "body": {"error": {"code": "Conflict", "message": "injected"}}, "times": 1},
    {"cut": 20, "times": 1},
    {"cut": 0, "times": 2},
)


@st.composite
def faults(draw: st.DrawFn, touched: Sequence[tuple[str, str]]) -> list[Mapping[str, Any]]:
    """One or two faults, most of them in what a deployment does.

    Args:
        draw: Required. From hypothesis.
        touched: Required. Method and path of each request that writes in the deployment.
    """

    def place() -> tuple[str, str]:
        if draw(st.integers(1, _GENERIC)) < _GENERIC and touched:
            method, path = draw(st.sampled_from(touched))
            return draw(st.sampled_from((method, method, "GET"))), path
        return draw(st.sampled_from(("PUT", "PUT", "GET", "DELETE", "POST", "*"))), draw(st.sampled_from(_PATHS))

    def fault() -> Mapping[str, Any]:
        method, path = place()
        return {"match": {"host": _HOST, "method": method, "path": path}, **draw(st.sampled_from(_EFFECTS))}

    return [fault() for _ in range(draw(st.integers(1, 2)))]
