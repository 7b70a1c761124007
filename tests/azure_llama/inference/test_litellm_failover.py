"""The configuration of `azure-llama router litellm` in the published router, over three accounts of a sandbox."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.azure_llama.inference.accounts import MODEL, Accounts, account, three_accounts
from tests.sandbox.harness import command

PROGRAM = Path(__file__).with_name("router_calls.py")
ACCOUNTS = {"contoso-east", "contoso-north", "contoso-west"}
Calls = Callable[[int], dict[str, int]]


@pytest.fixture(scope="module")
def accounts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Accounts]:
    with three_accounts(tmp_path_factory.mktemp("router") / "home") as accounts:
        yield accounts


@pytest.fixture(scope="module")
def calls(accounts: Accounts, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Calls]:
    """A function that makes a number of calls, none of which may fail, and counts who answers."""
    folder = tmp_path_factory.mktemp("configuration")
    file, errors = accounts.configuration(folder), folder / "errors"
    run = command("sandbox", "--home", str(accounts.home), "exec", "--", "python", "-P", str(PROGRAM), str(file), MODEL)
    with (
        errors.open("w") as stderr,
        subprocess.Popen(
            run, env={**os.environ, **accounts.keys}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr
        ) as process,
    ):
        asks, answers = process.stdin, process.stdout
        assert asks is not None
        assert answers is not None

        def call(number: int) -> dict[str, int]:
            asks.write(f"{number}\n".encode())
            asks.flush()
            line = answers.readline()
            assert line, errors.read_text()[-3000:]
            counts, failures = json.loads(line)
            assert failures == []
            return dict(counts)

        yield call
        asks.close()
        process.wait(60)
    assert "ERROR" not in errors.read_text()


def test_calls_are_balanced_and_go_elsewhere_while_an_account_fails(accounts: Accounts, calls: Calls) -> None:
    balanced = calls(60)
    assert set(balanced) == ACCOUNTS
    # Of 60 calls 20 are expected, with a standard deviation of 3.7.
    assert min(balanced.values()) >= 5
    for status in (500, 503):
        accounts.fail("east", status)
        assert set(calls(20)) == ACCOUNTS - {"contoso-east"}
    accounts.fail("east", 429, headers={"Retry-After": "1"})
    assert set(calls(20)) == ACCOUNTS - {"contoso-east"}
    accounts.fail("east", None)


def test_no_call_fails_when_a_deployment_and_then_its_account_are_deleted(accounts: Accounts, calls: Calls) -> None:
    assert "contoso-west" in calls(30)
    accounts.arm.send("DELETE", f"{account('west')}/deployments/chat")
    assert "contoso-west" not in calls(30)
    accounts.arm.send("DELETE", account("west"))
    assert "contoso-west" not in calls(30)
