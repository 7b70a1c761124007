"""`azure-llama preflight`, `quota` and `purge` as commands: every way to sign in, exit codes, files, no secret."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from azure_llama.catalog import quota_snapshot
from azure_llama.cli.app import main
from azure_llama_sandbox import control, environment, principals
from azure_llama_sandbox.control import Status
from azure_llama_sandbox.identity import SignIn
from tests.catalogs import PACKAGE
from tests.sandbox.harness import ROOT, connect
from tests.sandbox.harness import sign_in as owner

STACK: Mapping[str, Any] = {
    "azure-native:location": "eastus2",
    "azure-llama:workspace": {"name": "llama-cli"},
    "azure-llama:serverless": {"llama-cli-70b": {"model": "Llama-3.3-70B-Instruct"}},
    "azure-llama:managed": {
        "llama-cli-8b": {
            "contentSafety": False,
            "deployments": {"blue": {"model": "Meta-Llama-3.1-8B-Instruct", "vmSize": "Standard_NC24ads_A100_v4"}},
        }
    },
}


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Status]:
    """A running sandbox."""
    home = tmp_path_factory.mktemp("sandbox") / "home"
    yield control.start(home, time_scale=4000)
    control.stop(home)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The stack's configuration."""
    path = tmp_path / "Pulumi.cli.yaml"
    path.write_text(yaml.safe_dump({"config": dict(STACK)}))
    return path


def run(
    sandbox: Status, file: Path, *command: str, principal: str = "owner", env: Mapping[str, str | None] | None = None
) -> Result:
    """A command with the environment of the sandbox's `exec`."""
    given = control.status(Path(sandbox["home"]), principal=principal)["environment"]
    foreign = dict.fromkeys(name for name in os.environ if name not in environment.scrubbed(os.environ))
    variables = {**foreign, **given, **(env or {})}
    return CliRunner().invoke(main, [*command, "--directory", str(ROOT), "--config-file", str(file)], env=variables)


def preflight(sandbox: Status, file: Path, **options: Any) -> Any:
    """A preflight, as JSON, whose exit code is the one that it says."""
    done = run(sandbox, file, "preflight", "--format", "json", "--no-state", **options)
    assert isinstance(done.exception, SystemExit | None), done.exception
    assert done.stdout, done.stderr
    report = json.loads(done.stdout)
    assert done.exit_code == report["exitCode"], done.stderr
    for secret in secrets(sandbox):
        assert secret not in done.output
    assert "eyJ" not in done.output
    return report


def secrets(sandbox: Status) -> list[str]:
    return [each.secret for each in principals.principals(Path(sandbox["home"]))]


@pytest.mark.parametrize(
    ("how", "method"),
    [
        (SignIn.APPLICATION, "a client secret"),
        (SignIn.GITHUB, "a federated token (OIDC) of the pipeline"),
        (SignIn.MANAGED_IDENTITY, "a managed identity"),
    ],
)
def test_each_way_to_sign_in_comes_to_the_same(sandbox: Status, file: Path, how: SignIn, method: str) -> None:
    name = f"cli-{how.value}"
    scope = f"/subscriptions/{sandbox['subscription']}"
    principals.create(name, Path(sandbox["home"]), sign_in=how, roles=[("Owner", scope)])
    report = preflight(sandbox, file, principal=name)
    assert (report["signedInWith"], report["status"]) == (method, "pass"), report


def test_azure_devops_needs_the_tool_of_the_pipelines(sandbox: Status, file: Path) -> None:
    principals.create("cli-ado", Path(sandbox["home"]), sign_in=SignIn.AZURE_DEVOPS)
    done = run(sandbox, file, "preflight", principal="cli-ado")
    assert done.exit_code == 2
    assert "run the command through deploy/tools/run_pulumi.py" in done.stderr
    assert "Traceback" not in done.output


CLI = """#!{python}
import json, os, sys
if "get-access-token" in sys.argv:
    from azure.identity import ClientSecretCredential
    env = os.environ
    who = ClientSecretCredential(env["AZURE_TENANT_ID"], env["AZURE_CLIENT_ID"], env["AZURE_CLIENT_SECRET"])
    token = who.get_token("https://management.azure.com/.default")
    print(json.dumps({{"accessToken": token.token, "expires_on": token.expires_on}}))
else:
    env = os.environ
    account = {{"id": env["AZURE_SUBSCRIPTION_ID"], "tenantId": env["AZURE_TENANT_ID"]}}
    print(json.dumps(account | {{"environmentName": "AzureCloud"}}))
"""


def test_so_does_the_azure_cli(sandbox: Status, file: Path, tmp_path: Path) -> None:
    script = tmp_path / "bin" / "az"
    script.parent.mkdir()
    script.write_text(CLI.format(python=sys.executable))
    script.chmod(0o755)
    gone = dict.fromkeys(("ARM_CLIENT_ID", "ARM_CLIENT_SECRET", "ARM_TENANT_ID", "ARM_SUBSCRIPTION_ID"))
    report = preflight(sandbox, file, env={**gone, "PATH": f"{script.parent}:{os.environ['PATH']}"})
    assert (report["signedInWith"], report["status"]) == ("the Azure CLI", "pass"), report
    assert report["subscription"] == sandbox["subscription"]


def unknown(report: Any) -> str:
    assert (report["status"], report["exitCode"]) == ("unknown", 4)
    passed = {check["name"] for check in report["checks"] if check["status"] == "pass"}
    assert passed <= {"lifecycle", "model-region"}
    return json.dumps(report)


def test_a_wrong_secret_is_unknown(sandbox: Status, file: Path) -> None:
    said = unknown(preflight(sandbox, file, env={"ARM_CLIENT_SECRET": "a-secret-that-nobody-may-see"}))
    assert "AADSTS7000215" in said
    assert "a-secret-that-nobody-may-see" not in said


def test_no_network_is_unknown(sandbox: Status, file: Path) -> None:
    dead = {"HTTPS_PROXY": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}
    assert "no network" in unknown(preflight(sandbox, file, env=dead))


def test_nobody_signed_in_is_unknown(sandbox: Status, file: Path) -> None:
    gone = dict.fromkeys(("ARM_CLIENT_ID", "ARM_CLIENT_SECRET", "ARM_TENANT_ID", "ARM_SUBSCRIPTION_ID"))
    assert "az login" in unknown(preflight(sandbox, file, env=gone))


def test_kept_answers_need_no_credentials(sandbox: Status, file: Path, tmp_path: Path) -> None:
    answers = tmp_path / "answers.json"
    done = run(sandbox, file, "preflight", "--save", str(answers), "--no-state")
    assert done.exit_code == 0, done.stdout
    assert all(secret not in answers.read_text() for secret in secrets(sandbox))
    alone = CliRunner().invoke(main, ["preflight", "--from", str(answers), "--config-file", str(file)], env={})
    assert alone.exit_code == 0, alone.output
    assert "saved answers of" in alone.stdout
    assert "old" in alone.stdout
    assert "cost of a month" in alone.stdout
    markdown = ["preflight", "--from", str(answers), "--config-file", str(file), "--format", "markdown"]
    assert CliRunner().invoke(main, markdown).stdout.startswith("### Preflight: pass")


def set_limit(sandbox: Status, family: str, cores: int) -> None:
    base = f"/subscriptions/{sandbox['subscription']}/providers/Microsoft.MachineLearningServices/locations/eastus2"
    with connect(sandbox) as client:
        answer = client.post(
            f"https://management.azure.com{base}/updateQuotas?api-version=2025-12-01",
            json={"value": [{"id": f"{base}/quotas/{family.replace(' ', '_')}", "limit": cores}]},
            headers=owner(client, sandbox),
        )
    assert answer.json()["value"][0]["status"] == "Success"


def test_the_increase_of_quota_is_printed_and_the_quota_kept(sandbox: Status, file: Path, tmp_path: Path) -> None:
    family = "Standard NCADSA100v4 Family Cluster Dedicated vCPUs"
    set_limit(sandbox, family, 12)
    try:
        asked = run(sandbox, file, "quota", "request")
        shown = run(sandbox, file, "quota", "show", "--save", str(tmp_path / "quota.json"))
    finally:
        set_limit(sandbox, family, 192)
    assert asked.exit_code == 1
    assert f"{family} in eastus2" in asked.stdout
    assert "24 more cores, a limit of 24" in asked.stdout
    assert "Nothing was filed" in asked.stdout
    kept = quota_snapshot.load(tmp_path / "quota.json")
    found = kept.family("standardNCADSA100v4Family", PACKAGE)
    assert (shown.exit_code, found and found.limit) == (0, 12)
    enough = run(sandbox, file, "quota", "request")
    assert (enough.exit_code, enough.stdout) == (0, "No increase is needed.\n")


def test_purge_shows_the_names_of_the_stack(sandbox: Status, file: Path) -> None:
    done = run(sandbox, file, "purge", "--format", "json")
    assert done.exit_code == 0, done.stderr
    found = {each["kind"]: each["outcome"] for each in json.loads(done.stdout)["names"]}
    assert found == {"workspace": "free", "key vault": "free"}
    assert "llama-cli" in run(sandbox, file, "purge").stdout


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["preflight", "--save", "/nowhere/answers.json"], "--save /nowhere/answers.json: /nowhere is no folder"),
        (["quota", "show", "--save", "/nowhere/quota.json"], "--save /nowhere/quota.json: /nowhere is no folder"),
        (["quota", "request", "--family", "standardNCADSA100v4Famly"], "did you mean 'standardNCADSA100v4Family'?"),
    ],
)
def test_what_cannot_be_is_told_before_azure_is_asked(file: Path, command: list[str], said: str) -> None:
    done = CliRunner().invoke(main, [*command, "--config-file", str(file), "-C", str(ROOT)])
    assert done.exit_code == 2
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("command", [["preflight"], ["quota", "show"], ["quota", "request"], ["purge"]])
def test_a_stack_with_mistakes_is_wrong_usage(tmp_path: Path, command: list[str]) -> None:
    path = tmp_path / "Pulumi.cli.yaml"
    path.write_text(yaml.safe_dump({"config": {**STACK, "azure-llama:workspace": {"nam": "x"}}}))
    env = {"ARM_CLIENT_SECRET": "x", "ARM_CLIENT_ID": "x", "ARM_TENANT_ID": "x", "ARM_SUBSCRIPTION_ID": "0" * 36}
    done = CliRunner().invoke(main, [*command, "--config-file", str(path)], env=env)
    assert done.exit_code == 2, done.output
    assert "azure-llama:workspace.nam" in done.stderr
    assert "Traceback" not in done.output


def test_credentials_that_are_not_whole_are_wrong_usage(file: Path) -> None:
    env = {"ARM_CLIENT_SECRET": "a-secret-that-nobody-may-see", "ARM_CLIENT_ID": "", "ARM_TENANT_ID": ""}
    done = CliRunner().invoke(main, ["preflight", "--config-file", str(file)], env=env)
    assert done.exit_code == 2
    assert "azure-native:tenantId or ARM_TENANT_ID" in done.stderr
    assert "nobody-may-see" not in done.output


def test_a_file_that_is_none_is_wrong_usage(file: Path, tmp_path: Path) -> None:
    for path in (tmp_path / "none.json", file):
        done = CliRunner().invoke(main, ["preflight", "--from", str(path), "--config-file", str(file)])
        assert (done.exit_code, done.stderr.count("\n")) == (2, 1)
    both = ["preflight", "--from", "a", "--save", "b", "--config-file", str(file)]
    assert CliRunner().invoke(main, both).exit_code == 2


def test_help_names_the_exit_codes() -> None:
    for command in (["preflight"], ["quota"], ["quota", "show"], ["quota", "request"], ["purge"]):
        assert "Exit codes:" in CliRunner().invoke(main, [*command, "--help"]).output
