"""Evaluates the rules on a stack without an engine, an account or a network: `azure-llama check`."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from azure_llama.cli.errors import FAILED
from azure_llama.cli.options import FILE, as_of_option, format_option, stack_options, value_option

if TYPE_CHECKING:
    from azure_llama.check.report import Costs, Report
    from azure_llama.stack.project import Project
    from azure_llama_policies.ledger import Ledger
    from azure_llama_policies.rule import Level

_QUOTA = ("managed-quota", "foundry-quota")
"""The rules that read a quota snapshot."""
_EXEMPTIONS = "policy-exemptions.yaml"


@click.command()
@stack_options
@value_option
@format_option(
    *("table", "markdown", "json", "sarif", "junit"),
    text="The report's form: markdown is made for a comment on a pull request, sarif for code scanning.",
)
@click.option("--output", "-o", type=FILE, help="Write the report to this file.  [default: stdout]")
@click.option("--strict", is_flag=True, help="Also fail when a rule could not be evaluated.")
@as_of_option("Judge as on this day (YYYY-MM-DD).  [default: today, UTC]")
@click.option(
    "--policy-config",
    type=FILE,
    help="Levels and settings of rules: the file that you pass to pulumi as --policy-pack-config, validated strictly.",
)
@click.option(
    "--exemptions",
    type=FILE,
    help="Accepted violations.  [default: policy-exemptions.yaml beside Pulumi.yaml, if there is one]",
)
@click.option(
    "--quota", type=FILE, help="The quota snapshot of the region.  [default: the project's snapshot, if there is one]"
)
def check(form: str, output: Path | None, **asked: Any) -> None:
    """Check a stack against the rules of the policy pack, as a first `pulumi preview` would.

    Runs the program with its configuration, without the Pulumi CLI, credentials or network. Values that only Azure
    knows are unknown; a rule that needs one is reported as not evaluated.

    Exit codes: 0 no violation (warnings do not count), 1 violations, errors of the configuration or the program (no
    rule is then evaluated), or with --strict a rule that was not evaluated, 2 wrong usage: an option, or a file that
    cannot be read.
    """
    report = _check(_Asked(**asked), priced=form not in ("sarif", "junit"))
    _show(report, form, output)
    sys.exit(0 if report.ok else FAILED)


@dataclass(frozen=True)
class _Asked:
    """The stack to check, and the rules to check it with."""

    directory: Path
    stack: str | None
    config_file: Path | None
    strict: bool
    as_of: date
    policy_config: Path | None
    exemptions: Path | None
    quota: Path | None
    given: Mapping[str, Any]


def _check(asked: _Asked, *, priced: bool) -> Report:
    from azure_llama.catalog.overlay import FILE as OVERLAY
    from azure_llama.check import checking, configuration, judging
    from azure_llama.documents.files import check_readable
    from azure_llama.stack import project
    from azure_llama.stack.identity import identify
    from azure_llama.stack.program import plan

    identity = identify(asked.directory, asked.stack, asked.config_file)
    for path in (asked.policy_config, asked.exemptions, asked.quota):
        if path is not None:
            check_readable(path)
    quota = _snapshot(asked.quota) if asked.quota else None
    stack = configuration.stack_resource(identity.name, identity.stack)
    errors = configuration.ConfigurationErrors(identity.root, stack, identity.file)
    with errors.of(configuration.POLICIES, asked.policy_config):
        levels, settings = _configuration(asked.policy_config)
    with errors.of(configuration.EXEMPTIONS, asked.exemptions or identity.root / _EXEMPTIONS):
        ledger = _ledger(asked.exemptions, identity.root, asked.as_of)
    with errors.of(configuration.FILES):
        found = project.load(asked.directory, asked.stack, asked.config_file, asked.given)
        with errors.of(configuration.CATALOG, identity.root / OVERLAY):
            catalog = found.catalog
            with errors.of(configuration.VALUES):
                program = plan(found)
    if errors.findings:
        return checking.unevaluated(identity, errors, asked.as_of, strict=asked.strict)
    if quota is not None:
        settings = {**settings, **{rule: {**settings.get(rule, {}), "snapshot": str(quota)} for rule in _QUOTA}}
    terms = judging.Terms(asked.as_of, settings, levels, identity.root, ledger, catalog)
    return checking.check(found, terms, program=program, strict=asked.strict, costs=_costs if priced else None)


def _configuration(path: Path | None) -> tuple[Mapping[str, Level | None], Mapping[str, Mapping[str, Any]]]:
    if path is None:
        return {}, {}
    from azure_llama_policies import configuration

    found = configuration.load(path)
    return found.levels, found.settings


def _ledger(given: Path | None, root: Path, today: date) -> Ledger | None:
    path = given or root / _EXEMPTIONS
    if given is None and not path.exists():
        return None
    from azure_llama_policies import exemptions, ledger

    return ledger.Ledger(exemptions.load(path), today)


def _snapshot(path: Path) -> Path:
    """The path of a valid quota snapshot. A file that was named explicitly and is invalid is an error."""
    from azure_llama.catalog.quota_snapshot import QuotaSnapshotError, load
    from azure_llama.documents.errors import InputError

    try:
        load(path)
    except QuotaSnapshotError as error:
        remedy = "`azure-llama quota show --save FILE` writes one"
        raise InputError([*error.problems, f"{path}: is no quota snapshot; {remedy}"]) from None
    return path.resolve()


def _costs(project: Project) -> Costs | None:
    """The monthly cost of a stack of this package; None for the stack of another program."""
    import json

    from azure_llama import pricing
    from azure_llama.check.report import Costs
    from azure_llama.documents.errors import InputError
    from azure_llama.pricing.reports import summary
    from azure_llama.stack.settings import load_known

    if not any(key.startswith("azure-llama:") for key in project.config):
        return None
    try:
        estimate = pricing.estimate(load_known(project)[0])
    except InputError:
        return None
    return Costs(json.loads(pricing.as_json(estimate)), pricing.as_markdown(estimate), summary(estimate))


def _show(report: Report, form: str, output: Path | None) -> None:
    from azure_llama.check.reports import FORMS

    if output is None and form == "table" and sys.stdout.isatty():
        from azure_llama.check.reports.terminal import show

        show(report)
        return
    text = FORMS[form](report)
    if output is None:
        click.echo(text.rstrip("\n"))
        return
    from azure_llama.documents.files import write_text

    write_text(output, text if text.endswith("\n") else f"{text}\n")
    from azure_llama.check.reports.lines import summary

    click.echo(summary(report), err=True)
