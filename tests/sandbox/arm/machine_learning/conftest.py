"""A managed endpoint, without and with a deployment."""

from __future__ import annotations

import pytest

from tests.sandbox.arm.harness import (
    Azure,
    endpoint_body,
)
from tests.sandbox.arm.machine_learning.managed import ENDPOINT


@pytest.fixture
def endpoint(hub: Azure) -> Azure:
    hub.endpoint()
    return hub


@pytest.fixture
def served(endpoint: Azure) -> Azure:
    endpoint.deployment()
    endpoint.put(ENDPOINT, endpoint_body(traffic={"blue": 100}))
    return endpoint
