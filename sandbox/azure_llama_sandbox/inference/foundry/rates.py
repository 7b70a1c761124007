"""Rate limits of a deployment, as its answers state them."""

from __future__ import annotations

import math
import sys

from azure_llama_sandbox.inference.errors import RefusalError
from azure_llama_sandbox.inference.foundry.accounts import Account, Deployment
from azure_llama_sandbox.inference.metering import Meter

Headers = dict[str, str]


class Rates:
    """A meter for each deployment, which starts again when the deployment's limits change."""

    def __init__(self) -> None:
        self._meters: dict[str, Meter] = {}

    def meter(self, deployment: Deployment) -> Meter:
        """The meter of a deployment."""
        limits = (deployment.requests or sys.maxsize, deployment.tokens)
        meter = self._meters.get(deployment.id)
        if meter is None or (meter.requests_per_minute, meter.tokens_per_minute) != limits:
            meter = self._meters[deployment.id] = Meter(*limits)
        return meter


def admit(meter: Meter, deployment: Deployment, account: Account, now: float, tokens: int) -> None:
    """Count a request.

    Args:
        meter: Required.
        deployment: Required.
        account: Required.
        now: Required. Epoch seconds.
        tokens: Required. What prompt and answer may come to.

    Raises:
        RefusalError: 429.
    """
    wait = meter.admit(now, tokens)
    if not wait:
        return
    remaining, _ = meter.remaining
    policy = "Request" if remaining <= 0 else "Token"
    waiting = {
        "retry-after": str(math.ceil(wait)),
        "retry-after-ms": str(math.ceil(wait * 1000)),
        "policy-id": f"DeploymentRatelimit-{policy}",
    }
    raise RefusalError(
        429,
        "429",
        f"Your requests to {deployment.target.name} for {deployment.model.name} in {account.region} have exceeded rate"
        f" limit. Please retry after {math.ceil(wait)} seconds.",
        headers=waiting | headers(meter, deployment, now),
    )


def headers(meter: Meter, deployment: Deployment, now: float) -> Headers:
    """The `x-ratelimit-` headers."""
    requests, tokens = meter.remaining
    reset = str(math.ceil(meter.resets_in(now)))
    rows = {"tokens": (deployment.tokens, tokens)}
    if deployment.requests is not None:
        rows["requests"] = (deployment.requests, requests)
    found = {}
    for name, (limit, left) in rows.items():
        found[f"x-ratelimit-limit-{name}"] = str(limit)
        found[f"x-ratelimit-remaining-{name}"] = str(max(0, left))
        found[f"x-ratelimit-reset-{name}"] = reset
    return found
