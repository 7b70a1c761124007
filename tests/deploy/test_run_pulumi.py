"""How a pipeline signs in: the forge's token, kept fresh in a file, and exchanged where Pulumi Cloud has the state."""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import signal
import socket
import ssl
import stat
import subprocess
import sys
import time
from collections.abc import Awaitable, Iterator
from pathlib import Path
from types import ModuleType

import httpx
import pytest
import yaml

from azure_llama.arm import oidc, sign_in
from azure_llama.arm.errors import ArmError
from azure_llama_sandbox.provider.sign_in import choose
from tests.deploy.forges import Forge, running
from tests.deploy.pipelines import DEPLOY, ROOT

AZURE = "api://AzureADTokenExchange"


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    """The script as a module, beside those that it imports."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(DEPLOY / "tools"))
        return importlib.import_module("run_pulumi")


@pytest.fixture
def forge() -> Iterator[Forge]:
    with running() as forge:
        yield forge


@pytest.fixture
def environment(forge: Forge, tmp_path: Path) -> dict[str, str]:
    """A job of GitHub, and a `pulumi` that writes down what it is called with."""
    program = tmp_path / "pulumi"
    program.write_text(
        f"""#!{sys.executable}
import json, pathlib, sys
token = pathlib.Path(sys.argv[sys.argv.index("--oidc-token") + 1].removeprefix("file://"))
said = [*sys.argv[1:], token.read_text(), oct(token.stat().st_mode & 0o777)]
pathlib.Path({str(tmp_path / "called")!r}).write_text(json.dumps(said))
sys.exit(int(pathlib.Path({str(tmp_path / "code")!r}).read_text()))
"""
    )
    program.chmod(0o755)
    (tmp_path / "code").write_text("0")
    return {
        "PATH": str(tmp_path),
        "ACTIONS_ID_TOKEN_REQUEST_URL": f"{forge.url}/idtoken",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "of-the-job",
    }


def test_a_stack_stops_the_endpoints_that_it_has(
    tool: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    east = "config:\n  azure-llama:managed:\n    llama-8b: {deployments: {blue: {model: llama3.1:8b}}}\n"
    (tmp_path / "Pulumi.east.yaml").write_text(east)
    (tmp_path / "Pulumi.gateway.yaml").write_text("config:\n  azure-llama:gateway: {}\n")
    monkeypatch.setattr(tool, "PROJECT", tmp_path)
    copies = tmp_path / "copies"
    copies.mkdir()
    stopped = {}
    for stack in ("organization/east", "gateway"):
        monkeypatch.setenv("PULUMI_STACK", stack)
        option, copy = tool._stopped(["llama-8b", "chat"], copies)
        assert option == "--config-file"
        stopped[stack] = yaml.safe_load(Path(copy).read_text())["config"].get("azure-llama:managed")
    endpoint = {"deployments": {"blue": {"model": "llama3.1:8b"}}, "stopped": True}
    assert stopped == {"organization/east": {"llama-8b": endpoint}, "gateway": None}
    assert (tmp_path / "Pulumi.east.yaml").read_text() == east
    assert tool._stopped([], copies) == []
    assert "stack east has no managed endpoint 'chat'" in capsys.readouterr().err


def test_the_token_is_in_a_file_that_nobody_else_reads_and_is_renewed(
    tool: ModuleType, forge: Forge, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tool, "_KEPT_FRESH", 0.01)
    with tool._signed_in(environment) as signed_in:
        file = Path(signed_in["AZURE_FEDERATED_TOKEN_FILE"])
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        deadline = time.monotonic() + 30
        while file.read_text() == "token 1":
            assert time.monotonic() < deadline
    assert set(forge.audiences) == {AZURE}
    assert not file.exists()


def test_a_token_that_cannot_be_renewed_is_told_and_ends_nothing(
    tool: ModuleType,
    forge: Forge,
    environment: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(tool, "_KEPT_FRESH", 0.01)
    with tool._signed_in(environment) as signed_in:
        forge.status = 500
        asked = len(forge.requests)
        deadline = time.monotonic() + 30
        while len(forge.requests) < asked + 3:
            assert time.monotonic() < deadline
        assert Path(signed_in["AZURE_FEDERATED_TOKEN_FILE"]).read_text().startswith("token ")
    said = capsys.readouterr().err
    assert "the pipeline's token could not be renewed" in said
    assert "of-the-job" not in said


def test_pulumi_cloud_takes_the_forge_s_token(
    tool: ModuleType, forge: Forge, environment: dict[str, str], tmp_path: Path
) -> None:
    tool._log_in({**environment, "PULUMI_ORG": "acme"})
    assert forge.audiences == ["urn:pulumi:org:acme"]
    *said, token, mode = json.loads((tmp_path / "called").read_text())
    assert said[:2] == ["login", "https://api.pulumi.com"]
    assert said[said.index("--oidc-org") + 1] == "acme"
    assert (token, mode) == ("token 1", "0o600")
    assert not Path(said[said.index("--oidc-token") + 1].removeprefix("file://")).exists()
    (tmp_path / "code").write_text("1")
    with pytest.raises(tool.NotConfiguredError, match="Pulumi Cloud does not take the pipeline's token for acme"):
        tool._log_in({**environment, "PULUMI_ORG": "acme"})


@pytest.mark.parametrize(
    "more",
    [
        {"PULUMI_BACKEND_URL": "azblob://state?storage_account=llamastate"},
        {"PULUMI_BACKEND_URL": "file:///state"},
        {"PULUMI_ACCESS_TOKEN": "of-a-person"},
    ],
)
def test_elsewhere_there_is_no_login(
    tool: ModuleType, forge: Forge, environment: dict[str, str], tmp_path: Path, more: dict[str, str]
) -> None:
    tool._log_in({**environment, **more})
    assert forge.audiences == []
    assert not (tmp_path / "called").exists()


def test_variables_that_are_empty_are_not_set(tool: ModuleType) -> None:
    caller = {
        "AZURE_CLIENT_ID": "",
        "AZURESUBSCRIPTION_CLIENT_ID": "c",
        "AZURESUBSCRIPTION_TENANT_ID": "t",
        "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID": "s",
        "AZURE_SUBSCRIPTION_ID": "u",
        "PULUMI_BACKEND_URL": "",
        "OTHER": "",
    }
    found = tool._environment(caller)
    assert "PULUMI_BACKEND_URL" not in found
    assert found["OTHER"] == ""
    assert found["ARM_CLIENT_ID"] == found["AZURE_CLIENT_ID"] == "c"
    assert found["ARM_TENANT_ID"] == "t"
    assert found["ARM_SUBSCRIPTION_ID"] == "u"
    assert found["ARM_USE_OIDC"] == "true"


@pytest.fixture
def devops(forge: Forge) -> dict[str, str]:
    """A job of Azure DevOps."""
    return {
        "SYSTEM_OIDCREQUESTURI": f"{forge.url}/oidctoken",
        "SYSTEM_ACCESSTOKEN": "of-the-job",
        "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID": "connection",
        "ARM_SUBSCRIPTION_ID": "s",
        "ARM_TENANT_ID": "t",
        "ARM_CLIENT_ID": "c",
        "ARM_USE_OIDC": "true",
    }


def request(signed_in: dict[str, str], query: str = f"audience={AZURE}", bearer: str = "") -> httpx.Response:
    """A request as azure-native sends it."""
    headers = {"Authorization": f"Bearer {bearer or signed_in['ACTIONS_ID_TOKEN_REQUEST_TOKEN']}"}
    return httpx.get(f"{signed_in['ACTIONS_ID_TOKEN_REQUEST_URL']}?{query}", headers=headers, trust_env=False)


async def awaited(token: Awaitable[str]) -> str:
    return await token


def test_on_azure_devops_every_request_of_azure_native_gets_a_new_token(
    tool: ModuleType, forge: Forge, devops: dict[str, str]
) -> None:
    with tool._signed_in(devops) as signed_in:
        first = Path(signed_in["AZURE_FEDERATED_TOKEN_FILE"]).read_text()
        bridged = [request(signed_in).json() for _ in range(2)]
        # The stand-in for azure-native, and the product itself, sign in with what the bridge gives.
        assertion = choose({}, signed_in, ssl.create_default_context()).assertion
        assert assertion is not None
        native = asyncio.run(awaited(assertion()))
        own = sign_in({}, signed_in).make()._func()  # type: ignore[attr-defined]
    assert [first, *bridged, native, own] == [
        "token 1",
        {"value": "token 2"},
        {"value": "token 3"},
        "token 4",
        "token 5",
    ]
    assert set(forge.connections) == {"connection"}
    assert forge.tokens == {"Bearer of-the-job"}
    assert "of-the-job" not in {signed_in["ACTIONS_ID_TOKEN_REQUEST_TOKEN"], signed_in["ACTIONS_ID_TOKEN_REQUEST_URL"]}
    with pytest.raises(httpx.ConnectError):  # the bridge is gone
        request(signed_in)


def test_the_bridge_refuses_strangers_and_other_audiences(
    tool: ModuleType, forge: Forge, devops: dict[str, str]
) -> None:
    with tool._signed_in(devops) as signed_in:
        stranger, cloud = request(signed_in, bearer="guessed"), request(signed_in, "audience=urn:pulumi:org:acme")
    assert (stranger.status_code, cloud.status_code) == (401, 400)
    assert cloud.json()["message"].endswith(f"Azure DevOps issues tokens for {AZURE} only")
    assert len(forge.connections) == 1  # the file's


@pytest.mark.parametrize("status", [401, 500])
def test_azure_devops_that_refuses_is_one_line(
    tool: ModuleType, forge: Forge, devops: dict[str, str], status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with tool._signed_in(devops) as signed_in:
        forge.status = status
        answer = request(signed_in)
    reason = f"the pipeline's token service 127.0.0.1 gave no token: HTTP status {status}"
    assert (answer.status_code, answer.json()) == (502, {"message": reason})
    assert capsys.readouterr().err == f"the pipeline's token could not be renewed: {reason}\n"
    with pytest.raises(ArmError, match=f"^{reason}$"), tool._signed_in(devops):
        raise AssertionError


@pytest.mark.parametrize(
    "more",
    [
        {"ACTIONS_ID_TOKEN_REQUEST_URL": "https://x.example", "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "t"},
        {"ARM_OIDC_TOKEN": "token"},
        {"ARM_OIDC_TOKEN_FILE_PATH": "/token"},
    ],
)
def test_what_azure_native_reads_already_is_left_alone(
    tool: ModuleType, devops: dict[str, str], more: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oidc, "issuer", lambda *_: oidc.Issuer("a test", lambda: "token"))
    with tool._signed_in({**devops, **more}) as signed_in:
        signed_in.pop("AZURE_FEDERATED_TOKEN_FILE")
    assert signed_in == {**devops, **more}


CHILD = """
import signal, sys, time
def interrupted(*_):
    print("interrupted", flush=True)
    sys.exit(9)
signal.signal(signal.SIGINT, interrupted)
print("running", flush=True)
while True:
    time.sleep(0.01)
"""
PARENT = """
import os, sys, run_pulumi
with run_pulumi._signed_in(dict(os.environ)) as signed_in:
    print(signed_in["ACTIONS_ID_TOKEN_REQUEST_URL"], flush=True)
    sys.exit(run_pulumi._run([sys.executable, "-c", sys.argv[1]], signed_in, None))
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_pulumi_in_order_and_the_bridge_with_it(devops: dict[str, str], number: signal.Signals) -> None:
    environment = {**os.environ, **devops, "PYTHONPATH": str(DEPLOY / "tools")}
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, CHILD], env=environment, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as running:
        assert running.stdout is not None
        url = httpx.URL(running.stdout.readline().strip())
        assert running.stdout.readline() == "running\n"
        running.send_signal(number)
        assert running.stdout.read() == "interrupted\n"
    assert running.returncode == 9
    with pytest.raises(ConnectionRefusedError), socket.create_connection((url.host, url.port or 0)):
        raise AssertionError
