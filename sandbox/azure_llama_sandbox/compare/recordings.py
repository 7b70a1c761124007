"""Recorded exchanges: HAR, as mitmproxy and browsers write it, and JSON lines with one exchange a line."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from azure_llama_sandbox import hosts
from azure_llama_sandbox.control import SandboxError

_SIGNATURE = frozenset({"t", "c", "s", "h"})
"""Query parameters that sign a polling address."""


class RecordingError(SandboxError):
    """A file without valid recorded traffic; the message states the place and the reason."""


@dataclass(frozen=True)
class Exchange:
    """A request to Azure Resource Manager and its answer.

    Attributes:
        method: Required. Upper case.
        path: Required. Without host and query.
        api_version: Required. Empty when the request has none.
        status: Required. HTTP status of the answer.
        query: Optional. Other query parameters; those that sign a polling address are left out.
        request: Optional. JSON body.
        headers: Optional. Of the answer.
        response: Optional. JSON body, or text.
    """

    method: str
    path: str
    api_version: str
    status: int
    query: Mapping[str, str] = field(default_factory=dict)
    request: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    response: Any = None


def load(file: Path) -> list[Exchange]:
    """The exchanges with Azure Resource Manager of a file, in their order.

    Args:
        file: Required. HAR, or JSON lines with `method`, `path`, `apiVersion`, `request`, `status`, `headers` and
            `response`.

    Raises:
        RecordingError: it cannot be read, or is neither.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise RecordingError(f"{file}: cannot be read ({error})") from None
    try:
        whole = json.loads(text)
    except ValueError:
        whole = None
    if isinstance(whole, dict) and "log" in whole:
        return _read(file, ((index, entry, _from_har) for index, entry in enumerate(_entries(file, whole), 1)))
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    return _read(file, ((number, _json_line(file, number, line), _from_line) for number, line in lines))


def save(exchanges: Iterable[Exchange], file: Path) -> None:
    """Write exchanges as JSON lines.

    Raises:
        RecordingError: the file cannot be written.
    """
    lines = []
    for exchange in exchanges:
        line = {("apiVersion" if key == "api_version" else key): value for key, value in asdict(exchange).items()}
        lines.append(json.dumps(line, ensure_ascii=False) + "\n")
    try:
        file.write_text("".join(lines), encoding="utf-8")
    except OSError as error:
        raise RecordingError(f"{file}: cannot be written ({error})") from None


def _read(file: Path, items: Iterable[tuple[int, Any, Any]]) -> list[Exchange]:
    found = []
    for number, item, convert in items:
        try:
            exchange = convert(item)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise RecordingError(
                f"{file}, entry {number}: not an exchange ({type(error).__name__}: {error}); needed are method, path or"
                " url, and status"
            ) from None
        if exchange is not None:
            found.append(exchange)
    if not found:
        raise RecordingError(f"{file}: no exchange with {hosts.MANAGEMENT}; docs/fidelity.md says how to record")
    return found


def _entries(file: Path, whole: Mapping[str, Any]) -> list[Any]:
    entries = whole["log"].get("entries") if isinstance(whole["log"], dict) else None
    if not isinstance(entries, list):
        raise RecordingError(f"{file}: no HAR: 'log.entries' must be a list")
    return entries


def _json_line(file: Path, number: int, line: str) -> Any:
    try:
        return json.loads(line)
    except ValueError as error:
        raise RecordingError(f"{file}, line {number}: neither HAR nor JSON lines ({error})") from None


def _from_har(entry: Any) -> Exchange | None:
    asked, answered = entry["request"], entry["response"]
    url = urlsplit(asked["url"])
    if url.hostname != hosts.MANAGEMENT:
        return None
    version, query = _query(dict(parse_qsl(url.query, keep_blank_values=True)))
    content = answered.get("content") or {}
    text = content.get("text") or ""
    if content.get("encoding") == "base64":
        text = base64.b64decode(text).decode("utf-8", "replace")
    return Exchange(
        method=asked["method"].upper(),
        path=url.path,
        api_version=version,
        query=query,
        request=_body((asked.get("postData") or {}).get("text")),
        status=int(answered["status"]),
        headers={each["name"]: each["value"] for each in answered.get("headers") or ()},
        response=_body(text),
    )


def _from_line(line: Any) -> Exchange | None:
    if line.get("host", hosts.MANAGEMENT) != hosts.MANAGEMENT:
        return None
    given = line.get("query") or {}
    version, query = _query(dict(parse_qsl(given)) if isinstance(given, str) else dict(given))
    return Exchange(
        method=line["method"].upper(),
        path=line["path"],
        api_version=line.get("apiVersion") or version,
        query=query,
        request=line.get("request"),
        status=int(line["status"]),
        headers=dict(line.get("headers") or {}),
        response=line.get("response"),
    )


def _query(given: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    version = next((value for name, value in given.items() if name.lower() == "api-version"), "")
    rest = {name: value for name, value in given.items() if name not in _SIGNATURE and name.lower() != "api-version"}
    return version, rest


def _body(text: str | None) -> Any:
    if not text:
        return None
    try:
        return json.loads(text)
    except ValueError:
        return text
