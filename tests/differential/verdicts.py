"""What is predicted of a stack, by rules and preflight, and what becomes of it in the sandbox."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import yaml

from azure_llama.check.judging import Terms, judge
from azure_llama.preflight import Status
from azure_llama.stack import project
from azure_llama.stack.planned import plan_stack
from azure_llama.stack.program import Program, plan
from azure_llama_sandbox.world import SUBSCRIPTION, TENANT
from tests.conftest import ROOT
from tests.differential import around, circumstances
from tests.differential.reasons import Prediction, Refusal, of_rule
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


def _is_accepted(wrong: Prediction | Refusal) -> bool:
    return any(reason.who == wrong.who and re.search(reason.text, wrong.text) for reason in accepted())


@dataclass(frozen=True)
class Case:
    """A stack with its predictions and its outcome.

    Attributes:
        config: The stack.
        circumstances: Those in Azure, as `circumstances` draws them.
        predicted: Refusals that rules and preflight predict.
        undecided: What they could not see: neither a pass nor a refusal.
        refusals: What the deployment failed with; empty when it succeeded.
    """

    config: Config
    circumstances: Config
    predicted: tuple[Prediction, ...]
    undecided: tuple[Prediction, ...]
    refusals: tuple[Refusal, ...]

    @property
    def disagreements(self) -> tuple[str, ...]:
        """Signatures of what is wrong: who, and in which direction; without those that are accepted."""
        if not self.refusals:
            return _signatures("Azure takes what is refused by", self.predicted)
        unexplained = [each for each in self.refusals if not self._left_open(each) and not self._explained(each)]
        return _signatures(
            "refused for another reason than predicted" if self.predicted else "nobody predicted", unexplained
        )

    def _explained(self, refusal: Refusal) -> bool:
        return any(each.explains(refusal) for each in self.predicted)

    def _left_open(self, refusal: Refusal) -> bool:
        """Whether the preflight reported what was refused as unknown, which is not a pass."""
        unknown = [each.text for each in self.undecided if each.who.startswith("preflight")]
        return any(all(part in text for part in refusal.parts) for text in unknown)

    def __str__(self) -> str:
        said: tuple[Prediction | Refusal, ...] = (*self.predicted, *self.undecided, *self.refusals)
        stack, in_azure = (json.dumps(each, indent=1) for each in (self.config, self.circumstances))
        lines = [stack, f"circumstances: {in_azure}", *(f"{each.who}: {each.text}" for each in said)]
        return "\n".join([*lines, *self.disagreements])


def _signatures(direction: str, wrong: Iterable[Prediction | Refusal]) -> tuple[str, ...]:
    return tuple(sorted({f"{direction} {each.who}" for each in wrong if not _is_accepted(each)}))


def put(azure: Azure, config: Config, drawn: Config | None = None) -> Stack:
    """A stack in a sandbox that is emptied first, but for what the stack and its circumstances name."""
    location = config["azure-native:location"]
    azure.fresh(location)
    around.put_up(azure, location, json.dumps(config) + circumstances.named(drawn or {}))
    signed_in = {"azure-native:subscriptionId": SUBSCRIPTION, "azure-native:tenantId": TENANT}
    kept = {key: text for key, text in _DEV.config.items() if not key.startswith("azure-llama:")}
    return Stack(replace(_DEV, config=kept | signed_in | texts(config)), azure)


def examine(azure: Azure, config: Config, drawn: Config | None = None) -> Case:
    """Predict and deploy a stack, in the circumstances that were drawn for it."""
    drawn = drawn or {}
    stack = put(azure, config, drawn)
    program = plan(stack.project)
    if drawn:
        planned = plan_stack(stack.project, SUBSCRIPTION, TENANT, program=program)
        circumstances.bring_about(azure, drawn, planned.resources, config)
    found = (*_by_rules(stack, program), *_by_preflight(stack, program))
    predicted = tuple(prediction for prediction, certain in found if certain)
    undecided = tuple(prediction for prediction, certain in found if not certain)
    return Case(config, drawn, predicted, undecided, tuple(map(_refusal, stack.up().errors)))


def _by_rules(stack: Stack, program: Program) -> Iterator[tuple[Prediction, bool]]:
    judgement = judge(program, Terms(stack.azure.clock.today(), project=ROOT))
    for findings, certain in ((judgement.violations, True), (judgement.unseen, False)):
        for finding in findings:
            if finding.rule.refused_with and not finding.rule.advice:
                yield of_rule(finding), certain


def _by_preflight(stack: Stack, program: Program) -> Iterator[tuple[Prediction, bool]]:
    for run in stack.preflight(program).runs:
        for result in run.results:
            if result.status in (Status.FAIL, Status.UNKNOWN):
                text = f"{result.subject}: {result.evidence}"
                yield Prediction(f"preflight {run.name}", text), result.status is Status.FAIL


def _refusal(error: str) -> Refusal:
    code = _CODE.search(error)
    type_, subject, *_ = error.split()
    return Refusal(type_, code[1] if code else "no code", subject.removesuffix(":"), error)
