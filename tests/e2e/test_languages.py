"""A program in YAML with the whole stack as one component, on the real engine."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from azure_llama.engine import EngineError, ensure_language, find
from tests.e2e.harness import ROOT, Azure, Run

pytestmark = pytest.mark.engine

PROGRAM = ROOT / "examples" / "yaml"


@pytest.fixture(scope="session")
def host() -> None:
    """The YAML language host; built when no run on this machine has built it yet."""
    room = find()
    assert room is not None, "no Pulumi CLI: run `make setup`"
    try:
        ensure_language(room)
    except EngineError as error:
        if shutil.which("go") is not None:
            raise
        pytest.skip(str(error))


@pytest.fixture
def azure(tmp_path: Path, host: None) -> Iterator[Azure]:
    azure = Azure(tmp_path / "home")
    azure.start()
    yield azure
    azure.cli("stop", check=False)


def _pulumi(azure: Azure, *arguments: str, check: bool = True) -> Run:
    options = ("--cwd", str(azure.home / "yaml"), "--non-interactive", "--color", "never")
    return azure.exec("pulumi", *options, *arguments, check=check)


def test_a_yaml_program_deploys_stays_and_leaves_nothing(azure: Azure) -> None:
    program = azure.home / "yaml"
    program.mkdir()
    text = (PROGRAM / "Pulumi.yaml").read_text().replace("../../plugin", str(ROOT / "plugin"))
    (program / "Pulumi.yaml").write_text(text)
    room = find()
    assert room is not None
    pack = ("--policy-pack", str(room.policy_pack(ROOT / "policies")))
    _pulumi(azure, "stack", "init", "dev")

    up = _pulumi(azure, "up", "--stack", "dev", "--yes", *pack)
    assert "azure-llama:index:LlamaStack" in up.text
    assert "[advisory]" in up.text
    assert "[mandatory]" not in up.text
    _pulumi(azure, "preview", "--stack", "dev", "--expect-no-changes", *pack)

    outputs = json.loads(_pulumi(azure, "stack", "output", "--stack", "dev", "--json").text)
    assert outputs["endpoints"]["yaml-33-70b"]["chatUrl"].startswith("https://yaml-33-70b.eastus2.")
    assert outputs["keys"] == "[secret]"

    (program / "Pulumi.yaml").write_text(text.replace("traffic: 100", "traffic: 300"))
    refused = _pulumi(azure, "preview", "--stack", "dev", check=False)
    assert refused.code != 0
    assert "managed.yaml-8b.deployments.blue.traffic: 300" in refused.text
    assert "Traceback" not in refused.text
    (program / "Pulumi.yaml").write_text(text)

    _pulumi(azure, "destroy", "--stack", "dev", "--yes")
    subscription = azure.status["subscription"]
    assert azure.arm(f"/subscriptions/{subscription}/resourcegroups", "2021-04-01").json()["value"] == []


def test_a_violation_of_a_mandatory_rule_stops_it(azure: Azure) -> None:
    program = azure.home / "yaml"
    program.mkdir()
    text = (PROGRAM / "Pulumi.yaml").read_text().replace("../../plugin", str(ROOT / "plugin"))
    (program / "Pulumi.yaml").write_text(text.replace("    fn::secret: ${llama.keys}", "    plain: ${llama.keys}"))
    room = find()
    assert room is not None
    _pulumi(azure, "stack", "init", "dev")
    pack = str(room.policy_pack(ROOT / "policies"))
    refused = _pulumi(azure, "preview", "--stack", "dev", "--policy-pack", pack, check=False)
    assert refused.code != 0
    assert "[mandatory]" in refused.text
