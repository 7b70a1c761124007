"""The pack as a process: both ways in which an engine starts it, and what it then answers over gRPC."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import grpc
import pytest
import yaml
from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime.proto import analyzer_pb2 as proto
from pulumi.runtime.proto.analyzer_pb2_grpc import AnalyzerStub

from azure_llama_policies.registry import rules
from azure_llama_policies.reports import REPORTS
from azure_llama_policies.rule import Level
from tests.policies.cases import ENDPOINT, UNKNOWN, Given, endpoint, workspace

PACK = Path(__file__).resolve().parents[2] / "policies"
EXECUTABLE = PACK / "azure-llama-policies"
FIRST = ("serverless-region", "serverless-one-per-model")
ENGINE = "127.0.0.1:1"
HOST = [sys.executable, "-u", "-m", "pulumi.policy", ENGINE]
WAYS = {
    "the language host, in the pack's folder": ([*HOST, "."], PACK),
    "the language host, in the program's folder": ([*HOST, str(PACK)], PACK.parent),
    "the executable": ([str(EXECUTABLE), ENGINE], PACK.parent),
}


def environment() -> dict[str, str]:
    """This interpreter first on PATH, and its output buffered unless the pack sees to it."""
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    return {key: value for key, value in os.environ.items() if key != "PYTHONUNBUFFERED"} | {"PATH": path}


@pytest.fixture(scope="module", params=WAYS)
def process(request: pytest.FixtureRequest) -> Iterator[AnalyzerStub]:
    """A running pack."""
    command, cwd = WAYS[request.param]
    with subprocess.Popen(
        command, cwd=cwd, env=environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
    ) as pack:
        try:
            assert pack.stdout is not None
            with grpc.insecure_channel(f"127.0.0.1:{int(pack.stdout.readline())}") as channel:
                yield AnalyzerStub(channel)
        finally:
            pack.kill()


@pytest.fixture
def analyzer(process: AnalyzerStub) -> AnalyzerStub:
    """A running pack with its own levels and settings."""
    process.Configure(proto.ConfigureAnalyzerRequest(), timeout=10)
    return process


def struct(values: Mapping[str, Any]) -> struct_pb2.Struct:
    """Values as they go over the wire."""
    message = struct_pb2.Struct()
    message.update(values)
    return message


def analyze(analyzer: AnalyzerStub, given: Given) -> proto.AnalyzeResponse:
    """What the pack says of one resource."""
    request = proto.AnalyzeRequest(
        type=given.token, urn=given.urn, name=given.name, properties=struct(given.inputs or {})
    )
    response: proto.AnalyzeResponse = analyzer.Analyze(request, timeout=10)
    return response


def analyze_stack(analyzer: AnalyzerStub, *given: Given) -> proto.AnalyzeResponse:
    """What the pack says of the stack."""
    listed = []
    for each in given:
        resource = proto.AnalyzerResource(
            type=each.token, urn=each.urn, name=each.name, properties=struct(each.outputs)
        )
        for key, origins in each.comes_from.items():
            resource.propertyDependencies[key].urns.extend(origin.urn for origin in origins)
        listed.append(resource)
    request = proto.AnalyzeStackRequest(resources=listed)
    response: proto.AnalyzeResponse = analyzer.AnalyzeStack(request, timeout=10)
    return response


def said(response: proto.AnalyzeResponse, *policies: str) -> list[proto.AnalyzeDiagnostic]:
    """What some policies say, those that the test is not about left out."""
    return [
        each
        for each in response.diagnostics
        if each.policyName in policies
        or (each.policyName == "not-seen" and any(f"{p}: " in each.message for p in policies))
    ]


def test_it_says_what_it_holds(analyzer: AnalyzerStub) -> None:
    info = analyzer.GetAnalyzerInfo(empty_pb2.Empty(), timeout=10)
    assert info.name == "azure-llama"
    levels = {Level.MANDATORY: proto.MANDATORY, Level.ADVISORY: proto.ADVISORY}
    stated = {rule.id: rule.level for rule in rules()} | dict(REPORTS)
    assert {policy.name: policy.enforcementLevel for policy in info.policies} == {
        name: levels[level] for name, level in stated.items()
    }
    region = next(policy for policy in info.policies if policy.name == "serverless-region")
    assert region.severity == proto.POLICY_SEVERITY_HIGH
    assert region.url == "docs/rules/serverless-region.md"
    assert region.configSchema.properties["asOf"]["format"] == "date"


def test_a_region_without_the_model_is_a_mandatory_violation(analyzer: AnalyzerStub) -> None:
    (found,) = said(analyze(analyzer, endpoint("chat", location="westeurope")), *FIRST)
    assert (found.policyName, found.enforcementLevel) == ("serverless-region", proto.MANDATORY)
    for part in ("serverless-region", "chat", "Llama-3.3-70B-Instruct", "westeurope", "eastus2", "swedencentral"):
        assert part in found.message


def test_a_sound_endpoint_passes_and_the_rest_does_not_apply(analyzer: AnalyzerStub) -> None:
    assert not said(analyze(analyzer, endpoint("chat")), *FIRST)
    response = analyze(analyzer, workspace())
    assert not said(response, *FIRST)
    assert {each.policy_name for each in response.not_applicable} >= {"serverless-region", "serverless-one-per-model"}


def test_an_unknown_region_stays_mandatory_where_it_is_known(analyzer: AnalyzerStub) -> None:
    unseen = endpoint("unseen", location=UNKNOWN)
    assert not said(analyze(analyzer, unseen), *FIRST)
    assert said(analyze(analyzer, endpoint("chat", location="westeurope")), *FIRST)
    (found,) = said(analyze_stack(analyzer, unseen), *FIRST)
    assert (found.policyName, found.urn, found.enforcementLevel) == ("not-seen", unseen.urn, proto.ADVISORY)
    assert "serverless-region: endpoint 'unseen': 'location' is not known" in found.message


def test_two_endpoints_of_one_model_are_a_mandatory_violation(analyzer: AnalyzerStub) -> None:
    origin = {"workspaceName": [workspace()]}
    given = [workspace(), endpoint("a"), endpoint("b", workspace=UNKNOWN, comes_from=origin)]
    for each in given:
        assert not said(analyze(analyzer, each), *FIRST)
    (found,) = said(analyze_stack(analyzer, *given), *FIRST)
    assert (found.policyName, found.urn, found.enforcementLevel) == (
        "serverless-one-per-model",
        given[2].urn,
        proto.MANDATORY,
    )
    for part in ("serverless-one-per-model", "'a'", "'b'", "Llama-3.3-70B-Instruct", "'ws'"):
        assert part in found.message


def test_levels_and_settings_come_from_the_engine(analyzer: AnalyzerStub) -> None:
    request = proto.ConfigureAnalyzerRequest()
    request.policyConfig["serverless-region"].enforcementLevel = proto.ADVISORY
    request.policyConfig["serverless-region"].properties.update({"asOf": "2026-11-01"})
    request.policyConfig["not-seen"].enforcementLevel = proto.MANDATORY
    analyzer.Configure(request, timeout=10)
    (found,) = said(analyze(analyzer, endpoint("chat", location="westeurope")), *FIRST)
    assert found.enforcementLevel == proto.ADVISORY
    assert "on 2026-11-01" in found.message
    unseen = endpoint("unseen", location=UNKNOWN)
    analyze(analyzer, unseen)
    (found,) = said(analyze_stack(analyzer, unseen), *FIRST)
    assert (found.policyName, found.enforcementLevel) == ("not-seen", proto.MANDATORY)


def test_a_secret_beside_it_is_not_said(analyzer: AnalyzerStub) -> None:
    secret = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "value": "hunter2"}
    given = endpoint("chat", location="westeurope")
    response = analyze(analyzer, Given(ENDPOINT, "chat", {**(given.inputs or {}), "tags": {"key": secret}}))
    (found,) = said(response, *FIRST)
    assert "hunter2" not in str(response)
    assert "hunter2" not in found.message


def test_a_plain_key_among_the_outputs_is_a_mandatory_violation_and_a_secret_one_is_none(
    analyzer: AnalyzerStub,
) -> None:
    secret = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "value": {"primary": "hunter2"}}
    stack = Given("pulumi:pulumi:Stack", "azure-llama-dev", {}, {"keys": secret, "endpoints": {"key": "x"}})
    assert not analyze(analyzer, stack).diagnostics
    response = analyze_stack(analyzer, stack)
    (found,) = said(response, "secret-outputs")
    assert (found.enforcementLevel, found.urn) == (proto.MANDATORY, stack.urn)
    assert "output 'endpoints.key' is named like a secret and is plain text" in found.message
    assert "hunter2" not in str(response)


def test_the_pack_says_how_it_is_run() -> None:
    project = yaml.safe_load((PACK / "PulumiPolicy.yaml").read_text())
    assert project["runtime"] == {"name": "python", "options": {"toolchain": "pip", "virtualenv": "../.venv"}}
    assert EXECUTABLE.stat().st_mode & 0o777 == 0o755


def test_the_executable_names_what_its_interpreter_lacks(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path)], check=True)
    env = environment() | {"PATH": str(tmp_path / "bin")}
    run = subprocess.run(
        [str(tmp_path / "bin" / "python3"), str(EXECUTABLE), ENGINE], env=env, capture_output=True, text=True
    )
    assert run.returncode == 1
    assert run.stderr.startswith("azure-llama-policies: ")
    assert "make setup" in run.stderr
    assert "Traceback" not in run.stderr


def test_the_pack_does_not_load_pydantic_for_files_that_are_not_there(tmp_path: Path) -> None:
    """It takes longer to load than all rules, and each preview with the pack would wait for it."""
    code = (
        "import sys; from pathlib import Path; import azure_llama_policies.serve; "
        "from azure_llama_policies.crossguard import policies; policies(project=Path()); "
        "print('pydantic' in sys.modules)"
    )
    loaded = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "False"
