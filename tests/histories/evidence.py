"""What a history leaves behind: keys in clear, resources that were created twice, traffic that does not add up."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tests.inprocess.azure import Azure
from tests.inprocess.stack import Run

_SHORTEST = 8
"""Characters; no key is shorter."""
_ENDPOINTS = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints"
_TEMPLATE = "/microsoft.resources/deployments/"
_ENDPOINT = re.compile("/onlineendpoints/[^/]+$")


class Texts(logging.Handler):
    """All that is printed, logged or kept, and the secrets that must not be in it.

    Args:
        azure: Required. The sandbox that makes the secrets.
    """

    def __init__(self, azure: Azure) -> None:
        super().__init__(logging.INFO)
        self._azure = azure
        self._texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a message of the sandbox, the provider or the product."""
        self._texts.append(self.format(record))

    def keep(self, *texts: Any) -> None:
        """Keep texts."""
        self._texts.extend(map(str, texts))

    def run(self, run: Run) -> None:
        """Keep what a run shows."""
        self.keep(*run.errors, *run.log, *run.visible, run.done, run.created)

    def leaks(self) -> list[str]:
        """Texts since the last time that have a secret in clear, the request log included."""
        texts, self._texts = [*self._texts, self._azure.home.request_log.read_text()], []
        self._azure.home.request_log.write_text("")
        secrets = [secret for secret in self._azure.secrets() if len(secret) >= _SHORTEST]
        return [f"{secret} in {text}" for text in texts for secret in secrets if secret in text]


def created_twice(requests: Iterable[Mapping[str, Any]]) -> list[str]:
    """Paths that were created again without having been deleted, themselves or with what they are in."""
    alive: set[str] = set()
    twice = []
    for line in requests:
        path = str(line["path"]).lower()
        if line["method"] == "DELETE" and line["status"] < 300:
            alive = {each for each in alive if not f"{each}/".startswith(f"{path}/")}
        elif (line["method"], line["status"]) == ("PUT", 201) and not _updates(path):
            twice += [path] if path in alive else []
            alive.add(path)
    return twice


def _updates(path: str) -> bool:
    """Whether a 201 may be an update: of a template's deployment, or of an endpoint, as Azure ML answers it."""
    return _TEMPLATE in path or _ENDPOINT.search(path) is not None


def wrong_traffic(azure: Azure) -> Iterator[str]:
    """Managed endpoints whose traffic is neither 0 nor 100."""
    for endpoint in azure.resources(_ENDPOINTS):
        traffic = endpoint.properties.get("traffic", {})
        if sum(traffic.values()) not in (0, 100):
            yield f"{endpoint.id}: {traffic}"
