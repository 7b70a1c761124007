"""A provider on loopback for every test that asks for one."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.sandbox.provider.harness import Rig, start_rig


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def rig(anyio_backend: str) -> AsyncIterator[Rig]:
    async with start_rig() as started:
        yield started
