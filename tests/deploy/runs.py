"""A pipeline that runs step by step in a copy of the project, against a sandbox, signed in by the forge's token."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.deploy.forges import Forge, running
from tests.deploy.pipelines import DEPLOY, Step, copied, devops_steps, github_steps
from tests.e2e.harness import Azure, Run

SET_UP = re.compile(r"make (venv|setup)")
TOKEN = "a-token-of-the-job"
EXPRESSION = re.compile(r"\$\{\{ (.+?) \}\}")
MACRO = re.compile(r"\$\(([\w.]+)\)")
TRUE = frozenset(
    {
        None,
        "github.event.pull_request.head.repo.full_name == github.repository",
        "and(succeeded(), eq(variables['Build.Reason'], 'PullRequest'))",
    }
)


@dataclass
class Pipeline:
    """One run of a pipeline in a copy of the project.

    Attributes:
        azure: The sandbox.
        project: The copy.
        forge: Whom comments and issues are sent to.
        kind: `github` or `azure-devops`.
        ran: The steps that ran, with what each did.
    """

    azure: Azure
    project: Path
    forge: Forge
    kind: str
    ran: dict[str, Run] = field(default_factory=dict)

    def run(self, name: str, folder: Path | None = None) -> dict[str, int]:
        """Run a pipeline; returns the exit code of each step that ran, by job and name. A failure ends the run.

        Steps of a job that runs once for each stack have the code of the last one.
        """
        file = (folder or DEPLOY / self.kind) / f"{name}.yml"
        steps = (github_steps if self.kind == "github" else devops_steps)(file)
        codes: dict[str, int] = {}
        known: dict[str, str] = {}
        failed = False
        for step in steps:
            key = f"{step.job}: {step.name}"
            if failed or not self._wanted(step, known):  # each job needs the one before it
                continue
            done = self._step(step, known)
            self.ran[key] = done
            codes[key] = done.code
            failed = done.code != 0
        return codes

    def _wanted(self, step: Step, known: Mapping[str, str]) -> bool:
        if step.condition in TRUE:
            return True
        found = re.search(
            r"steps\.\w+\.outputs\.code == '(\d)'|eq\(variables\['code'\], '(\d)'\)", step.condition or ""
        )
        assert found is not None, step.condition
        return known["code"] == (found[1] or found[2])

    def _step(self, step: Step, known: dict[str, str]) -> Run:
        script = SET_UP.sub(r"make --dry-run \1", step.script)
        outputs = self.project / "outputs"
        outputs.write_text("")
        variables = self._variables(step, known) | {
            "GITHUB_OUTPUT": str(outputs),
            "GITHUB_STEP_SUMMARY": str(self.project / "summary.md"),
        }
        file = self.project / "step.sh"
        exported = "".join(f"export {name}={shlex.quote(value)}\n" for name, value in variables.items())
        file.write_text(exported + script)
        # GitHub ends a step at its first failure; Azure DevOps leaves that to the script.
        shell = ["bash", "-e"] if self.kind == "github" else ["bash", "--noprofile", "--norc"]
        done = self.execute(*shell, str(file))
        for name, value in re.findall(r"^(\w+)=(.*)$", outputs.read_text(), re.MULTILINE):
            known[name] = value
        for name, value in re.findall(r"^##vso\[task\.setvariable variable=(\w+)\](.*)$", done.text, re.MULTILINE):
            known[name] = value
        return done

    def execute(self, *command: str) -> Run:
        """Run a command in the project, signed in as the pipeline."""
        done = subprocess.run(
            self.azure.command("exec", "--principal", self.kind, "--", *command),
            cwd=self.project,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
            check=False,
        )
        return Run(done.returncode, done.stdout)

    def _variables(self, step: Step, known: Mapping[str, str]) -> dict[str, str]:
        values = {
            "github.token": TOKEN,
            "github.event.pull_request.number": "7",
            "System.AccessToken": None,  # the sandbox's own, by which the job asks for its token
            **dict.fromkeys(("steps.check.outputs.code", "steps.preview.outputs.code", "code"), known.get("code")),
            **dict.fromkeys(("vars.NIGHTLY_STOPPED", "NIGHTLY_STOPPED"), "llama-8b"),
            "github.event.schedule": "30 18 * * 1-5",
            "Build.CronSchedule.DisplayName": "Stop",
        }
        found = {**(self.forge.github() if self.kind == "github" else self.forge.devops())}
        for name, text in step.environment.items():
            if name == "PULUMI_STACK":
                found[name] = text
                continue
            match = EXPRESSION.fullmatch(text) or MACRO.fullmatch(text)
            assert match is not None, text
            # What the repository's variables say, `exec` says here.
            value = None if match[1].startswith("vars.AZURE_") else values.get(match[1], "")
            if value is not None and not match[1].startswith(("vars.AZURE_", "vars.PULUMI_BACKEND", "vars.PULUMI_ORG")):
                found[name] = value
        return found


@contextmanager
def new_project(kind: str, folder: Path) -> Iterator[Pipeline]:
    """A project with the dev stack, not yet deployed, and a principal that only the forge's token signs in."""
    azure = Azure(folder / "home")
    azure.start()
    project = copied(folder / "project")
    shutil.copy(azure.stack_file, project)
    azure.cli("principal", "create", kind, "--sign-in", kind, "--role", "Owner")
    azure.exec("pulumi", "--cwd", str(project), "stack", "init", "dev", "--non-interactive")
    with running() as forge:
        yield Pipeline(azure, project, forge, kind)
    azure.cli("stop", check=False)
