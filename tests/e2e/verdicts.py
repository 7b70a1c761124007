"""The same rules by three ways: the engine's preview, the engine over a state, and the check without an engine."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from azure_llama import engine
from azure_llama.check import judging
from azure_llama.check.judging import RuleFinding
from azure_llama.stack import project
from azure_llama.stack.program import Program, plan
from azure_llama_policies.registry import rules
from azure_llama_policies.rule import Level
from azure_llama_sandbox.environment import scrubbed
from tests.e2e.harness import Azure
from tests.e2e.states import state_of

HERE = Path(__file__).resolve().parent / "broken"
PROJECT = HERE / "project"
AS_OF = "2026-11-25"
NEW, DEPLOYED = "new", "deployed"
REFUSED_INPUT = "does not match expression"
"""What azure-native, and the sandbox's, says of a name in its Check: the engine then asks no rule over the stack."""


Verdicts = frozenset[tuple[str, str, str]]
"""Rule, resource and what is said of it: a violation's message, or that it was not seen."""


@dataclass(frozen=True)
class Broken:
    """A stack that breaks a rule.

    Attributes:
        name: What is wrong with it.
        rule: The resources that each rule is there to find.
        resources: What the program registers.
        outputs: What it exports.
        config: Settings of rules.
    """

    name: str
    rule: Mapping[str, list[str]]
    resources: Mapping[str, Any]
    outputs: Mapping[str, Any]
    config: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.name


def stacks() -> Iterator[Broken]:
    """The sound stack, and all broken ones."""
    data = yaml.safe_load((HERE / "stacks.yaml").read_text())
    changes = {"sound": {"rule": {}}, **data["broken"]}
    for name, change in changes.items():
        resources = deepcopy(data["sound"])
        for other in change.get("add", ()):
            resources[other] = deepcopy(data["others"][other])
        for gone in change.get("remove", ()):
            del resources[gone]
        for path, value in change.get("set", {}).items():
            _set(resources, path, value)
        for path in change.get("unset", ()):
            holder, key = _holder(resources, path)
            del holder[key]
        text = json.dumps({"resources": resources, "outputs": change.get("outputs", {})})
        config = days(change.get("asOf", AS_OF))
        for rule, settings in change.get("config", {}).items():
            config[rule] = config.get(rule, {}) | settings
        yield Broken(name, change["rule"], **json.loads(text), config=config)


def days(day: str) -> dict[str, dict[str, Any]]:
    """Settings by which all rules that look at a calendar judge on one day."""
    return {rule.id: {"asOf": day} for rule in rules() if "asOf" in rule.config}


def _set(resources: Any, path: str, value: Any) -> None:
    holder, key = _holder(resources, path)
    holder[key] = value


def _holder(resources: Any, path: str) -> tuple[Any, Any]:
    if "/" in path:
        name, _, attribute = path.partition("/")
        return resources[name], attribute
    name, *keys = path.split(".")
    holder = resources[name]["props"]
    for key in keys[:-1]:
        holder = holder[int(key)] if isinstance(holder, list) else holder.setdefault(key, {})
    return holder, keys[-1]


@dataclass(frozen=True)
class Said:
    """What one way said.

    Attributes:
        violated: Violations, with their messages.
        unseen: What rules could not see.
    """

    violated: Verdicts
    unseen: Verdicts

    @property
    def places(self) -> frozenset[tuple[str, str]]:
        """Rule and resource of each violation."""
        return frozenset((rule, _name(resource)) for rule, resource, _ in self.violated)

    @property
    def blind(self) -> frozenset[tuple[str, str]]:
        """Rule and resource of everything that was not seen."""
        return frozenset((rule, _name(resource)) for rule, resource, _ in self.unseen)


def _name(resource: str) -> str:
    # The stack as a resource is called by the project and the stack.
    return resource.removesuffix(f"-{NEW}").removesuffix(f"-{DEPLOYED}")


@dataclass(frozen=True)
class Checked:
    """What the check without an engine came to.

    Attributes:
        said: Its verdicts.
        program: What the program asks for.
        refused: Whether a mandatory rule is violated: Azure would then refuse it, too.
    """

    said: Said
    program: Program
    refused: bool


class Ways:
    """The three ways, for the stacks of one project, in one sandbox.

    One Pulumi stack is never deployed, so that each preview is a first one; another goes from one deployment to the
    next.
    """

    def __init__(self, azure: Azure, folder: Path, pack: str, root: Path) -> None:
        self._folder = folder
        self._pack = pack
        self._root = root
        own = azure.status["environment"]
        path = os.pathsep.join([*map(str, engine.search_path(engine.find())), os.environ["PATH"]])
        self._env = {**scrubbed(os.environ), **own, "PATH": path, "PULUMI_DEBUG_COMMANDS": "true"}
        self._stack = folder / "Pulumi.dev.yaml"
        self._config = folder / "policy.json"
        init = folder / "init"
        init.mkdir()
        shutil.copy(root / "Pulumi.yaml", init)
        for stack in (NEW, DEPLOYED):
            # `stack init` writes a salt into the project's stack file.
            done = self.pulumi("stack", "init", stack, "--non-interactive", cwd=init)
            assert done.returncode == 0, done.stderr

    def prepare(self, config: Mapping[str, Any], policies: Mapping[str, Mapping[str, Any]]) -> None:
        """Give the stack and the pack their configuration."""
        self._stack.write_text(yaml.safe_dump({"config": dict(config)}))
        self._config.write_text(json.dumps(policies))
        self._policies_config = policies

    def spec(self, broken: Broken) -> dict[str, str]:
        """The configuration of a broken stack."""
        spec = self._folder / "spec.json"
        spec.write_text(json.dumps({"resources": broken.resources, "outputs": broken.outputs}))
        return {"broken:file": str(spec), "azure-native:location": "eastus2"}

    def check(self) -> Checked:
        """`azure-llama check`, in this process."""
        found = project.load(self._root, NEW, self._stack)
        program = plan(found)
        terms = judging.Terms(date.fromisoformat(AS_OF), self._policies_config, project=self._root)
        judged = judging.judge(program, terms)
        return Checked(
            Said(_verdicts(judged.violations), _verdicts(judged.unseen)),
            program,
            any(each.level is Level.MANDATORY for each in judged.violations),
        )

    def preview(self) -> tuple[Said, bool]:
        """`pulumi preview --policy-pack`; and whether the provider took all inputs, so that rules saw the whole."""
        log = self._folder / "preview.log"
        log.unlink(missing_ok=True)
        done = self.pulumi("preview", *self._common(NEW), *self._policies(), "--event-log", str(log))
        said = _events(log.read_text())
        assert done.returncode == 0 or said.violated, done.stdout + done.stderr
        return said, REFUSED_INPUT not in done.stdout

    def up(self) -> bool:
        """`pulumi up` without the pack, from whatever was deployed before; whether Azure takes the stack."""
        return self.pulumi("up", "--yes", "--skip-preview", *self._common(DEPLOYED)).returncode == 0

    def analyze(self, state: Path | None = None) -> Said:
        """`pulumi policy analyze` over the deployed stack, or over a state in a file."""
        where = ["--file", str(state)] if state else ["--stack", DEPLOYED]
        done = self.pulumi("policy", "analyze", *where, "--non-interactive", *self._policies(), "--json")
        assert "policyEvent" in done.stdout, done.stdout + done.stderr
        return _events(done.stdout)

    def state_file(self, program: Program) -> Path:
        """A state in which everything that the program asks for is there, as it was asked for."""
        path = self._folder / "state.json"
        path.write_text(json.dumps(state_of(program)))
        return path

    def pulumi(self, *arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run the CLI in the sandbox's environment."""
        return subprocess.run(
            ["pulumi", *arguments],
            cwd=cwd or self._root,
            env=self._env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def _common(self, stack: str) -> list[str]:
        return ["-s", stack, "--non-interactive", "--color", "never", "--config-file", str(self._stack)]

    def _policies(self) -> list[str]:
        return ["--policy-pack", self._pack, "--policy-pack-config", str(self._config)]


def _verdicts(findings: list[RuleFinding]) -> Verdicts:
    return frozenset((each.rule.id, each.verdict.resource.name, each.verdict.message) for each in findings)


def _events(text: str) -> Said:
    violated: set[tuple[str, str, str]] = set()
    unseen: set[tuple[str, str, str]] = set()
    for line in filter(None, text.splitlines()):
        event = json.loads(line).get("policyEvent")
        if event is None:
            continue
        rule, _, message = event["message"].split("\n", 1)[1].strip().partition(": ")
        resource = event["resourceUrn"].rsplit("::", 1)[1]
        assert "can't run policy" not in event["message"], event
        (unseen if event["policyName"] == "not-seen" else violated).add((rule, resource, message))
    return Said(frozenset(violated), frozenset(unseen))
