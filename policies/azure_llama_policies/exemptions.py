"""Exemptions: accepted violations, in `policy-exemptions.yaml` beside Pulumi.yaml.

    exemptions:
      - rule: managed-public-access
        target: llama-8b
        reason: callers come from a partner without a network of ours until the move in February
        expires: 2027-02-28
        owner: platform team

An exemption covers violations alone: what a rule could not evaluate stays so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError
from pydantic_core import ErrorDetails

from azure_llama.catalog import nearest
from azure_llama.catalog.overlay.schema import Day
from azure_llama.documents.errors import InputError
from azure_llama.documents.files import text_of
from azure_llama.documents.positions import Document, compose
from azure_llama.documents.problems import FileProblem, ValueProblem, show
from azure_llama_policies.ledger import FILE
from azure_llama_policies.registry import rules
from azure_llama_policies.resources import Resource

_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
_WAY_OUT = {
    "rule": "the rule's id",
    "target": "a glob over the resource's name, URN or type",
    "reason": "why the violation is accepted",
    "expires": "the last day that it holds, such as 2027-02-28",
    "owner": "who answers for it",
}
_KEYS = ", ".join(_WAY_OUT)


class ExemptionsError(InputError):
    """The exemptions cannot be used."""


class Exemption(BaseModel):
    """An accepted violation.

    Attributes:
        rule: Required. The rule's id.
        target: Required. A glob (`*`, `?`, `[..]`) over a resource's name in the program, its URN or its type.
        reason: Required. Why.
        expires: Required. The last day that it holds (UTC).
        owner: Required. Who answers for it.
        line: Where it stands in the file; from 1.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    rule: _Text
    target: _Text
    reason: _Text
    expires: Day
    owner: _Text
    line: int = 0

    def covers(self, rule: str, resource: Resource) -> bool:
        """Whether it is of a rule and a resource; its day is another question."""
        names = (resource.name, resource.urn, resource.type)
        return rule == self.rule and any(fnmatchcase(name, self.target) for name in names)

    def __str__(self) -> str:
        return f"{self.rule} for {self.target}, until {self.expires}, {self.owner}: {self.reason}"


def load(path: Path, known: Iterable[str] | None = None) -> tuple[Exemption, ...]:
    """The exemptions of a file.

    Args:
        path: Required. The file.
        known: Optional. Ids that a rule may have; those of all rules by default.

    Raises:
        ExemptionsError: it cannot be read, or has errors.
    """
    try:
        text = text_of(path, path.name)
    except InputError as error:
        raise ExemptionsError(error.problems) from None
    return parse(text, path.name, known)


def parse(text: str, name: str = FILE, known: Iterable[str] | None = None) -> tuple[Exemption, ...]:
    """The exemptions of a file's text.

    Args:
        text: Required. The text.
        name: Optional. What errors call the file.
        known: Optional. Ids that a rule may have; those of all rules by default.

    Raises:
        ExemptionsError: it has errors; the error has all of them.
    """
    ids = tuple(rule.id for rule in rules()) if known is None else tuple(known)
    try:
        document = compose(text, name, pulumi=False)
    except InputError as error:
        raise ExemptionsError(error.problems) from None
    found: list[Exemption] = []
    problems = [*document.repeated, *_shape(document)]
    for index, entry in enumerate(_entries(document.data)):
        place = ("exemptions", index)
        try:
            exemption = Exemption.model_validate(entry, strict=True)
        except ValidationError as error:
            found_here = map(_problem, error.errors(include_url=False))
            problems += [document.problem((*place, *keys), problem) for keys, problem in found_here]
            continue
        if exemption.rule not in ids:
            remedy = _near(exemption.rule, ids, "docs/rules/README.md lists them")
            problem = ValueProblem("is not a rule", remedy, show(exemption.rule))
            problems.append(document.problem((*place, "rule"), problem))
        found.append(exemption.model_copy(update={"line": document.line(place) or 0}))
    problems += _twice(name, found)
    if problems:
        raise ExemptionsError(problems)
    return tuple(found)


def _shape(document: Document) -> Iterator[FileProblem]:
    """What is wrong around the entries."""
    data = document.data
    if data is None:
        return
    if not isinstance(data, Mapping):
        yield document.problem((), ValueProblem("it is not a map", "write exemptions: and a list below it"))
        return
    for key in data:
        if key != "exemptions":
            yield document.problem((key,), ValueProblem("is not a key here", "write exemptions:"))
    if not isinstance(data.get("exemptions") or [], list):
        yield document.problem(("exemptions",), ValueProblem("it is not a list", "write one entry a dash"))


def _entries(data: Any) -> Sequence[Any]:
    entries = data.get("exemptions") if isinstance(data, Mapping) else None
    return entries if isinstance(entries, list) else ()


def _problem(error: ErrorDetails) -> tuple[tuple[str, ...], ValueProblem]:
    """The keys below an entry, and what is wrong there."""
    key = str(error["loc"][0]) if error["loc"] else ""
    if error["type"] == "missing":
        return (), ValueProblem(f"'{key}' is missing", f"write {_WAY_OUT[key]}")
    if error["type"] == "extra_forbidden":
        return (key,), ValueProblem("is not a key of an exemption", _near(key, _WAY_OUT, f"write {_KEYS}"))
    if not key:
        return (), ValueProblem("it is not a map", f"write {_KEYS}")
    remedy = f"write {_WAY_OUT.get(key, 'something else')}"
    return (key,), ValueProblem("is not valid", remedy, show(error["input"]))


def _near(text: str, names: Iterable[str], otherwise: str) -> str:
    near = nearest(text, names)
    return f"did you mean '{near}'?" if near else otherwise


def _twice(name: str, found: Sequence[Exemption]) -> Iterator[FileProblem]:
    counts = Counter((each.rule, each.target) for each in found)
    for each in found:
        if counts[each.rule, each.target] > 1:
            counts[each.rule, each.target] = 0
            rule = f"{each.rule} is exempted for {each.target} more than once"
            yield FileProblem(name, ValueProblem(rule, "keep one entry"), line=each.line)
