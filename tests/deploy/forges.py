"""GitHub and Azure DevOps, as far as the pipelines talk to them, on a port of loopback."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

BOT = "github-actions[bot]"


@dataclass
class Forge:
    """What was written, and what was requested.

    Attributes:
        comments, issues: What was written.
        requests, tokens: Each request's method and path; bearer tokens that were shown.
        audiences, connections: Of each token that was issued: its audience (GitHub), its connection (Azure DevOps).
        status: Status of every response instead of the usual one.
    """

    url: str = ""
    comments: list[dict[str, Any]] = field(default_factory=list)
    issues: list[dict[str, Any]] = field(default_factory=list)
    requests: list[tuple[str, str]] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    audiences: list[str] = field(default_factory=list)
    connections: list[str] = field(default_factory=list)
    status: int | None = None

    def answer(self, method: str, path: str, query: dict[str, list[str]], body: Any) -> tuple[Any, str | None]:
        """The body of an answer, and the address of the next page."""
        if path == "/idtoken":
            self.audiences.append(query["audience"][0])
            return {"value": f"token {len(self.audiences)}"}, None
        if path == "/oidctoken":
            assert (method, query["api-version"]) == ("POST", ["7.1"])
            self.connections.append(query["serviceConnectionId"][0])
            return {"oidcToken": f"token {len(self.connections)}"}, None
        if match := re.fullmatch(r"/repos/o/r/issues/7/comments", path):
            if method == "POST":
                return self._add(self.comments, {"body": body["body"], "user": {"login": BOT}}), None
            page = int(query.get("page", ["1"])[0])
            last = page * 2 >= len(self.comments)
            following = None if last else f"{self.url}{path}?page={page + 1}"
            return self.comments[(page - 1) * 2 : page * 2], following
        if match := re.fullmatch(r"/repos/o/r/issues/comments/(\d+)", path):
            return self._change(self.comments, int(match[1]), body), None
        if path == "/repos/o/r/issues":
            if method == "POST":
                return self._add(self.issues, {**body, "state": "open"}), None
            return [each for each in self.issues if each["state"] == "open"], None
        if match := re.fullmatch(r"/repos/o/r/issues/(\d+)", path):
            return self._change(self.issues, int(match[1]), body), None
        return self._devops(method, path.removeprefix("/org/project/_apis/"), body), None

    def _devops(self, method: str, path: str, body: Any) -> Any:
        if path == "git/repositories/repo/pullRequests/7/threads":
            if method == "POST":
                content = body["comments"][0]["content"]
                return self._add(self.comments, {"body": content, "status": body["status"]})
            threads = [{"id": each["id"], "comments": [{"id": 1, "content": each["body"]}]} for each in self.comments]
            return {"value": threads}
        if match := re.fullmatch(r"git/repositories/repo/pullRequests/7/threads/(\d+)/comments/1", path):
            return self._change(self.comments, int(match[1]), {"body": body["content"]})
        if path == "wit/wiql":
            tags = re.findall(r"CONTAINS '([^']+)'", body["query"])
            found = [
                each for each in self.issues if each["state"] == "open" and set(tags) <= {*each["Tags"].split("; ")}
            ]
            return {"workItems": [{"id": each["number"]} for each in found]}
        fields = {each["path"].removeprefix("/fields/System."): each["value"] for each in body}
        if path == "wit/workitems/$Task":
            return self._add(self.issues, {**fields, "body": fields["Description"], "state": "open"})
        if match := re.fullmatch(r"wit/workitems/(\d+)", path):
            change = {**fields, **({"body": fields["Description"]} if "Description" in fields else {})}
            return self._change(self.issues, int(match[1]), change)
        raise KeyError(path)

    @staticmethod
    def _add(rows: list[dict[str, Any]], row: dict[str, Any]) -> dict[str, Any]:
        number = len(rows) + 1
        rows.append({"id": number, "number": number, **row})
        return rows[-1]

    @staticmethod
    def _change(rows: list[dict[str, Any]], number: int, change: dict[str, Any]) -> dict[str, Any]:
        rows[number - 1].update(change)
        return rows[number - 1]

    def github(self) -> dict[str, str]:
        """The variables that a runner of GitHub sets."""
        return {
            "GITHUB_ACTIONS": "true",
            "GITHUB_API_URL": self.url,
            "GITHUB_REPOSITORY": "o/r",
        }

    def devops(self) -> dict[str, str]:
        """The variables that an agent of Azure DevOps sets."""
        return {
            "TF_BUILD": "True",
            "SYSTEM_COLLECTIONURI": f"{self.url}/org/",
            "SYSTEM_TEAMPROJECT": "project",
            "BUILD_REPOSITORY_ID": "repo",
            "SYSTEM_PULLREQUEST_PULLREQUESTID": "7",
        }


@contextmanager
def running() -> Iterator[Forge]:
    """A forge that answers."""
    forge = Forge()

    class Handler(BaseHTTPRequestHandler):
        def _handle(self) -> None:
            address = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            forge.requests.append((self.command, address.path))
            forge.tokens.add(self.headers.get("Authorization", ""))
            status, link = forge.status or 200, None
            if forge.status:
                found: Any = {"message": "no"}
            else:
                found, link = forge.answer(self.command, address.path, parse_qs(address.query), body)
            text = json.dumps(found).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            if link:
                self.send_header("Link", f'<{link}>; rel="next"')
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST = do_PATCH = _handle  # noqa: N815 - their names in the base class

        def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002 - its name in the base class
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    forge.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield forge
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
