"""Part of `make bench`: all checks of the preflight at once, against the slowest one asked alone, and against a row.

Each request takes a tenth of a second longer than the sandbox does, as over a network; each measurement has a client
and a token of its own.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from azure_llama.arm import ArmClient, SignIn
from azure_llama.preflight import CHECKS, Check, Plan, Reader, run
from tests.e2e.preflight_landscape import SCALE, Landscape, variables

LATENCY = 0.1
"""Seconds."""


def preflight(land: Landscape, config: Mapping[str, Any], runs: int) -> dict[str, Any]:
    """Seconds of all checks together, of each alone, and the ratio of the first to the slowest."""
    from azure_llama_sandbox.home import Home

    who, planned = land.asked("bench", config)
    Home(land.home).faults.write_text(yaml.safe_dump([{"delay": LATENCY * SCALE}]))
    with variables(land.environment("owner")):
        alone = {check.name: _median(who, planned, (check,), runs) for check in CHECKS}
        together = _median(who, planned, CHECKS, runs)
    slowest = max(alone, key=lambda name: alone[name])
    return {
        "latency": LATENCY,
        "together": together,
        "slowest": {"check": slowest, "seconds": alone[slowest]},
        "in_a_row": sum(alone.values()),
        "ratio": together / alone[slowest],
    }


def _median(who: SignIn, planned: Plan, checks: Sequence[Check], runs: int) -> float:
    return statistics.median(asyncio.run(_seconds(who, planned, checks)) for _ in range(runs))


async def _seconds(who: SignIn, planned: Plan, checks: Sequence[Check]) -> float:
    async with ArmClient(who) as arm:
        await arm.signed_in()
        begun = time.perf_counter()
        azure = Reader(arm)
        await run(planned, azure, who=who.method, checks=checks)
        await azure.close()
        return time.perf_counter() - begun


def main() -> None:
    """Measure it alone, and print it."""
    import json
    import sys
    import tempfile
    from pathlib import Path

    from tests.e2e.harness import DEV

    with tempfile.TemporaryDirectory() as folder:
        land = Landscape(Path(folder) / "home")
        try:
            found = preflight(land, DEV, 5)
        finally:
            land.close()
    json.dump(found, sys.stdout, indent=2)


if __name__ == "__main__":
    main()
