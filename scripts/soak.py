"""Soak a sandbox and a gateway under streaming clients while its members fail: `make prove`.

Two regional stacks and the gateway of examples/gateway are deployed into a sandbox of its own. Clients stream chats
while one member after the other answers 429 or 500, or breaks its streams off. Exits with 1 when

- an answer is lost: an error that the gateway hides from callers, a stream that ends without `[DONE]` as if it were
  whole, or one that breaks off each time that a client asks again;
- the sandbox grows from the end of the warm-up to the end by more than the limits below.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from azure_llama.stack import project  # noqa: E402 - the checkout is not on a script's path
from scripts.soak_clients import Client, Gateway, Tally, gateway_of  # noqa: E402 - as above
from tests.e2e import harness  # noqa: E402 - as above
from tests.inprocess.azure import Azure  # noqa: E402 - as above
from tests.inprocess.stack import Stack  # noqa: E402 - as above

_WRITTEN = date(2026, 11, 30)
"""The day of the example."""
_SCALE = 600.0
_MODEL, _TEAM, _REGIONS = "llama-33-70b", "search", ("eastus2", "swedencentral")
_CONDITIONS = {"foundry": {"quota": {"AIServices.GlobalStandard.Llama-3.3-70B-Instruct": 50000}}}
_PLENTY = 1_000_000_000
"""Tokens: no client may meet a limit of its own."""
_WARM_UP = 0.2
"""The part of the time before the first measurement: caches are filled, every client has connected."""
_PHASE = 5.0
"""Seconds for which a fault lasts."""
_TOLD = 12
"""Phases between two lines of what is measured."""
_FAULTS: tuple[Mapping[str, Any], ...] = (
    {},
    {"status": 429, "headers": {"Retry-After": "1"}},
    {"status": 500},
    {"cut": 0},
    {"cut": 400},
)
_BROKEN = 0.25
"""Answers that break off while such a fault lasts, for each client: none may meet one each time that it asks again."""

GROWTH = {"memory": 48 * 2**20, "descriptors": 16, "database": 2**20}
"""Bytes of resident memory and of the database with its journal; open descriptors, when all clients have gone."""
LINE = 1500
"""Bytes of the request log for each request that it has: of its files, the only one that grows by design."""


@dataclass(frozen=True)
class Size:
    """What a sandbox takes.

    Attributes:
        memory, database, log: Bytes.
        descriptors: Open ones.
        requests: Lines of the request log.
    """

    memory: int
    descriptors: int
    database: int
    log: int
    requests: int

    @classmethod
    def of(cls, pid: int, home: Path) -> Size:
        """Measure a running sandbox."""
        status = Path(f"/proc/{pid}/status").read_text()
        resident = next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmRSS"))
        database = sum(each.stat().st_size for each in home.glob("state.sqlite*"))
        descriptors = len(list(Path(f"/proc/{pid}/fd").iterdir()))
        log = home / "requests.jsonl"
        with log.open("rb") as lines:
            requests = sum(1 for _ in lines)
        return cls(resident, descriptors, database, log.stat().st_size, requests)

    def __str__(self) -> str:
        return (
            f"{self.memory / 2**20:.1f} MiB of memory, {self.descriptors} descriptors, database "
            f"{self.database / 2**10:.0f} KiB, request log {self.log / 2**20:.1f} MiB"
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Soak, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10, help="how long clients call (default 10)")
    parser.add_argument("--clients", type=int, default=200, help="how many call at once (default 200)")
    parser.add_argument("--pause", type=float, default=2, help="seconds that each waits between two calls (default 2)")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        outputs = deploy(home)
        with sandbox(home) as status:
            gateway = gateway_of(outputs, status, _MODEL, _TEAM)
            soak = Soak(gateway, home, int(status["pid"]), asked.minutes * 60, asked.pause)
            errors = asyncio.run(soak.run(asked.clients))
    for error in errors:
        _print(f"error: {error}")
    return 1 if errors else 0


def deploy(home: Path) -> Mapping[str, Any]:
    """Deploy the stacks of the example; returns the outputs of the gateway's."""
    azure = Azure(home, as_of=_WRITTEN, kept=True)
    try:
        azure.conditions(_CONDITIONS)
        members = {f"organization/azure-llama/{name}": Stack(_example(name), azure) for name in _REGIONS}
        gateway = Stack(_example("gateway"), azure, others=members)
        for stack in (*members.values(), gateway):
            run = stack.up()
            if run.errors:
                raise RuntimeError("\n".join(run.errors))
        return gateway.outputs
    finally:
        azure.close()


def _example(name: str) -> project.Project:
    found = project.load(ROOT, name, ROOT / "examples" / "gateway" / f"Pulumi.{name}.yaml")
    config = dict(found.config)
    for key, text in config.items():
        if key == "azure-llama:foundry":
            config[key] = text.replace('"capacity":100', '"capacity":10000')
        if key == "azure-llama:gateway" and name == "gateway":
            asked = json.loads(text)
            del asked["models"][_MODEL]["members"]["westeurope"]
            asked["models"][_MODEL]["breaker"] = {"tripSeconds": 1}
            asked["teams"][_TEAM] = {"tokensPerMinute": _PLENTY, "tokensPerMonth": _PLENTY}
            config[key] = json.dumps(asked)
    return replace(found, config=config)


@contextmanager
def sandbox(home: Path) -> Iterator[Mapping[str, Any]]:
    """A sandbox process in a home; gives its status."""
    azure = harness.Azure(home)
    azure.start(_SCALE, _WRITTEN.isoformat())
    try:
        yield azure.status
    finally:
        azure.cli("stop")


class Soak:
    """One run.

    Args:
        gateway: Required. What clients call.
        home, pid: Required. Of the sandbox.
        seconds: Required. How long clients call.
        pause: Required. Seconds between two calls of a client.
    """

    def __init__(self, gateway: Gateway, home: Path, pid: int, seconds: float, pause: float) -> None:
        self._gateway, self._home, self._pid = gateway, home, pid
        self._seconds, self._pause = seconds, pause
        self._tally = Tally()

    async def run(self, clients: int) -> list[str]:
        """Let clients call while members fail; returns what is wrong."""
        idle = self._size()
        stop = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            for number in range(clients):
                client = Client(self._gateway, self._tally, self._pause, number)
                group.create_task(client.run(stop))
            await self._fail(self._seconds * _WARM_UP, clients)
            warm = self._size()
            _print(f"after the warm-up: {warm}")
            await self._fail(self._seconds * (1 - _WARM_UP), clients)
            end = self._size()
            stop.set()
        after = await self._idle(idle)
        _print(f"at the end: {end}; {self._tally}")
        _print(f"without clients: {after}")
        return [*lost(self._tally), *grown(idle, warm, end, after)]

    async def _fail(self, seconds: float, clients: int) -> None:
        """Let one fault after the other happen, at one member after the other."""
        end = time.monotonic() + seconds
        phase = 0
        while (left := end - time.monotonic()) > 0:
            fault, region = _FAULTS[phase % len(_FAULTS)], _REGIONS[phase // len(_FAULTS) % len(_REGIONS)]
            match = {"host": f"contoso-{region}.openai.azure.com"}
            times = {"times": max(1, round(clients * _BROKEN))} if "cut" in fault else {}
            script = [{"match": match, **times, **fault}] if fault else []
            (self._home / "faults.yaml").write_text(json.dumps(script))
            await asyncio.sleep(min(left, _PHASE))
            phase += 1
            if phase % _TOLD == 0:
                _print(f"{left / 60:.0f} minutes left: {self._size()}; {self._tally}")
        (self._home / "faults.yaml").write_text("[]")

    async def _idle(self, idle: Size) -> Size:
        """The size when the connections of all clients are gone."""
        for _ in range(50):
            size = self._size()
            if size.descriptors <= idle.descriptors:
                break
            await asyncio.sleep(0.1)
        return size

    def _size(self) -> Size:
        return Size.of(self._pid, self._home)


def lost(tally: Tally) -> Iterator[str]:
    """What is wrong with the answers."""
    if not tally.outcomes["served"]:
        yield "no answer was served"
    if tally.outcomes["lost"]:
        yield from (f"{tally.outcomes['lost']} answers were lost, such as:", *tally.lost)


def grown(idle: Size, warm: Size, end: Size, after: Size) -> Iterator[str]:
    """What grew beyond its limit.

    Args:
        idle, after: Required. Before the first client and after the last one.
        warm, end: Required. With all clients, after the warm-up and at the end.
    """
    growth = {
        "memory": end.memory - warm.memory,
        "descriptors": after.descriptors - idle.descriptors,
        "database": end.database - warm.database,
    }
    for name, more in growth.items():
        if more > GROWTH[name]:
            yield f"{name} grew by {more}; the limit is {GROWTH[name]}"
    if after.log > after.requests * LINE:
        yield f"the request log has {after.log / after.requests:.0f} bytes for each request; the limit is {LINE}"


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
