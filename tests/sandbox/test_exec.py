"""A command under `exec`: what it sees, and how it and the sandbox end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from azure_llama_sandbox import control, environment
from azure_llama_sandbox.control import Status
from tests.sandbox.harness import ROOT, azure_llama, command

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
