"""The gateway of the example on the real engine: two regional stacks behind it, called while regions fail."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
import yaml

from tests.e2e.harness import AZURE_LLAMA, FAST, ROOT, Azure
from tests.e2e.test_examples import _keeps_the_contract, _left

pytestmark = pytest.mark.engine

EXAMPLE = ROOT / "examples" / "gateway"
REGIONS = ("eastus2", "swedencentral")
EAST = {"host": "contoso-eastus2.openai.azure.com"}
QUOTA = {"AIServices.GlobalStandard.Llama-3.3-70B-Instruct": 2000}
CALLS = 30
"""In each state of the regions: three seconds of a client that calls ten times a second."""


@pytest.fixture(scope="module")
def stacks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Azure]]:
    """The stacks of the example in one sandbox, deployed."""
    home = tmp_path_factory.mktemp("gateway") / "home"
    Azure(home).start(scale=20 * FAST, as_of="2026-11-30")
    (home / "conditions.yaml").write_text(json.dumps({"foundry": {"quota": QUOTA}}))
    made = {name: stack(home, name) for name in (*REGIONS, "gateway")}
    try:
        for azure in made.values():
            azure.init()
        with ThreadPoolExecutor() as together:
            list(together.map(lambda name: made[name].pulumi("up"), REGIONS))
        made["gateway"].pulumi("up")
        yield made
    finally:
        made["gateway"].cli("stop", check=False)


def stack(home: Any, name: str) -> Azure:
    """A stack of the example, without the third region."""
    config = yaml.safe_load((EXAMPLE / f"Pulumi.{name}.yaml").read_text())["config"]
    for account in config.get("azure-llama:foundry", {}).values():
        # A unit is one request a minute.
        account["deployments"]["llama-33-70b"]["capacity"] = 2000
    if name == "gateway":
        model = config["azure-llama:gateway"]["models"]["llama-33-70b"]
        model["breaker"] = {"tripSeconds": 1}
        del model["members"]["westeurope"]
    return Azure(home, name, config)


class Caller:
    """A client that calls ten times a second."""

    def __init__(self, azure: Azure) -> None:
        outputs = azure.outputs()
        self._url = f"{outputs['gateway']['baseUrl']}chat/completions"
        self._headers = {"api-key": outputs["gatewayKeys"]["search"]["primary"]}
        self._client = azure.client()
        self._stop = threading.Event()
        self.answers: list[httpx.Response] = []

    def call(self) -> httpx.Response:
        """Call once."""
        messages = [{"role": "user", "content": "What is a llama?"}]
        body = {"model": "llama-33-70b", "messages": messages, "max_tokens": 32}
        return self._client.post(self._url, headers=self._headers, json=body)

    def wait_for(self, more: int) -> None:
        """Wait until it has called some times more."""
        goal = len(self.answers) + more
        while len(self.answers) < goal and not self._stop.wait(0.1):
            pass

    @contextmanager
    def calling(self) -> Iterator[None]:
        """Call from beside, until the end of the block."""
        thread = threading.Thread(target=self._run, daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._stop.set()
            thread.join()
            self._client.close()

    def _run(self) -> None:
        while not self._stop.wait(0.1):
            self.answers.append(self.call())


def faults(azure: Azure, *script: Any) -> None:
    """What goes wrong from now on."""
    (azure.home / "faults.yaml").write_text(json.dumps(script))


def test_a_second_deployment_changes_nothing(stacks: dict[str, Azure], contract_errors: Any) -> None:
    stacks["gateway"].pulumi("up", "--expect-no-changes")
    _keeps_the_contract(stacks["gateway"], contract_errors)


def test_a_client_sees_no_failure_while_a_region_fails_and_is_destroyed(stacks: dict[str, Azure]) -> None:
    caller = Caller(stacks["gateway"])
    with caller.calling():
        faults(stacks["gateway"], {"match": EAST, "status": 429, "headers": {"Retry-After": "2"}})
        caller.wait_for(CALLS)
        faults(stacks["gateway"], {"match": EAST, "status": 500})
        caller.wait_for(CALLS)
        faults(stacks["gateway"])
        caller.wait_for(CALLS)
        assert any("account contoso-eastus2" in answer.text for answer in caller.answers[-CALLS // 2 :])
        stacks["eastus2"].pulumi("destroy")
        caller.wait_for(CALLS)
    assert len(caller.answers) > 4 * CALLS
    assert [answer.text for answer in caller.answers if answer.status_code != 200] == []


def test_all_of_it_is_removed_and_purge_sets_the_name_free(stacks: dict[str, Azure]) -> None:
    gateway = stacks["gateway"]
    with ThreadPoolExecutor() as together:
        list(together.map(lambda name: stacks[name].pulumi("destroy"), ("gateway", "swedencentral")))
    assert _left(gateway) == []
    place = ("-C", str(ROOT), "--stack", "gateway", "--config-file", str(gateway.stack_file))
    assert (
        "purged     API Management service contoso-models"
        in gateway.exec(str(AZURE_LLAMA), "purge", "--yes", *place).text
    )
