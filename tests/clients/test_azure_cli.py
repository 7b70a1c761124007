"""azure-cli on the dev stack: the commands of ../shared/clients/az-commands.txt, those that failed once included."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
import yaml

from azure_llama_sandbox.identity import Application
from azure_llama_sandbox.principals import principals
from azure_llama_sandbox.world import SUBSCRIPTION, TENANT
from tests.clients.harness import Client, Report, in_this_month
from tests.conftest import ROOT
from tests.e2e.harness import Azure

pytestmark = pytest.mark.clients
FOLDER = Path(__file__).parent / "azure_cli"
COMMANDS = ROOT.parent / "shared" / "clients" / "az-commands.txt"
PLAN: Mapping[str, Any] = yaml.safe_load((FOLDER / "commands.yaml").read_text())
GROUPS = f"/subscriptions/{SUBSCRIPTION}/resourceGroups"
OBJECT_IDS = re.compile("4b438045-ddba-4371-831f-36ef76e8caf6")
CLIENT_IDS = re.compile("123bb983-50af-45d3-9feb-76d20165605b|dbaaee12-b381-48ee-9943-6f80ff47ca48")
ROLE = "072e23c2-5fc9-4078-8495-6c7bba089ed1"
"""The custom role that the recorded run created."""


@dataclass(frozen=True)
class Command:
    """A line of the file: a command without its `az`, and what was recorded."""

    text: str
    worked: bool
    answer: str

    def matches(self, patterns: Mapping[str, list[str]]) -> bool:
        """Whether it is one of those that are listed by reason."""
        return any(re.search(each, self.text) for listed in patterns.values() for each in listed)

    @property
    def phases(self) -> list[int]:
        """When it is run."""
        phases = list(enumerate(PLAN["phases"]))
        matching = [index for index, each in phases if each != "reads" and re.search(each, self.text)]
        return matching or [PLAN["phases"].index("reads")]

    @property
    def principal(self) -> str:
        """Who runs it: `team` has a role on one group only."""
        if "Subscription '..." in self.answer or "No subscriptions found" in self.answer:
            return "team"
        return "machine" if self.text.startswith("login --identity") else "owner"

    @property
    def arguments(self) -> list[str]:
        """Its arguments."""
        arguments: list[str] = []
        joining = False
        for word in self.text.split(" "):
            option = word.startswith("-") and len(word) > 1
            if joining and not option and not arguments[-1].startswith("-"):
                arguments[-1] += f" {word}"
            else:
                arguments.append(word)
            joining = word in PLAN["joined"] if option else joining
        return arguments


class Session:
    """azure-cli of one principal, which is signed in."""

    def __init__(self, azure: Azure, command: list[str], application: Application, folder: Path) -> None:
        self.application = application
        run = azure.command("exec", "--principal", application.name, "--", *command, str(FOLDER / "driver.py"))
        self._process = subprocess.Popen(
            run, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=folder
        )
        if application.name != "machine":
            secret = ("-u", application.client_id, "-p", application.secret)
            signed_in = self.run(["login", "--service-principal", *secret, "--tenant", TENANT])
            assert signed_in["code"] == 0, signed_in["error"]

    def run(self, arguments: list[str]) -> dict[str, Any]:
        """Run a command: its `code`, `output` and `error`."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(json.dumps([self._filled(each) for each in arguments]) + "\n")
        stdin.flush()
        answer: dict[str, Any] = json.loads(stdout.readline())
        return answer

    @cached_property
    def _role(self) -> str:
        answer = self.run(["role", "definition", "list", "--name", "cli role", "--query", "[0].name", "-o", "tsv"])
        return str(answer["output"]).strip()

    def _filled(self, argument: str) -> str:
        values = {
            "$SUBSCRIPTION": SUBSCRIPTION,
            "$TENANT": TENANT,
            "$AZURE_CLIENT_ID": self.application.client_id,
            "$AZURE_CLIENT_SECRET": self.application.secret,
            "$FEDERATED_TOKEN": "any text, of the owner",
        }
        for name, value in values.items():
            argument = argument.replace(name, value)
        if ROLE in argument:
            argument = argument.replace(ROLE, self._role)
        argument = CLIENT_IDS.sub(self.application.client_id, argument)
        return in_this_month(OBJECT_IDS.sub(self.application.object_id, argument))

    def close(self) -> None:
        """End it."""
        self._process.communicate(timeout=20)


@pytest.fixture(scope="module")
def sessions(deployed: Azure, client: Client, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Session]]:
    """azure-cli of each principal, on the deployed dev stack."""
    if not COMMANDS.is_file():
        pytest.skip("the recorded commands are not beside this checkout (../shared/clients)")
    command = client("azure_cli")
    deployed.put(f"{GROUPS}/rg-llama-max", {"location": "eastus2"}, "2024-03-01")
    scope = f"{GROUPS}/rg-llama-dev-eastus2"
    deployed.cli("principal", "create", "team", "--role", "Contributor", "--scope", scope)
    deployed.cli("principal", "create", "machine", "--sign-in", "managed-identity", "--role", "Reader")
    folder = tmp_path_factory.mktemp("templates")
    for name in ("tmpl.json", "tmpl2.json"):
        shutil.copy(FOLDER / "template.json", folder / name)
    applications = {each.name: each for each in principals(deployed.home)}
    names = ("owner", "team", "machine")
    opened = {name: Session(deployed, command, applications[name], folder) for name in names}
    yield opened
    for each in opened.values():
        each.close()


FOUNDRY = ("-n", "azcli-llama", "-g", "foundry-cli")
MODEL = ("--model-format", "Meta", "--model-name", "Llama-3.3-70B-Instruct", "--model-version", "5")
LIFE = (
    ["group", "create", "-n", "foundry-cli", "-l", "swedencentral"],
    [
        *("cognitiveservices", "account", "create", *FOUNDRY, "-l", "swedencentral", "--kind", "AIServices", "--yes"),
        *("--sku", "S0", "--custom-domain", "azcli-llama"),
    ],
    ["cognitiveservices", "account", "list-models", *FOUNDRY, "--query", "[].name"],
    ["cognitiveservices", "account", "list-usage", *FOUNDRY],
    [
        *("cognitiveservices", "account", "deployment", "create", *FOUNDRY, "--deployment-name", "chat", *MODEL),
        *("--sku-name", "GlobalStandard", "--sku-capacity", "2"),
    ],
    ["cognitiveservices", "account", "deployment", "list", *FOUNDRY],
    ["cognitiveservices", "account", "deployment", "delete", *FOUNDRY, "--deployment-name", "chat"],
    ["cognitiveservices", "account", "delete", *FOUNDRY],
    ["cognitiveservices", "account", "list-deleted"],
    ["cognitiveservices", "account", "recover", *FOUNDRY, "-l", "swedencentral"],
    ["cognitiveservices", "account", "show", *FOUNDRY],
    ["cognitiveservices", "account", "delete", *FOUNDRY],
    ["cognitiveservices", "account", "purge", *FOUNDRY, "-l", "swedencentral"],
    ["cognitiveservices", "account", "show-deleted", *FOUNDRY, "-l", "swedencentral"],
)
"""What azure-cli does with a Foundry account; the last command finds nothing."""


def test_the_life_of_a_foundry_account(sessions: dict[str, Session], report: Report) -> None:
    answers = [(command, sessions["owner"].run(command)) for command in LIFE]
    failed = {" ".join(command): answer["error"].strip() for command, answer in answers if answer["code"]}
    report(f"azure-cli: {len(LIFE) - len(failed)} of {len(LIFE)} steps of a Foundry account succeed")
    assert len(failed) == 1, failed
    assert "DeletedAccountNotFound" in failed[" ".join(LIFE[-1])]
    output = {command[2]: answer["output"] for command, answer in answers if command[0] == "cognitiveservices"}
    assert "Llama-3.3-70B-Instruct" in output["list-models"]
    assert "azcli-llama" in output["show"]


def recorded() -> list[Command]:
    """The commands of the file."""
    commands = []
    for line in COMMANDS.read_text().splitlines():
        if not line.startswith("#"):
            outcome, text, *answer = line.split(" | ", 2)
            commands.append(Command(text.strip().removeprefix("az "), outcome.strip() == "ok", "".join(answer)))
    return commands


def test_commands_fail_only_where_that_is_known(sessions: dict[str, Session], report: Report) -> None:
    commands = [Command(text, True, "") for text in PLAN["added"]]
    commands += [each for each in recorded() if not each.matches(PLAN["not-run"])]
    failed: dict[str, str] = {}
    for phase in range(len(PLAN["phases"])):
        for command in (each for each in commands if phase in each.phases):
            answer = sessions[command.principal].run(command.arguments)
            if answer["code"]:
                failed[command.text] = answer["error"].strip()
    fixed = [each for each in commands if not each.worked and each.text not in failed]
    report(
        f"azure-cli: {len(commands) - len(PLAN['added']) - len(failed)} of {len(recorded())} commands succeed,"
        f" among them {len(fixed)} of {sum(not each.worked for each in recorded())} that failed on the sandbox of 0.1"
    )
    known = {each.text for each in commands if each.matches(PLAN["fail"])}
    assert {text: error for text, error in failed.items() if text not in known} == {}
    assert known - set(failed) == set(), "these succeed: remove them from commands.yaml"
