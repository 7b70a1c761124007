"""Whether a prediction gives the reason for which Azure refused: a lucky prediction hides a gap."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from azure_llama.check.judging import RuleFinding
from azure_llama_policies.rule import ResourceRule

_AZURE = "azure-native:"


@dataclass(frozen=True)
class Reason:
    """A kind of refusal. An attribute that is empty fits all.

    Attributes:
        types: Types of the refused resource.
        codes: Azure's codes.
        says: A regular expression over Azure's text.
    """

    types: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    says: str = ""

    def fits(self, refusal: Refusal) -> bool:
        """Whether a refusal is of this kind."""
        here = (not self.types or refusal.type in self.types) and (not self.codes or refusal.code in self.codes)
        return here and re.search(self.says, refusal.text) is not None


@dataclass(frozen=True)
class Refusal:
    """What a deployment failed with.

    Attributes:
        type: The type of the refused resource.
        code: Azure's code; `no code` where there is none.
        subject: The Pulumi name of the resource.
        text: The whole error.
    """

    type: str
    code: str
    subject: str
    text: str

    @property
    def who(self) -> str:
        """Its signature."""
        return f"{self.type} {self.code}"

    @property
    def parts(self) -> tuple[str, ...]:
        """The names that its subject consists of."""
        return tuple(re.findall(r"[^.\s]+", self.subject))


@dataclass(frozen=True)
class Prediction:
    """A refusal that a rule or a check predicts, or leaves open.

    Attributes:
        who: The rule `check managed-traffic`, or the check `preflight quota`.
        text: What it says.
        own: The refusal that the rule states.
        subject: The Pulumi name of the resource that the rule judged; empty for one that judges several together.
    """

    who: str
    text: str
    own: Reason | None = None
    subject: str = ""

    def explains(self, refusal: Refusal) -> bool:
        """Whether Azure refused for this reason."""
        if self.own is not None and self.own.fits(refusal) and self.subject in ("", refusal.subject):
            return True
        return any(reason.fits(refusal) for reason in _reasons().get(self.who, ())) and self.names(refusal)

    def names(self, refusal: Refusal) -> bool:
        """Whether prediction and refusal name the same."""
        quoted = {text.casefold() for text in re.findall(r"'([^']+)'", self.text)}
        subject = re.sub(r" in \w+$", "", self.text.partition(": ")[0])
        quoted.add(subject.rsplit(" ", 1)[-1].casefold())
        quoted |= {f"'{text.rsplit('/', 1)[-1]}'" for text in quoted if text.startswith("/")}
        return all(part in self.text for part in refusal.parts) or any(
            text in refusal.text.casefold() for text in quoted
        )


def of_rule(finding: RuleFinding) -> Prediction:
    """What a finding predicts."""
    rule, verdict = finding.rule, finding.verdict
    subject = verdict.resource.name if isinstance(rule, ResourceRule) else ""
    own = Reason(tuple(rule.types), rule.refused_with)
    return Prediction(f"check {rule.id}", verdict.message, own, subject)


@cache
def _reasons() -> Mapping[str, tuple[Reason, ...]]:
    table: Mapping[str, list[dict[str, Any]]] = yaml.safe_load((Path(__file__).parent / "reasons.yaml").read_text())
    return {who: tuple(map(_reason, rows)) for who, rows in table.items()}


def _reason(row: Mapping[str, Any]) -> Reason:
    types = tuple(f"{_AZURE}{each}" for each in row.get("types", ()))
    return Reason(types, tuple(row.get("codes", ())), row.get("says", ""))
