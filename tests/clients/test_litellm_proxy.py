"""LiteLLM's published proxy with the configuration of `azure-llama router litellm`, over three sandbox accounts."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.azure_llama.inference.accounts import MODEL, Accounts, account, three_accounts
from tests.clients.harness import Client, Report
from tests.sandbox.harness import command

pytestmark = pytest.mark.clients
MASTER = "sk-of-the-test"


@pytest.fixture(scope="module")
def accounts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Accounts]:
    with three_accounts(tmp_path_factory.mktemp("proxy") / "home") as accounts:
        yield accounts


@pytest.fixture(scope="module")
def proxy(accounts: Accounts, client: Client, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of the running proxy."""
    program = Path(client("litellm_proxy")[0]).with_name("litellm")
    folder = tmp_path_factory.mktemp("configuration")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    start = (str(program), "--config", str(accounts.configuration(folder)), "--host", "127.0.0.1", "--port", str(port))
    run = command("sandbox", "--home", str(accounts.home), "exec", "--", *start)
    local = {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "LITELLM_MASTER_KEY": MASTER}
    log = folder / "log"
    with (
        log.open("w") as output,
        subprocess.Popen(run, env={**os.environ, **accounts.keys, **local}, stdout=output, stderr=output) as process,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", headers={"Authorization": f"Bearer {MASTER}"}) as calls,
    ):
        try:
            _wait(calls, process, log)
            yield calls
        finally:
            process.terminate()


def _wait(calls: httpx.Client, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + 300
    while True:
        assert process.poll() is None, log.read_text()[-3000:]
        assert time.monotonic() < end, log.read_text()[-3000:]
        try:
            if calls.get("/health/liveliness").is_success:
                return
        except httpx.TransportError:
            time.sleep(0.2)


def _answers(calls: httpx.Client, number: int) -> Counter[str]:
    """Who answers a number of calls, none of which may fail; every second one is streamed."""
    counts: Counter[str] = Counter()
    for index in range(number):
        body = {"model": MODEL, "messages": [{"role": "user", "content": "What is a llama?"}], "stream": index % 2 == 1}
        answer = calls.post("/v1/chat/completions", json=body, timeout=60)
        assert answer.status_code == 200, answer.text
        # A stream has the words one by one.
        text = "".join(re.findall(r'"content":"((?:[^"\\]|\\.)*)"', answer.text.replace('": "', '":"')))
        found = re.search(r"account contoso-(\w+)", text)
        assert found is not None, answer.text
        counts[found[1]] += 1
    return counts


def test_the_proxy_balances_and_no_call_fails_when_an_account_is_taken_away(
    accounts: Accounts, proxy: httpx.Client, report: Report
) -> None:
    balanced = _answers(proxy, 60)
    assert set(balanced) == {"east", "north", "west"}
    assert min(balanced.values()) >= 5
    accounts.fail("east", 429, headers={"Retry-After": "1"})
    limited = _answers(proxy, 20)
    assert set(limited) == {"north", "west"}
    accounts.fail("east", None)
    accounts.arm.send("DELETE", f"{account('west')}/deployments/chat")
    left = _answers(proxy, 30)
    assert "west" not in left
    report(f"LiteLLM proxy: 110 calls, 0 failures; balanced {dict(balanced)}, one account with 429 {dict(limited)},")
    report(f"  one deployment deleted {dict(left)}")
