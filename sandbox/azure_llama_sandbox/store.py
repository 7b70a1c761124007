"""The sandbox's memory: Azure resources, running operations and taken names, in SQLite.

Every write is one transaction, so a sandbox that is killed at any moment comes back with a state that
Azure could have been in. Operations are stored with the time at which they end: a restart forgets none.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_SCHEMA = """
CREATE TABLE IF NOT EXISTS resources (
    key TEXT PRIMARY KEY, id TEXT NOT NULL, type TEXT NOT NULL, body TEXT NOT NULL, secrets TEXT NOT NULL,
    created REAL NOT NULL, modified REAL NOT NULL);
CREATE INDEX IF NOT EXISTS resources_by_type ON resources (type);
CREATE TABLE IF NOT EXISTS operations (
    id TEXT PRIMARY KEY, key TEXT NOT NULL, verb TEXT NOT NULL, started REAL NOT NULL, ends REAL NOT NULL,
    status TEXT NOT NULL, error TEXT, detail TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS operations_by_key ON operations (key);
CREATE INDEX IF NOT EXISTS operations_open ON operations (status, ends);
CREATE TABLE IF NOT EXISTS soft_deleted (
    key TEXT PRIMARY KEY, id TEXT NOT NULL, type TEXT NOT NULL, body TEXT NOT NULL, deleted REAL NOT NULL);
CREATE TABLE IF NOT EXISTS soft_deleted_secrets (key TEXT PRIMARY KEY, secrets TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS hosts (host TEXT PRIMARY KEY, key TEXT NOT NULL);
"""


@dataclass
class Resource:
    """One resource as ARM would answer it.

    Attributes:
        id: Required. ARM id, spelled as the first PUT spelled it; looked up without regard to case.
        type: Required. ARM type, e.g. `Microsoft.MachineLearningServices/workspaces`.
        body: Required. The answer to GET: id, name, type, location, tags, identity, sku, kind, properties...
        secrets: Optional. Key material, never part of `body`, never logged.
        created, modified: epoch seconds.
    """

    id: str
    type: str
    body: dict[str, Any]
    secrets: dict[str, str] = field(default_factory=dict)
    created: float = 0.0
    modified: float = 0.0

    @property
    def properties(self) -> dict[str, Any]:
        """`body["properties"]`, made when absent."""
        properties: dict[str, Any] = self.body.setdefault("properties", {})
        return properties

    @property
    def name(self) -> str:
        """The last part of the id."""
        return self.id.rsplit("/", 1)[-1]


@dataclass
class Operation:
    """A long-running operation.

    Attributes:
        id: Required. Part of its status URL.
        key: Required. The resource's id in lower case.
        verb: Required. PUT, PATCH, DELETE or POST.
        started, ends: epoch seconds, real.
        status: Required. InProgress, Succeeded, Failed or Canceled.
        error: Optional. ARM error object when Failed.
        detail: Optional. What is to be applied at the end.
    """

    id: str
    key: str
    verb: str
    started: float
    ends: float
    status: str = "InProgress"
    error: dict[str, Any] | None = None
    detail: dict[str, Any] = field(default_factory=dict)


class Store:
    """All that the sandbox remembers. One object per process; not for use from several threads."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.executescript(_SCHEMA)
        rows = self._db.execute("SELECT secrets FROM resources UNION ALL SELECT secrets FROM soft_deleted_secrets")
        self.secret_values: set[str] = {value for (text,) in rows for value in json.loads(text).values()}
        """Every secret that a resource has or had since the process began: what the request log masks."""

    def close(self) -> None:
        """Release the database file."""
        self._db.close()

    @property
    def changes(self) -> int:
        """Grows with every write: what was read while it stood still is still true."""
        return self._db.total_changes

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All writes inside happen, or none. Nests."""
        if self._db.in_transaction:
            yield
            return
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    # -- resources ---------------------------------------------------------------------------------

    def get(self, resource_id: str) -> Resource | None:
        """The resource of that id, or None."""
        row = self._db.execute(
            "SELECT id, type, body, secrets, created, modified FROM resources WHERE key = ?", (resource_id.lower(),)
        ).fetchone()
        return _resource(row) if row else None

    def put(self, resource: Resource) -> None:
        """Insert or replace."""
        self.secret_values.update(resource.secrets.values())
        self._db.execute(
            "INSERT OR REPLACE INTO resources VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                resource.id.lower(),
                resource.id,
                resource.type,
                json.dumps(resource.body),
                json.dumps(resource.secrets),
                resource.created,
                resource.modified,
            ),
        )

    def delete(self, resource_id: str) -> None:
        """Forget the resource, everything below it, and the hosts and operations of both."""
        key = resource_id.lower()
        with self.transaction():
            for table in ("resources", "hosts"):
                self._db.execute(
                    f"DELETE FROM {table} WHERE key = ? OR substr(key, 1, ?) = ?",  # noqa: S608 - fixed names
                    (key, len(key) + 1, key + "/"),
                )

    def below(self, resource_id: str, type_: str | None = None) -> list[Resource]:
        """Resources whose id begins with this one's, of one type if given, oldest first."""
        prefix = resource_id.lower().rstrip("/") + "/"
        rows = self._db.execute(
            "SELECT id, type, body, secrets, created, modified FROM resources"
            " WHERE substr(key, 1, ?) = ? AND (? IS NULL OR lower(type) = ?) ORDER BY created, key",
            (len(prefix), prefix, type_, type_.lower() if type_ else None),
        )
        return [_resource(row) for row in rows]

    def of_type(self, type_: str) -> list[Resource]:
        """Every resource of a type, oldest first."""
        rows = self._db.execute(
            "SELECT id, type, body, secrets, created, modified FROM resources WHERE type = ? COLLATE NOCASE"
            " ORDER BY created, key",
            (type_,),
        )
        return [_resource(row) for row in rows]

    # -- long-running operations -------------------------------------------------------------------

    def put_operation(self, operation: Operation) -> None:
        """Insert or replace."""
        self._db.execute(
            "INSERT OR REPLACE INTO operations VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                operation.id,
                operation.key,
                operation.verb,
                operation.started,
                operation.ends,
                operation.status,
                json.dumps(operation.error) if operation.error else None,
                json.dumps(operation.detail),
            ),
        )

    def get_operation(self, operation_id: str) -> Operation | None:
        """The operation of that id, or None."""
        row = self._db.execute("SELECT * FROM operations WHERE id = ?", (operation_id,)).fetchone()
        return _operation(row) if row else None

    def open_operations(self, *, key: str | None = None, ended_by: float | None = None) -> list[Operation]:
        """Operations InProgress: of one resource (key in lower case), or due by a time; first to end first."""
        rows = self._db.execute(
            "SELECT * FROM operations WHERE status = 'InProgress' AND (? IS NULL OR key = ?)"
            " AND (? IS NULL OR ends <= ?) ORDER BY ends",
            (key, key, ended_by, ended_by),
        )
        return [_operation(row) for row in rows]

    # -- names that stay taken ---------------------------------------------------------------------

    def soft_delete(self, resource: Resource, when: float) -> None:
        """Keep the name of a deleted resource taken, and what it held, until it is purged."""
        self._db.execute(
            "INSERT OR REPLACE INTO soft_deleted VALUES (?, ?, ?, ?, ?)",
            (resource.id.lower(), resource.id, resource.type, json.dumps(resource.body), when),
        )
        self._db.execute(
            "INSERT OR REPLACE INTO soft_deleted_secrets VALUES (?, ?)",
            (resource.id.lower(), json.dumps(resource.secrets)),
        )

    def soft_deleted(self, resource_id: str | None = None) -> list[Resource]:
        """Soft-deleted resources: all, or the one of an id; `modified` is the time of deletion."""
        rows = self._db.execute(
            "SELECT id, type, body, coalesce(secrets, '{}'), 0.0, deleted FROM soft_deleted"
            " LEFT JOIN soft_deleted_secrets USING (key) WHERE ? IS NULL OR key = ?",
            (resource_id, resource_id.lower() if resource_id else None),
        )
        return [_resource(row) for row in rows]

    def purge(self, resource_id: str) -> None:
        """Set the name of a soft-deleted resource free."""
        for table in ("soft_deleted", "soft_deleted_secrets"):
            self._db.execute(f"DELETE FROM {table} WHERE key = ?", (resource_id.lower(),))  # noqa: S608 - fixed names

    def claim_host(self, host: str, resource_id: str) -> bool:
        """Give a DNS name to a resource; False when another one has it."""
        owner = self.host_owner(host)
        if owner is not None and owner != resource_id.lower():
            return False
        self._db.execute("INSERT OR REPLACE INTO hosts VALUES (?, ?)", (host.lower(), resource_id.lower()))
        return True

    def host_owner(self, host: str) -> str | None:
        """The resource (id in lower case) that a DNS name belongs to."""
        row = self._db.execute("SELECT key FROM hosts WHERE host = ?", (host.lower(),)).fetchone()
        return str(row[0]) if row else None

    def reset(self) -> None:
        """Forget everything."""
        with self.transaction():
            for table in ("resources", "operations", "soft_deleted", "soft_deleted_secrets", "hosts"):
                self._db.execute(f"DELETE FROM {table}")  # noqa: S608 - fixed names


def _resource(row: tuple[Any, ...]) -> Resource:
    return Resource(row[0], row[1], json.loads(row[2]), json.loads(row[3]), row[4], row[5])


def _operation(row: tuple[Any, ...]) -> Operation:
    error = json.loads(row[6]) if row[6] else None
    return Operation(row[0], row[1], row[2], row[3], row[4], row[5], error, json.loads(row[7]))
