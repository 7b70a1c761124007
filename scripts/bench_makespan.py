"""Part of `make bench`: the time of a first `up` over the longest chain of Azure's operations.

The length of a resource is that of the operation that creates it, from the sandbox's database. A chain follows what the
deployed state says that a resource waits for: its dependencies and its parent. A resource that Azure makes at once is a
link without length. `up` counts from the first request that creates a resource to the end of the process. Before it,
engine and program start and the preview runs: that is the start. Everything runs at a time scale at which the machine's
own work is next to nothing.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

from tests.e2e.harness import Azure

SCALE = 10.0
"""Azure seconds that pass in one real second."""


def makespan(azure: Azure) -> dict[str, Any]:
    """Azure seconds of a first `up` of the dev stack, and of the longest chain of operations in it; `start_s` is real.

    Args:
        azure: Required. A sandbox at `SCALE` in which there is no stack.
    """
    azure.init()
    begin = time.time()
    azure.pulumi("up")
    end = time.time()
    first = next(each["time"] for each in azure.requests() if each["time"] > begin and each["method"] == "PUT")
    state = json.loads(azure.exec("pulumi", "stack", "export", "--stack", azure.stack).text)
    length, chain = critical_path(state["deployment"]["resources"], operations(azure.home / "state.sqlite"))
    return {
        "up_s": (end - first) * SCALE,
        "start_s": first - begin,
        "chain_s": length,
        "chain": [urn.rsplit("::", 1)[-1] for urn in chain],
        "ratio": (end - first) * SCALE / length,
    }


def operations(database: Path) -> dict[str, float]:
    """Azure seconds of the operation that creates a resource, by the resource's id in lower case.

    The operation of a template has those that it starts in it, such as the change of an endpoint's traffic.
    """
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as store:
        taken = store.execute("SELECT key, ends - started, MIN(started) FROM operations GROUP BY key").fetchall()
    return {key: seconds * SCALE for key, seconds, _ in taken}


def critical_path(resources: Sequence[Mapping[str, Any]], lengths: Mapping[str, float]) -> tuple[float, list[str]]:
    """The longest chain of resources that wait for each other: its length, and the URNs of those that have one.

    Args:
        resources: Required. Those of the state.
        lengths: Required. What `operations` gives.
    """
    by_urn = {each["urn"]: each for each in resources}

    @cache
    def longest(urn: str) -> tuple[float, list[str]]:
        resource = by_urn[urn]
        own = lengths.get(str(resource.get("id", "")).lower(), 0.0)
        before = [*resource.get("dependencies", ()), *([resource["parent"]] if "parent" in resource else [])]
        length, chain = max((longest(each) for each in before if each in by_urn), default=(0.0, []))
        return length + own, [*chain, *([urn] if own else [])]

    return max(map(longest, by_urn))
