"""Traffic never drops: three `up`s under the eyes of a client that calls ten times a second."""

from __future__ import annotations

import threading
import time
from collections import Counter
from typing import Any

import pytest

from tests.e2e.harness import Azure

pytestmark = pytest.mark.engine


class Caller(threading.Thread):
    """Calls the managed endpoint ten times a second and notes each answer after the first good one."""

    def __init__(self, azure: Azure) -> None:
        super().__init__(daemon=True)
        self.client = azure.client()
        self.headers = {"Authorization": f"Bearer {azure.token('https://ml.azure.com')}"}
        self.stopped = threading.Event()
        self.answers: list[tuple[int, str]] = []

    def run(self) -> None:
        while not self.stopped.wait(0.1):
            answer = self.client.post(
                "https://llama-8b.eastus2.inference.ml.azure.com/v1/chat/completions",
                headers=self.headers,
                json={"messages": [{"role": "user", "content": "hello"}], "max_tokens": 8},
            )
            self.answers.append((answer.status_code, answer.headers.get("azureml-model-deployment", "")))

    def finish(self) -> list[tuple[int, str]]:
        """Stop calling."""
        self.stopped.set()
        self.join()
        self.client.close()
        return self.answers


def blue_and_green(blue: int | None, green: int) -> Any:
    """An edit of the dev stack: the split between two deployments; blue is gone when None."""

    def edit(config: dict[str, Any]) -> None:
        config["azure-llama:tags"]["team"] = "changed"
        deployments = config["azure-llama:managed"]["llama-8b"]["deployments"]
        deployments["green"] = {**deployments["blue"], "traffic": green}
        deployments["blue"]["traffic"] = blue
        if blue is None:
            del deployments["blue"]

    return edit


def test_no_call_fails_while_a_deployment_is_added_shifted_to_and_removed(azure: Azure) -> None:
    azure.pulumi("up")
    caller = Caller(azure)
    caller.start()
    azure.change(lambda config: config["azure-llama:tags"].update(team="changed"))
    azure.pulumi("up")
    azure.change(blue_and_green(90, 10))
    azure.pulumi("up")
    time.sleep(3)
    split = Counter(deployment for _, deployment in caller.answers[-25:])
    azure.change(blue_and_green(None, 100))
    azure.pulumi("up")
    time.sleep(0.5)
    last = caller.answers[-1]
    answers = caller.finish()
    assert Counter(status for status, _ in answers) == {200: len(answers)}
    assert len(answers) > 50
    assert split["blue"] > split["green"] > 0
    assert last == (200, "green")
    azure.pulumi("up", "--expect-no-changes")
    azure.drift()
    azure.pulumi("destroy")
