"""`azure-llama check`: exit codes, one line for an error, reports where they are asked for."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from azure_llama.cli.app import main
from tests.azure_llama.conftest import PROJECT

ROOT = Path(__file__).resolve().parents[3]
AZURE_LLAMA = Path(sys.executable).with_name("azure-llama")
PROGRAM = """
import pulumi
class Raw(pulumi.CustomResource):
    def __init__(self, type_, name, props=None):
        super().__init__(type_, name, props or {})
given = pulumi.Config().require_object("account")
Raw("azure-native:storage:StorageAccount", "account", given)
print("said by the program")
"""
SOUND = {
    "accountName": "stone",
    "location": "eastus2",
    "allowBlobPublicAccess": False,
    "allowSharedKeyAccess": False,
    "minimumTlsVersion": "TLS1_2",
    "enableHttpsTrafficOnly": True,
}
Check = Callable[..., Result]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "Pulumi.yaml").write_text(PROJECT)
    (tmp_path / "__main__.py").write_text(PROGRAM)
    write(tmp_path, SOUND)
    return tmp_path


def flat(text: str) -> str:
    """A text without the spaces that line up its columns."""
    return re.sub(" +", " ", text)


def write(root: Path, account: Mapping[str, object]) -> None:
    """Give the stack an account."""
    (root / "Pulumi.dev.yaml").write_text(yaml.safe_dump({"config": {"sample:account": dict(account)}}))


@pytest.fixture
def check(root: Path) -> Check:
    """Runs the command on the project."""

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(main, ["check", "-C", str(root), "--as-of", "2026-11-25", *arguments])

    return run


def test_a_sound_stack_passes_with_its_warnings(check: Check) -> None:
    done = check()
    assert done.exit_code == 0
    assert "warning stateful-replacement" in flat(done.stdout)
    assert done.stdout.splitlines()[-1].startswith("sample/dev on 2026-11-25: passed: 0 violations")
    assert "said by the program" not in flat(done.stdout)


def test_a_violation_is_at_its_line_and_exits_with_1(check: Check, root: Path) -> None:
    write(root, {**SOUND, "allowBlobPublicAccess": True})
    done = check()
    assert done.exit_code == 1
    assert "Pulumi.dev.yaml:1:1: error storage-public-blobs" in flat(done.stdout)


def test_strict_exits_with_1_for_what_was_not_seen(check: Check, root: Path) -> None:
    write(root, {key: value for key, value in SOUND.items() if key != "allowBlobPublicAccess"})
    assert check().exit_code == 0
    assert "not seen storage-public-blobs" in flat(check().stdout)
    assert check("--strict").exit_code == 1


def test_the_configuration_sets_levels_and_settings(check: Check, tmp_path: Path) -> None:
    file = tmp_path / "policy.json"
    file.write_text('{"stateful-replacement": "mandatory", "required-tags": {"tags": ["owner"]}}')
    done = check("--policy-config", str(file))
    assert done.exit_code == 1
    assert "error stateful-replacement" in flat(done.stdout)
    assert "error required-tags" in flat(done.stdout)
    file.write_text('{"all": "disabled"}')
    assert "0 rules applied" in flat(check("--policy-config", str(file)).stdout)


def test_exemptions_beside_the_project_are_found(check: Check, root: Path) -> None:
    write(root, {**SOUND, "allowBlobPublicAccess": True})
    entry = {"rule": "storage-public-blobs", "target": "account", "reason": "a public data set", "owner": "team"}
    file = root / "policy-exemptions.yaml"
    file.write_text(yaml.safe_dump({"exemptions": [{**entry, "expires": date(2026, 12, 1)}]}))
    done = check()
    assert done.exit_code == 0
    assert "[a public data set; team, until 2026-12-01]" in flat(done.stdout)
    assert check("--as-of", "2026-12-02").exit_code == 1


def test_the_report_goes_to_a_file_and_the_summary_to_stderr(check: Check, tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    done = check("--format", "json", "--output", str(file))
    assert (done.exit_code, done.stdout) == (0, "")
    assert "passed" in done.stderr
    assert json.loads(file.read_text())["ok"] is True


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-s", "prod"], "no stack 'prod'; the stacks here are dev"),
        (["-C", "/nowhere/at/all"], "is no folder"),
        (["--config-file", "none.yaml"], "none.yaml: cannot be read: No such file"),
        (["--as-of", "soon"], "'soon' does not match the format"),
        (["--format", "pdf"], "'pdf' is not one of"),
        (["--policy-config", "none.json"], "none.json: cannot be read"),
        (["--exemptions", "none.yaml"], "none.yaml: cannot be read"),
        (["--quota", "none.json"], "none.json: cannot be read"),
        (["--output", "/nowhere/report"], "/nowhere/report: cannot be written"),
        (["--output", "/"], "cannot be written: Is a directory"),
    ],
)
def test_wrong_usage_is_one_line_and_exits_with_2(check: Check, arguments: list[str], said: str) -> None:
    done = check(*arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    (line,) = [line for line in done.stderr.splitlines() if said in line]
    assert "Traceback" not in done.stderr
    assert line


FILES = {
    "a broken stack file": (
        "Pulumi.dev.yaml",
        "config: [",
        "Pulumi.dev.yaml:2:1: error configuration-syntax: is broken",
    ),
    "a stack file that is no UTF-8": (
        "Pulumi.dev.yaml",
        b"a: \xff",
        "dev.yaml:1:1: error configuration-syntax: is not",
    ),
    "a stack file that is a list": (
        "Pulumi.dev.yaml",
        "config:\n  [1]",
        "dev.yaml:2:3: error configuration-syntax: config",
    ),
    "a broken project": ("Pulumi.yaml", "name: [", "Pulumi.yaml:2:1: error configuration-syntax: is broken YAML"),
    "a program that fails": ("__main__.py", "1 / 0", "__main__.py:1:1: error program-fails: the program failed: Zero"),
    "a program that exits": ("__main__.py", "exit(0)", "error program-fails: the program ended itself with 0"),
    "broken exemptions": (
        "policy-exemptions.yaml",
        "exemptions:\n  - {rule: nope}",
        "policy-exemptions.yaml:2:5: error configuration-exemptions: exemptions.0: 'target' is missing",
    ),
    "exemptions that are no YAML": (
        "policy-exemptions.yaml",
        "a: b: c",
        "policy-exemptions.yaml:1:5: error configuration-exemptions: is broken",
    ),
    "a broken overlay": ("llama-catalog.yaml", "models: [", "llama-catalog.yaml:2:1: error configuration-catalog: is"),
    "an overlay with a wrong key": (
        "llama-catalog.yaml",
        "modles: {}",
        "llama-catalog.yaml:1:1: error configuration-catalog: modles: is not a key",
    ),
}


@pytest.mark.parametrize(("name", "content", "said"), FILES.values(), ids=FILES)
def test_an_error_of_a_file_is_a_finding_at_its_line(
    check: Check, root: Path, name: str, content: str | bytes, said: str
) -> None:
    (root / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    done = check()
    assert done.exit_code == 1
    assert "Traceback" not in done.stderr
    assert said in flat(done.stdout)
    assert done.stdout.splitlines()[-1].endswith("rules not evaluated")


def test_errors_of_all_files_are_in_one_report(check: Check, root: Path, tmp_path: Path) -> None:
    (root / "policy-exemptions.yaml").write_text("exemptions: 1\n")
    (root / "llama-catalog.yaml").write_text("modles: {}\n")
    file = tmp_path / "policy.json"
    file.write_text('{\n  "storage-tsl": "advisory"\n}')
    done = check("--policy-config", str(file))
    assert done.exit_code == 1
    for error in (
        "policy.json:2:3: error configuration-policies: storage-tsl: is not a policy of this pack",
        "policy-exemptions.yaml:1:1: error configuration-exemptions: exemptions: it is not a list",
        "llama-catalog.yaml:1:1: error configuration-catalog: modles: is not a key",
    ):
        assert error in flat(done.stdout)


def test_an_unreadable_file_is_told(check: Check, root: Path) -> None:
    (root / "Pulumi.dev.yaml").unlink()
    (root / "Pulumi.dev.yaml").mkdir()
    done = check()
    assert done.exit_code == 2
    assert "Pulumi.dev.yaml: cannot be read: Is a directory" in done.stderr


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": "azure-llama-preflight/1"}', "[" * 100_000])
def test_a_quota_file_that_is_none_is_told(check: Check, tmp_path: Path, text: str) -> None:
    file = tmp_path / "quota.json"
    file.write_text(text)
    done = check("--quota", str(file))
    assert (done.exit_code, done.stdout) == (2, "")
    assert "quota.json: is no quota snapshot; `azure-llama quota show --save FILE` writes one" in done.stderr


def test_unknown_rules_and_settings_are_refused(check: Check, tmp_path: Path) -> None:
    file = tmp_path / "policy.json"
    file.write_text('{"storage-tsl": "advisory", "required-tags": {"tag": ["owner"]}}')
    done = check("--policy-config", str(file))
    assert done.exit_code == 1
    assert "did you mean 'storage-tls'?" in flat(done.stdout)
    assert "did you mean 'tags'?" in flat(done.stdout)


def dev(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command as a person runs it, on this project's dev stack."""
    return subprocess.run(
        [AZURE_LLAMA, "check", "--as-of", "2026-11-25", *arguments],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_dev_stack_passes() -> None:
    done = dev("--stack", "dev", "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    report = json.loads(done.stdout)
    assert report["ok"] is True
    assert not [each for each in report["violations"] if each["level"] == "mandatory"]
    assert {each["name"] for each in report["resources"]} >= {"llama-33-70b", "llama-8b", "llama-8b.blue"}
    assert report["costs"]


def test_a_region_without_the_model_is_found_at_the_line_of_the_endpoint(tmp_path: Path) -> None:
    text = (ROOT / "Pulumi.dev.yaml").read_text().replace("location: eastus2", "location: westeurope")
    (tmp_path / "Pulumi.dev.yaml").write_text(text)
    done = dev("--config-file", str(tmp_path / "Pulumi.dev.yaml"), "--format", "json")
    assert done.returncode == 1
    (found,) = [each for each in json.loads(done.stdout)["violations"] if each["rule"] == "serverless-region"]
    line = text.splitlines()[found["line"] - 1]
    assert "westeurope" in line or "llama-33-70b" in line or "Llama-3.3-70B-Instruct" in line


def test_a_model_of_foundry_resources_alone_is_refused_at_its_line(tmp_path: Path) -> None:
    text = (ROOT / "Pulumi.dev.yaml").read_text()
    text = text.replace("model: Llama-3.3-70B-Instruct", "model: Llama-4-Scout-17B-16E-Instruct")
    (tmp_path / "Pulumi.dev.yaml").write_text(text)
    options = ("--config-file", str(tmp_path / "Pulumi.dev.yaml"))
    done = dev(*options, "--format", "json")
    assert done.returncode == 1
    (found,) = [each for each in json.loads(done.stdout)["violations"] if each["rule"] == "serverless-region"]
    assert "Llama-4-Scout" in text.splitlines()[found["line"] - 1]
    assert "a deployment on a Microsoft Foundry resource" in found["message"]
    assert "'ruleId': 'serverless-region'" in str(json.loads(dev(*options, "--format", "sarif").stdout))
