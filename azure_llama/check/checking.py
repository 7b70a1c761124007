"""Runs a whole check: runs the program, evaluates the rules, and locates findings in the stack's YAML."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from azure_llama.check.configuration import NOT_EVALUATED, ConfigurationErrors
from azure_llama.check.judging import Judgement, RuleFinding, Terms, judge
from azure_llama.check.kinds import KINDS, EndpointPlaces
from azure_llama.check.places import Places
from azure_llama.check.report import Costs, Item, Report
from azure_llama.documents.errors import InputError
from azure_llama.documents.positions import Place
from azure_llama.stack import unknown
from azure_llama.stack.identity import Identity
from azure_llama.stack.program import Program, plan
from azure_llama.stack.project import Project
from azure_llama_policies.reports import EXEMPTED, EXEMPTIONS_VALID, NOT_SEEN, REPORTS
from azure_llama_policies.resource_types import STACK
from azure_llama_policies.rule import Level, Resource

_NOT_RESOURCES = (STACK, "pulumi:providers:")


def check(
    project: Project,
    terms: Terms,
    *,
    program: Program | None = None,
    strict: bool = False,
    costs: Callable[[Project], Costs | None] | None = None,
    kinds: Mapping[str, EndpointPlaces] = KINDS,
) -> Report:
    """Check a project's stack.

    Args:
        project: Required. The project with its stack.
        terms: Required. How to judge.
        program: Optional. What its program asks for; the program is run when None.
        strict: Optional. Whether what could not be seen fails the check.
        costs: Optional. Estimates the stack's costs.
        kinds: Optional. Where the YAML decides the endpoints of each kind, by its name.

    Raises:
        InputError: the program fails, or the terms are wrong.
    """
    program = program or plan(project)
    judgement = _judge(program, terms)
    not_seen = terms.levels.get(NOT_SEEN, REPORTS[NOT_SEEN])
    places, prefix = Places(project, kinds), repository_path(project.root)
    items = {id(finding): _item(finding, places, prefix) for finding in _readable(judgement)}
    return Report(
        project=project.name,
        stack=project.stack,
        strict=strict or not_seen is Level.MANDATORY,
        resources=_azure_resources(program),
        judgement=judgement,
        violations=sorted((items[id(finding)] for finding in judgement.violations), key=lambda item: not item.failing),
        unseen=[items[id(finding)] for finding in judgement.unseen] if strict or not_seen else (),
        exempted=[replace(_item(each, places, prefix), waiver=waiver) for each, waiver in judgement.exempted],
        costs=costs(project) if costs else None,
        notes=notes(project, program),
        **_by_terms(terms),
    )


def _by_terms(terms: Terms) -> dict[str, Any]:
    """The report's day, what it says of exemptions, and whether these decide the outcome."""
    return {
        "day": terms.today,
        "expired": terms.ledger.expired if terms.ledger else (),
        "unused": terms.ledger.unused if terms.ledger else (),
        "lenient": terms.levels.get(EXEMPTIONS_VALID, REPORTS[EXEMPTIONS_VALID]) is not Level.MANDATORY,
        "merciless": terms.levels.get(EXEMPTED, REPORTS[EXEMPTED]) is Level.MANDATORY,
    }


def unevaluated(identity: Identity, errors: ConfigurationErrors, day: date, *, strict: bool = False) -> Report:
    """The report of a stack whose configuration has errors: the errors are its findings, and no rule was evaluated."""
    prefix = repository_path(identity.root)
    findings = [finding for finding, _ in errors.findings]
    return Report(
        project=identity.name,
        stack=identity.stack,
        day=day,
        strict=strict,
        resources=(),
        judgement=Judgement(violations=findings, verdicts=findings),
        violations=[Item(finding, _from_repository(place, prefix)) for finding, place in errors.findings],
        notes=(NOT_EVALUATED,),
        evaluated=False,
    )


def _judge(program: Program, terms: Terms) -> Judgement:
    try:
        return judge(program, terms)
    except ValueError as error:
        raise InputError(str(error)) from error


def _azure_resources(program: Program) -> list[Resource]:
    """The resources of a program without its components, its providers and the stack."""
    return [
        resource
        for resource in program.resources
        if resource.urn not in program.components and not resource.type.startswith(_NOT_RESOURCES)
    ]


def repository_path(root: Path) -> str:
    """The project's folder, seen from the root of the repository that it is in; empty for the root itself."""
    folder = root.resolve()
    for each in (folder, *folder.parents):
        if (each / ".git").exists():
            path = folder.relative_to(each).as_posix()
            return "" if path == "." else path
    return ""


def notes(project: Project, program: Program) -> Sequence[str]:
    """Notes that accompany the report."""
    found = [f"the program says: {text}" for text in program.warnings]
    if unknown_values := unknown.note(project):
        found.append(unknown_values)
    calls = sorted(set(program.calls))
    if calls:
        found.append(f"only Azure can answer {', '.join(calls)}: their results are not seen")
    return found


def _readable(judgement: Judgement) -> Sequence[RuleFinding]:
    return [*judgement.violations, *judgement.unseen]


def _item(finding: RuleFinding, places: Places, prefix: str) -> Item:
    place = places.of(finding.verdict.resource, finding.verdict.path)
    return Item(finding, _from_repository(place, prefix))


def _from_repository(place: Place, prefix: str) -> Place:
    absolute = place.file.startswith(("/", ".."))
    return place if not prefix or absolute else replace(place, file=f"{prefix}/{place.file}")
