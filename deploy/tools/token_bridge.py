"""Gives azure-native new tokens on Azure DevOps, through the request protocol that it reads: GitHub's.

azure-native requests a token at `ACTIONS_ID_TOKEN_REQUEST_URL` each time that it needs a new access token, and does not
read Azure DevOps' variables. The bridge answers such a request on loopback with a token that it requests from Azure
DevOps at that moment. It is a thread of the caller's process and ends with it.
"""

from __future__ import annotations

import json
import secrets
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from hmac import compare_digest
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from azure_llama.arm.errors import ArmError
from azure_llama.arm.oidc import AUDIENCE, Issuer

_SECONDS = 30.0
"""How long a client may take to send its request."""


@contextmanager
def serve(issuer: Issuer) -> Iterator[dict[str, str]]:
    """Serve tokens on loopback while the context is open.

    Args:
        issuer: Required. Issues the tokens, for the audience of Entra ID alone.

    Yields:
        The variables that azure-native reads: the URL, and a bearer token that is valid for this bridge only.
    """
    bearer = secrets.token_urlsafe(32)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(issuer, bearer))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield {
            "ACTIONS_ID_TOKEN_REQUEST_URL": f"http://127.0.0.1:{server.server_port}/token",
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN": bearer,
        }
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(issuer: Issuer, bearer: str) -> type[BaseHTTPRequestHandler]:
    expected = f"Bearer {bearer}".encode()

    class Handler(BaseHTTPRequestHandler):
        timeout = _SECONDS

        def do_GET(self) -> None:
            status, body = self._response()
            text = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def _response(self) -> tuple[HTTPStatus, dict[str, str]]:
            if not compare_digest(self.headers.get("Authorization", "").encode(), expected):
                return HTTPStatus.UNAUTHORIZED, {"message": "the bearer token is not ACTIONS_ID_TOKEN_REQUEST_TOKEN"}
            audience = parse_qs(urlsplit(self.path).query).get("audience", [AUDIENCE])[0]
            if audience != AUDIENCE:
                message = f"audience {audience!r}: {issuer.what} issues tokens for {AUDIENCE} only"
                return HTTPStatus.BAD_REQUEST, {"message": message}
            try:
                return HTTPStatus.OK, {"value": issuer.fetch()}
            except ArmError as error:
                sys.stderr.write(f"the pipeline's token could not be renewed: {error}\n")
                return HTTPStatus.BAD_GATEWAY, {"message": str(error)}

        def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002 - its name in the base class
            return

    return Handler
