"""Starting, stopping, killing, resetting, and running commands inside."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from azure_llama_sandbox import control
from azure_llama_sandbox.control import NotRunningError, SandboxError, Status
from azure_llama_sandbox.home import Home
from azure_llama_sandbox.world import SUBSCRIPTION, TENANT
from tests.sandbox.harness import ROOT, command, connect, sign_in

GROUP = f"https://management.azure.com/subscriptions/{SUBSCRIPTION}/resourcegroups/kept"


VERSION = {"api-version": "2024-03-01"}


def until(condition: Callable[[], bool]) -> None:
    """Wait for a condition; fail after a while."""
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


def addresses(status: Status) -> tuple[object, ...]:
    return status["arm"], status["proxy"], status["provider"]


def test_looking_changes_nothing(tmp_path: Path) -> None:
    status = control.status(tmp_path / "home")
    assert (status["running"], status["pid"], status["arm"], status["environment"]) == (False, None, None, {})
    assert status["requestLog"] == str(tmp_path / "home/requests.jsonl")
    assert list(control.read_log(tmp_path / "home")) == []
    assert (control.stop(tmp_path / "home"), control.reset(tmp_path / "home")) == (False, False)
    with pytest.raises(NotRunningError, match="sandbox start"):
        control.execute(["true"], tmp_path / "home")
    assert list(tmp_path.iterdir()) == []


def test_status_has_the_fields_that_the_design_names(place: Path) -> None:
    status = control.start(place, time_scale=1200, as_of=date(2025, 3, 1))
    assert status == control.status(place)
    port = str(status["arm"]).rpartition(":")[2]
    assert status["arm"] == status["authority"] == f"https://127.0.0.1:{port}"
    assert str(status["proxy"]).startswith("http://127.0.0.1:")
    assert (status["subscription"], status["tenant"]) == (SUBSCRIPTION, TENANT)
    assert (status["timeScale"], status["asOf"]) == (1200, "2025-03-01")
    assert Path(status["ca"]).read_text().startswith("-----BEGIN CERTIFICATE-----")
    environment = status["environment"]
    assert environment["HTTPS_PROXY"] == environment["https_proxy"] == status["proxy"]
    assert environment["NO_PROXY"] == "127.0.0.1,localhost"
    assert environment["REQUESTS_CA_BUNDLE"] == environment["SSL_CERT_FILE"] == status["ca"]
    assert environment["PULUMI_DEBUG_PROVIDERS"] == f"azure-native:{status['provider']}"
    assert environment["PULUMI_BACKEND_URL"] == f"file://{place}/pulumi-state"
    private = [p for p in place.iterdir() if p.is_file() and p.name != "sandbox.log"]
    assert {p.stat().st_mode & 0o77 for p in private} == {0}
    # Again: left as it is, unless something else is asked for.
    assert control.start(place)["pid"] == control.start(place, time_scale=1200)["pid"] == status["pid"]
    with pytest.raises(SandboxError, match=r"already, with the time scale 1200\.0, not 5"):
        control.start(place, time_scale=5)
    with pytest.raises(SandboxError, match="date 2025-03-01, not 2026-01-01"):
        control.start(place, as_of=date(2026, 1, 1))


def test_stop_and_kill_lose_nothing(place: Path) -> None:
    first = control.start(place)
    with connect(first) as client:
        header = sign_in(client, first)
        assert client.put(GROUP, params=VERSION, headers=header, json={"location": "eastus2"}).status_code == 201
    assert control.stop(place)
    assert not control.stop(place)
    second = control.start(place)
    assert addresses(second) == addresses(first)
    assert second["environment"] == first["environment"]
    assert second["pid"] is not None
    os.kill(second["pid"], signal.SIGKILL)
    until(lambda: not control.status(place)["running"])
    third = control.start(place)
    assert addresses(third) == addresses(first)
    with connect(third) as client:
        # The token of the first life is good in the third: keys, identities and CA are the home's.
        answer = client.get(GROUP, params=VERSION, headers=header)
    assert (answer.status_code, answer.json()["location"]) == (200, "eastus2")


def test_a_port_that_is_taken_moves_alone_and_homes_do_not_meet(place: Path, started: Status) -> None:
    first = control.start(place)
    assert not set(addresses(first)) & set(addresses(started))
    control.stop(place)
    assert control.status(Path(started["home"]))["pid"] == started["pid"]
    taken = int(str(first["arm"]).rpartition(":")[2])
    with socket.create_server(("127.0.0.1", taken), reuse_port=False):
        second = control.start(place)
    assert second["arm"] != first["arm"]
    assert addresses(second)[1:] == addresses(first)[1:]
    assert f"port {taken} of ARM is taken" in Path(second["serverLog"]).read_text()
    with connect(second) as client:
        assert client.get("https://management.azure.com/metadata/endpoints").status_code == 200


def test_two_starts_at_once_make_one_sandbox(place: Path) -> None:
    line = command("sandbox", "--home", str(place), "start")
    both = [subprocess.Popen(line, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) for _ in range(2)]
    said = [process.communicate(timeout=60)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert said[0] == said[1]


def test_a_sandbox_that_cannot_start_says_why(place: Path) -> None:
    Home(place).prepare()
    (place / "state.sqlite").write_text("this is no database, and long enough to be looked at " * 20)
    with pytest.raises(SandboxError, match=r"(?s)ended before it answered; the end of .*not a database"):
        control.start(place)
    assert not control.status(place)["running"]


def test_a_start_that_takes_too_long_leaves_nothing_behind(place: Path) -> None:
    with pytest.raises(SandboxError, match=r"did not answer within 0\.01 s"):
        control.start(place, timeout=0.01)
    assert Home(place).serving_pid() is None


@pytest.mark.parametrize("scale", [0, -1, float("inf"), float("nan")])
def test_a_time_scale_must_be_above_zero(place: Path, scale: float) -> None:
    with pytest.raises(SandboxError, match="above 0"):
        control.start(place, time_scale=scale)


def test_reset_empties_a_running_sandbox(place: Path) -> None:
    first = control.start(place, time_scale=77)
    with connect(first) as client:
        client.put(GROUP, params=VERSION, headers=sign_in(client, first), json={"location": "eastus2"})
    stack = place / "pulumi-state/.pulumi/stack.json"
    stack.parent.mkdir()
    stack.touch()
    assert control.reset(place, keep_stacks=True)
    assert stack.exists()
    assert control.reset(place)
    assert not stack.exists()
    assert list(control.read_log(place)) == []
    second = control.status(place)
    assert (addresses(second), second["timeScale"]) == (addresses(first), 77)
    with connect(second) as client:
        assert client.get(GROUP, params=VERSION, headers=sign_in(client, second)).status_code == 404
    control.stop(place)
    assert not control.reset(place)


def test_the_log_can_be_followed_over_a_reset(home: Home) -> None:
    home.request_log.write_text('{"path": "/1"}\n{"path": ')
    lines = control.read_log(home.path, follow=True)
    assert next(lines) == {"path": "/1"}
    with home.request_log.open("a") as file:
        file.write('"/2"}\n')
    assert next(lines) == {"path": "/2"}
    home.request_log.rename(home.path / "old")
    home.request_log.write_text('{"path": "/3"}\n')
    assert next(lines) == {"path": "/3"}
