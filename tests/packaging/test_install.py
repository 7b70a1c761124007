"""The wheel in clean environments, and README's path to real Azure in a fresh clone, as a user goes it."""

from __future__ import annotations

import os
import re
import runpy
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import azure_llama
from azure_llama import engine
from azure_llama.cli.app import main
from azure_llama.scaffold.pipelines import FORGES, pipelines
from tests.packaging.environments import ROOT, Environment, Run, create

pytestmark = [pytest.mark.packaging, pytest.mark.engine]

PROGRAM = """\
import pulumi
from azure_llama_components import ServerlessEndpoint, ServerlessEndpointArgs, Workspace, WorkspaceArgs, subscribe

workspace = Workspace("ml", WorkspaceArgs(name="ml-chat", location="eastus2"))
model = "Llama-3.3-70B-Instruct"
subscription = subscribe(workspace, [model])[model]
args = ServerlessEndpointArgs(name="chat", workspace=workspace, model=model, subscription=subscription)
endpoint = ServerlessEndpoint("chat", args)
pulumi.export("chat", endpoint.outputs)
pulumi.export("keys", endpoint.keys)
"""
PROJECT = "name: chat\nruntime: python\n"
INSTALL = "pip install --no-deps -e ."
REAL_AZURE = re.compile(r"^## Real Azure\n\n(?:<!--.*?-->\n)?```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def commands(command: click.Command, *path: str) -> Iterator[tuple[str, ...]]:
    """The words of a command and of each one below it."""
    yield path
    if isinstance(command, click.Group):
        for name, child in command.commands.items():
            yield from commands(child, *path, name)


@pytest.fixture(scope="session")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the built distributions."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run([sys.executable, ROOT / "scripts" / "dist.py", folder], check=True, capture_output=True)
    return folder


@pytest.fixture(scope="session")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """What `pulumi install` makes: a virtual environment with requirements.txt."""
    pulumi = engine.find()
    assert pulumi is not None, "no Pulumi CLI: run `make setup`"
    folder = tmp_path_factory.mktemp("locked")
    variables = {engine.OVERRIDE: str(pulumi.bin), "XDG_CACHE_HOME": str(folder / "cache")}
    environment = create(folder / "venv", variables)
    environment.install("--require-hashes", "--requirement", ROOT / "requirements.txt")
    return environment


@pytest.fixture(scope="session")
def plain(locked: Environment, dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """The wheel in an environment of its own. Without an index, so that the lock must have all that it needs."""
    environment = locked.copy(tmp_path_factory.mktemp("plain") / "venv")
    environment.install("--no-index", *dist.glob("*.whl"))
    return environment


@pytest.fixture(scope="session")
def sandboxed(locked: Environment, dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """The wheel with its extra `sandbox`."""
    environment = locked.copy(tmp_path_factory.mktemp("sandboxed") / "venv")
    environment.install("--require-hashes", "--requirement", ROOT / "requirements-sandbox.txt")
    (wheel,) = dist.glob("*.whl")
    environment.install("--no-index", f"{wheel}[sandbox]")
    return environment


class Sandbox:
    """A running sandbox of an installed wheel."""

    def __init__(self, environment: Environment, home: Path) -> None:
        self._environment = environment
        self._command = (environment.bin / "azure-llama", "sandbox", "--home", home)
        self._home = home
        self.cli("start", "--time-scale", "4000")

    def cli(self, *arguments: str | Path, check: bool = True) -> Run:
        """Run an `azure-llama sandbox` command."""
        return self._environment.run(*self._command, *arguments, cwd=self._home.parent, check=check)

    def shell(self, script: str, cwd: Path, path: Path | None = None, *, check: bool = True) -> Run:
        """Run a shell script under `sandbox exec`, with another folder first on PATH where one is given."""
        prefix = f'PATH="{path}:$PATH"; ' if path else ""
        command = (*self._command, "exec", "--", "sh", "-ec", prefix + script)
        return self._environment.run(*command, cwd=cwd, check=check)


@pytest.fixture(scope="session")
def sandbox(sandboxed: Environment, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    running = Sandbox(sandboxed, tmp_path_factory.mktemp("sandbox") / "home")
    yield running
    running.cli("stop", check=False)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The dev stack's project, elsewhere on the disk."""
    for name in ("Pulumi.yaml", "Pulumi.dev.yaml", "__main__.py"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A user's own program of ten lines."""
    (tmp_path / "Pulumi.yaml").write_text(PROJECT)
    (tmp_path / "Pulumi.dev.yaml").write_text("config:\n  azure-native:location: eastus2\n")
    (tmp_path / "__main__.py").write_text(PROGRAM)
    return tmp_path


def test_the_wheel_has_the_version(plain: Environment, tmp_path: Path) -> None:
    assert plain.run("azure-llama", "--version", cwd=tmp_path).out == f"azure-llama {azure_llama.__version__}\n"
    program = "import azure_llama; print(azure_llama.__version__, azure_llama.__file__)"
    version, file = plain.run("python", "-c", program, cwd=tmp_path).out.split()
    assert version == azure_llama.__version__
    assert Path(file).is_relative_to(plain.root)


def test_the_wheel_is_typed_and_brings_no_other_top_level_name(plain: Environment) -> None:
    (information,) = plain.packages.glob("azure_llama-*.dist-info")
    files = [line.split(",")[0] for line in (information / "RECORD").read_text().splitlines()]
    roots = {name.split("/")[0] for name in files if not name.startswith("..")}
    packages = {"azure_llama", "azure_llama_components", "azure_llama_policies", "azure_llama_sandbox"}
    assert roots - {information.name} == packages
    assert {name for name in files if name.endswith("py.typed")} == {f"{name}/py.typed" for name in packages}


def test_every_help_of_the_wheel(plain: Environment, tmp_path: Path) -> None:
    words = list(commands(main))
    assert ("sandbox", "principal", "create") in words
    program = (
        "from click.testing import CliRunner; from azure_llama.cli.app import main\n"
        f"for words in {words!r}:\n"
        "    result = CliRunner().invoke(main, [*words, '--help'])\n"
        "    assert result.exit_code == 0 and result.output.startswith('Usage: '), (words, result.output)\n"
    )
    plain.run("python", "-c", program, cwd=tmp_path)
    assert plain.run("azure-llama", "--help", cwd=tmp_path).out.startswith("Usage: azure-llama ")


def test_check_and_cost_of_a_project_elsewhere(plain: Environment, project: Path, tmp_path: Path) -> None:
    checked = plain.run("azure-llama", "check", "-C", project, "--as-of", "2026-11-25", cwd=plain.root, check=False)
    assert (checked.code, checked.err) == (0, "")
    assert "azure-llama/dev on 2026-11-25: " in checked.out
    costs = plain.run("azure-llama", "cost", "-C", project, cwd=plain.root)
    assert "Standard_NC24ads_A100_v4" in costs.out


def test_check_of_a_program_of_ten_lines(plain: Environment, own: Path) -> None:
    checked = plain.run("azure-llama", "check", "--as-of", "2026-11-25", cwd=own, check=False)
    assert "chat/dev on 2026-11-25: " in checked.out, checked.text


@pytest.mark.parametrize("forge", FORGES)
def test_the_wheel_has_the_pipelines(plain: Environment, tmp_path: Path, forge: str) -> None:
    asked = ("--name", "chat", "--region", "eastus2", "--foundry", "Llama-3.3-70B-Instruct", "--no-input")
    plain.run("azure-llama", "init", *asked, "--pipelines", forge, cwd=tmp_path)
    expected = pipelines(forge, ["dev"])
    assert f"{FORGES[forge][0]}/deploy.yml" in expected
    assert {path: (tmp_path / path).read_text() for path in expected} == expected


def test_the_pack_of_the_wheel_starts_as_a_folder_and_as_a_file(plain: Environment, tmp_path: Path) -> None:
    folder = plain.run("azure-llama", "pack", "--form", "directory", cwd=tmp_path).out.strip()
    file = plain.run("azure-llama", "pack", "--form", "executable", cwd=tmp_path).out.strip()
    assert f"virtualenv: {plain.root}\n" in (Path(folder) / "PulumiPolicy.yaml").read_text()
    for command in ([plain.bin / "python", "-u", folder], [file]):
        with subprocess.Popen([*command, "127.0.0.1:1"], cwd=folder, env={"PATH": os.defpath}, stdout=-1) as process:
            assert process.stdout is not None
            assert int(process.stdout.readline()) > 0
            process.kill()


def test_without_the_extra_the_sandbox_names_it(plain: Environment, tmp_path: Path) -> None:
    refused = plain.run("azure-llama", "sandbox", "--home", tmp_path / "h", "start", cwd=tmp_path, check=False)
    assert (refused.code, refused.err.count("\n")) == (1, 1)
    assert "'azure-llama[sandbox]'" in refused.err


def test_without_a_checkout_the_demo_says_so(sandboxed: Environment, tmp_path: Path) -> None:
    refused = sandboxed.run("azure-llama", "demo", "--home", tmp_path / "h", "up", cwd=tmp_path, check=False)
    assert (refused.code, refused.err.count("\n")) == (1, 1)
    assert "clone the repository and run `make demo` in it" in refused.err


def test_preview_with_the_pack_of_the_wheel(sandbox: Sandbox, project: Path) -> None:
    done = sandbox.shell(
        "pulumi stack init dev --non-interactive;"
        'pulumi preview --stack dev --non-interactive --policy-pack "$(azure-llama pack)"'
        ' --policy-pack-config "$(azure-llama pack --config trial)"',
        project,
    )
    assert f"azure-llama@v{azure_llama.__version__}" in done.out
    assert "azure-llama:index:ServerlessEndpoint" in done.out


def test_a_program_of_ten_lines_is_deployed(sandbox: Sandbox, own: Path) -> None:
    sandbox.shell("pulumi stack init dev --non-interactive; pulumi up --stack dev --non-interactive --yes", own)
    outputs = sandbox.shell("pulumi stack output chat --stack dev --json", own).out
    assert "https://chat.eastus2.models.ai.azure.com" in outputs


@pytest.fixture(scope="module")
def clone(locked: Environment, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """The environment of a fresh clone after `pulumi install`, the first command of README's section."""
    folder = tmp_path_factory.mktemp("clone") / "azure-llama"
    runpy.run_path(str(ROOT / "scripts" / "dist.py"))["copy_tracked"](folder)
    return locked.copy(folder / ".venv")


def test_the_commands_of_readme_lead_to_a_deployment(sandbox: Sandbox, clone: Environment) -> None:
    match = REAL_AZURE.search((ROOT / "README.md").read_text())
    assert match
    first, install, login, *steps = [line.split(" #")[0].strip() for line in match[1].splitlines()]
    assert (first, install, login) == ("pulumi install", f".venv/bin/{INSTALL}", "az login")
    folder = clone.root.parent

    def shell(script: str, *, check: bool = True) -> Run:
        return sandbox.shell(script, folder, clone.bin, check=check)

    # Program and pack name the missing command in one line; Pulumi shows the program's as it comes and at the end.
    shell("pulumi stack init early")
    refused = shell("pulumi preview --stack early --non-interactive", check=False)
    assert (refused.code != 0, "Traceback" in refused.text) == (True, False)
    assert refused.text.partition("Diagnostics:")[2].count(INSTALL) == 1
    pack = shell("python policies", check=False)
    assert (pack.code, pack.err.count("\n"), INSTALL in pack.err) == (1, 1, True)

    clone.run("sh", "-c", install, cwd=folder)
    pulumi = engine.find()
    assert pulumi is not None
    for step in steps:
        step = step.replace("--policy-pack policies", f"--policy-pack {pulumi.policy_pack(Path('policies'))}")
        done = shell(f"{step} --yes" if step.startswith("pulumi up") else step)
    assert "https://llama-defaults-70b.eastus2.models.ai.azure.com" in done.out
