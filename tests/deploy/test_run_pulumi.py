"""How a pipeline signs in: the forge's token, kept fresh in a file, and exchanged where Pulumi Cloud has the state."""

from __future__ import annotations

import importlib.util
import json
import stat
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from tests.deploy.forges import Forge, running
from tests.deploy.pipelines import DEPLOY

AZURE = "api://AzureADTokenExchange"


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("run_pulumi", DEPLOY / "tools" / "run_pulumi.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


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
    assert found["ARM_OIDC_AZURE_SERVICE_CONNECTION_ID"] == "s"
    assert found["ARM_USE_OIDC"] == "true"
