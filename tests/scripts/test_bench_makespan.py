"""The longest chain of Azure's operations in a deployed state."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from scripts.bench_makespan import SCALE, critical_path, operations


def resource(name: str, *dependencies: str, parent: str = "") -> dict[str, Any]:
    return {"urn": name, "id": f"/ID/{name}", "dependencies": dependencies} | ({"parent": parent} if parent else {})


def test_the_chain_with_the_longest_operations_counts_not_the_one_with_most_resources() -> None:
    resources = [
        resource("group"),
        *(resource("a", "group"), resource("b", "a"), resource("c", "b")),
        *(resource("workspace", "group"), resource("deployment", "workspace", "a")),
    ]
    lengths = {"/id/a": 1.0, "/id/b": 2.0, "/id/c": 3.0, "/id/workspace": 75.0, "/id/deployment": 1200.0}
    assert critical_path(resources, lengths) == (1275.0, ["workspace", "deployment"])


def test_a_resource_waits_for_its_parent() -> None:
    resources = [resource("account"), resource("model", parent="account")]
    assert critical_path(resources, {"/id/account": 30.0, "/id/model": 10.0}) == (40.0, ["account", "model"])


def test_a_change_that_a_template_makes_does_not_count_twice(tmp_path: Path) -> None:
    taken = [("/id/endpoint", 5.0, 7.0), ("/id/endpoint", 200.0, 202.0), ("/id/traffic", 200.0, 202.5)]
    with closing(sqlite3.connect(tmp_path / "state.sqlite")) as store:
        store.execute("CREATE TABLE operations (key TEXT, started REAL, ends REAL)")
        store.executemany("INSERT INTO operations VALUES (?, ?, ?)", taken)
        store.commit()
    assert operations(tmp_path / "state.sqlite") == {"/id/endpoint": 2 * SCALE, "/id/traffic": 2.5 * SCALE}
