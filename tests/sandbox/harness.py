"""What the tests of the sandbox share: an event loop in a thread, clients, a command line."""

from __future__ import annotations

import asyncio
import os
import ssl
import subprocess
import sys
import threading
from collections.abc import Coroutine, Mapping
from pathlib import Path
from typing import Any, TypeVar

import httpx

from azure_llama_sandbox.control import Status

ROOT = Path(__file__).resolve().parents[2]
_T = TypeVar("_T")


class Loop:
    """An event loop in a thread, so that a test can be a client of what runs on it."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, _T]) -> _T:
        """Run to the end, on the loop."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    def close(self) -> None:
        """End the loop and everything on it."""

        async def end() -> None:
            tasks = asyncio.all_tasks() - {asyncio.current_task()}
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

        self.run(end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


def connect(status: Status) -> httpx.Client:
    """A client that knows of a sandbox what `exec` tells."""
    trust = ssl.create_default_context(cafile=status["ca"])
    return httpx.Client(proxy=status["proxy"], verify=trust, trust_env=False, timeout=20)


def sign_in(client: httpx.Client, status: Status, audience: str = "https://management.azure.com") -> dict[str, str]:
    """The header of a signed-in owner."""
    answer = client.post(
        f"https://login.microsoftonline.com/{status['tenant']}/oauth2/v2.0/token",
        data={
            "grant_type": "client_credentials",
            "client_id": status["environment"]["AZURE_CLIENT_ID"],
            "client_secret": status["environment"]["AZURE_CLIENT_SECRET"],
            "scope": f"{audience}/.default",
        },
    )
    return {"Authorization": f"Bearer {answer.raise_for_status().json()['access_token']}"}


def command(*arguments: str) -> list[str]:
    """`azure-llama ...`, whether it is installed or not."""
    program = "import sys; sys.argv[0] = 'azure-llama'; from azure_llama.cli.app import main; main()"
    return [sys.executable, "-c", program, *arguments]


def azure_llama(
    *arguments: str, env: Mapping[str, str] | None = None, timeout: float = 60
) -> subprocess.CompletedProcess[str]:
    """Run `azure-llama ...` to its end."""
    return subprocess.run(
        command(*arguments),
        cwd=ROOT,
        env={**os.environ, **(env or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
