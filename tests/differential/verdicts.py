"""What is predicted of a stack, by rules and preflight, and what becomes of it in the sandbox."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import yaml

from azure_llama.check.judging import Terms, judge
from azure_llama.preflight import Status
from azure_llama.stack import project
from azure_llama.stack.program import Program, plan
from azure_llama_sandbox.world import SUBSCRIPTION, TENANT
from tests.conftest import ROOT
from tests.differential import around
from tests.differential.repair import Config, texts
from tests.inprocess.azure import Azure
from tests.inprocess.stack import Stack

_DEV = project.load(ROOT, "dev", None)
_CODE = re.compile(r'Code="?([A-Za-z]+)')


@dataclass(frozen=True)
class Accepted:
    """A disagreement that is accepted.

    Attributes:
        who, text: Match those of its predictions.
        unknown: What of Azure is unknown.
    """

    who: str
    text: str
    unknown: str


@cache
def accepted() -> tuple[Accepted, ...]:
    """The disagreements that are accepted."""
    rows = yaml.safe_load((Path(__file__).parent / "accepted.yaml").read_text())
    return tuple(Accepted(**row) for row in rows)


def _is_accepted(wrong: Prediction) -> bool:
    return any(reason.who == wrong.who and re.search(reason.text, wrong.text) for reason in accepted())


@dataclass(frozen=True)
class Prediction:
    """A refusal that is predicted, or that happened.

    Attributes:
        who: The rule `check managed-traffic`, the check `preflight quota`, or the type of the refused resource with
            Azure's code.
        text: What it says.
        subject: The Pulumi name of the refused resource.
    """

    who: str
    text: str
    subject: str = ""


@dataclass(frozen=True)
class Case:
    """A stack with its predictions and its outcome.

    Attributes:
        config: The stack.
        predicted: Refusals that rules and preflight predict.
        undecided: What they could not see: neither a pass nor a refusal.
        refusals: What the deployment failed with; empty when it succeeded.
    """

    config: Config
    predicted: tuple[Prediction, ...]
    undecided: tuple[Prediction, ...]
    refusals: tuple[Prediction, ...]

    @property
    def disagreements(self) -> tuple[str, ...]:
        """Signatures of what is wrong: who, and in which direction; without those that are accepted."""
        direction, wrong = "Azure takes what is refused by", self.predicted
        if self.refusals:
            open_ = (each for each in self.refusals if not self._left_open(each))
            direction, wrong = "nobody predicted", () if self.predicted else tuple(open_)
        return tuple(sorted({f"{direction} {each.who}" for each in wrong if not _is_accepted(each)}))

    def _left_open(self, refusal: Prediction) -> bool:
        """Whether the preflight reported what was refused as unknown, which is not a pass."""
        parts = re.findall(r"[^.\s:]+", refusal.subject)
        unknown = [each.text for each in self.undecided if each.who.startswith("preflight")]
        return any(all(part in text for part in parts) for text in unknown)

    def __str__(self) -> str:
        said = (*self.predicted, *self.undecided, *self.refusals)
        lines = [json.dumps(self.config, indent=1), *(f"{each.who}: {each.text}" for each in said)]
        return "\n".join([*lines, *self.disagreements])


def examine(azure: Azure, config: Config) -> Case:
    """Predict and deploy a stack, in a sandbox that is emptied first."""
    location = config["azure-native:location"]
    azure.fresh(location)
    around.put_up(azure, location, config)
    signed_in = {"azure-native:subscriptionId": SUBSCRIPTION, "azure-native:tenantId": TENANT}
    kept = {key: text for key, text in _DEV.config.items() if not key.startswith("azure-llama:")}
    stack = Stack(replace(_DEV, config=kept | signed_in | texts(config)), azure)
    program = plan(stack.project)
    predicted: list[Prediction] = []
    undecided: list[Prediction] = []
    for who, text, certain in (*_by_rules(stack, program), *_by_preflight(stack, program)):
        (predicted if certain else undecided).append(Prediction(who, text))
    run = stack.up()
    refusals = [Prediction(_refused(error), error, error.split()[1]) for error in run.errors]
    return Case(config, tuple(predicted), tuple(undecided), tuple(refusals))


def _by_rules(stack: Stack, program: Program) -> Iterator[tuple[str, str, bool]]:
    judgement = judge(program, Terms(stack.azure.clock.today(), project=ROOT))
    for findings, certain in ((judgement.violations, True), (judgement.unseen, False)):
        for finding in findings:
            if finding.rule.refused_with and not finding.rule.advice:
                yield f"check {finding.rule.id}", finding.verdict.message, certain


def _by_preflight(stack: Stack, program: Program) -> Iterator[tuple[str, str, bool]]:
    for run in stack.preflight(program).runs:
        for result in run.results:
            if result.status in (Status.FAIL, Status.UNKNOWN):
                yield f"preflight {run.name}", f"{result.subject}: {result.evidence}", result.status is Status.FAIL


def _refused(error: str) -> str:
    code = _CODE.search(error)
    return f"{error.split()[0]} {code[1] if code else error[:80]}"
