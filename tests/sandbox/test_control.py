"""Starting, stopping, killing, resetting, and running commands inside."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from azure_llama_sandbox import control, environment
from azure_llama_sandbox.control import NotRunningError, SandboxError, Status
from azure_llama_sandbox.home import Home
from azure_llama_sandbox.world import SUBSCRIPTION, TENANT
from tests.sandbox.harness import ROOT, azure_llama, command, connect, sign_in

GROUP = f"https://management.azure.com/subscriptions/{SUBSCRIPTION}/resourcegroups/kept"
VERSION = {"api-version": "2024-03-01"}
REAL = {
    "AZURE_CLIENT_SECRET": "real-1",
    "AZURE_CLIENT_CERTIFICATE_PATH": "real-2",
    "ARM_OIDC_TOKEN": "real-3",
    "ARM_ACCESS_KEY": "real-4",
    "MSI_SECRET": "real-5",
    "IDENTITY_HEADER": "real-6",
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "real-7",
    "SYSTEM_ACCESSTOKEN": "real-8",
    "servicePrincipalKey": "real-9",
    "AZURE_OPENAI_API_KEY": "real-10",
    "OPENAI_API_KEY": "real-11",
    "PULUMI_ACCESS_TOKEN": "real-12",
    "PULUMI_BACKEND_URL": "real-13",
    "azure_password": "real-14",
    "ALL_PROXY": "real-15",
    "no_proxy": "real-16",
    "SSL_CERT_DIR": "real-17",
    "AAD_TOKEN": "real-18",
    "IMDS_ENDPOINT": "real-19",
    "AZUREML_TOKEN": "real-20",
}


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    """A folder for a sandbox that ends with the test."""
    yield tmp_path / "home"
    control.stop(tmp_path / "home")


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


def test_the_callers_credentials_are_taken_away() -> None:
    kept = {"PATH": "/bin", "HOME": "/h", "PULUMI_DEBUG_COMMANDS": "true", "PULUMI_OPTION_PARALLEL": "1", "LANG": "C"}
    kept["PULUMI_STACK"] = "prod"
    assert environment.scrubbed({**REAL, **kept}) == kept


def test_a_command_sees_the_sandbox_and_not_the_caller(started: Status) -> None:
    program = "import os; print(dict(os.environ))"
    done = azure_llama("sandbox", "--home", started["home"], "exec", "--", sys.executable, "-c", program, env=REAL)
    seen: dict[str, str] = eval(done.stdout)  # noqa: S307 - our own output
    assert not set(REAL.values()) & set(seen.values())
    shown = dict(started["environment"])
    assert {name: seen[name] for name in shown} == shown
    assert seen["PATH"].startswith(str(Path(sys.executable).parent) + os.pathsep)


def test_the_server_itself_does_not_see_the_caller(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in REAL.items():
        monkeypatch.setenv(name, value)
    pid = control.start(place)["pid"]
    own = Path(f"/proc/{pid}/environ")
    if not own.exists():
        pytest.skip("this system does not show the environment of a process")
    assert b"real-" not in own.read_bytes()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["sh", "-c", "exit 41"], 41),
        (["sh", "-c", "kill -9 $$"], -9),
        (["no-such-command-anywhere"], 127),
        ([str(ROOT / "pyproject.toml")], 126),
        (["echo", "--format", "-n", "exec"], 0),
    ],
)
def test_the_exit_code_is_the_commands_own(started: Status, arguments: list[str], code: int) -> None:
    done = azure_llama("sandbox", "--home", started["home"], "exec", "--", *arguments)
    assert done.returncode == code, done
    if code in {126, 127}:
        assert done.stderr.startswith(f"azure-llama: {arguments[0]}: ")
        assert done.stderr.count("\n") == 1
    if code == 0:
        assert done.stdout == "--format -n exec\n"


@pytest.mark.parametrize("whole_group", [True, False])
def test_ctrl_c_reaches_the_command_once_and_exec_waits_for_it(started: Status, whole_group: bool) -> None:
    program = (
        "import signal, sys, time\n"
        "got = []\n"
        "signal.signal(signal.SIGINT, lambda *_: got.append(1))\n"
        "print('ready', flush=True)\n"
        "while not got: time.sleep(0.01)\n"
        "time.sleep(0.1)\n"
        "print(len(got)); sys.exit(7)\n"
    )
    line = command("sandbox", "--home", started["home"], "exec", "--", sys.executable, "-c", program)
    with subprocess.Popen(line, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "ready\n"
        if whole_group:
            os.killpg(running.pid, signal.SIGINT)
        else:
            running.send_signal(signal.SIGINT)
        assert running.stdout.read() == "1\n"
    assert running.returncode == 7


def test_a_guest_signs_in_as_somebody_else(started: Status) -> None:
    owner = started["environment"]
    guest = control.status(Path(started["home"]), principal="guest")["environment"]
    # Each has an Azure CLI folder: an `az login` of one is not another's.
    for name in ("AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET", "ARM_CLIENT_ID", "AZURE_CONFIG_DIR", "AZD_CONFIG_DIR"):
        assert guest[name] != owner[name]
    assert not any(
        Path(who["AZURE_CONFIG_DIR"]).is_relative_to(other["AZURE_CONFIG_DIR"])
        for who, other in ((owner, guest), (guest, owner))
    )


PULUMI = """\
import os, sys, time
from pathlib import Path
path = Path("Pulumi.dev.yaml")
path.write_text(path.read_text() + "encryptionsalt: v1:abc\\n" + sys.argv[1])
print("salted", flush=True)
if sys.argv[2:]: time.sleep(60)
"""
"""Writes what the Pulumi CLI writes."""


@pytest.mark.parametrize(("secret", "kept"), [("", False), ("config:\n  azure-llama:x:\n    secure: v1:y\n", True)])
def test_a_stack_file_keeps_no_salt_of_the_sandbox(started: Status, tmp_path: Path, secret: str, kept: bool) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: x\n")
    file = tmp_path / "Pulumi.dev.yaml"
    file.write_text("# mine\n")
    line = command("sandbox", "--home", started["home"], "exec", "--", sys.executable, "-c", PULUMI, secret)
    subprocess.run(line, cwd=tmp_path, check=True)
    assert ("encryptionsalt" in file.read_text()) is kept
    assert (file.read_text() == "# mine\n") is not kept


def test_a_stack_file_keeps_no_salt_after_ctrl_c(started: Status, tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: x\n")
    file = tmp_path / "Pulumi.dev.yaml"
    file.write_text("# mine\n")
    line = command("sandbox", "--home", started["home"], "exec", "--", sys.executable, "-c", PULUMI, "", "wait")
    with subprocess.Popen(line, cwd=tmp_path, stdout=subprocess.PIPE, text=True, start_new_session=True) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "salted\n"
        os.killpg(running.pid, signal.SIGTERM)
    assert running.returncode == -signal.SIGTERM
    assert file.read_text() == "# mine\n"


def test_kill_9_of_exec_ends_the_command(started: Status) -> None:
    if sys.platform != "linux":
        pytest.skip("other systems have no way to end a process with its parent")
    line = command("sandbox", "--home", started["home"], "exec", "--", "sh", "-c", "echo $$; exec sleep 60")
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True, start_new_session=True) as running:
        assert running.stdout is not None
        running.stdout.readline()
        os.killpg(running.pid, signal.SIGKILL)
        assert running.stdout.read() == "", "the command has ended, as its output has"
