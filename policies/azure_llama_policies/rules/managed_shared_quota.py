"""`managed-shared-quota`: an endpoint on Azure's shared quota is removed before Azure deletes it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date
from email.utils import parsedate_to_datetime

from azure_llama.catalog.limits import SHARED_QUOTA_HOURS
from azure_llama_policies.example import Example
from azure_llama_policies.managed import ENDPOINT_TYPES, Statement, each_endpoint
from azure_llama_policies.resources import NotApplicableError, NotSeenError, Stack
from azure_llama_policies.rule import Accepted, Context, Finding, Level, Severity, StackRule, Violation, warn_days

_MAP = "properties.properties"
_SHARED = "SharedComputeCapacityEnabled"
_UNTIL = "TargetAutoDeletionTime"


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    """One violation for each endpoint whose end is near or past."""
    yield from each_endpoint(stack, lambda stated: _judge(stated, context))


def _judge(stated: Statement, context: Context) -> Iterator[Violation]:
    shared = stated.resource.value(stated.path(f"{_MAP}.{_SHARED}"))
    if str(shared).casefold() != "true":
        raise NotApplicableError("it does not run on shared quota")
    path = stated.path(f"{_MAP}.{_UNTIL}")
    until, day = _day(stated, path), context.as_of
    left = (until - day).days
    if left < 0:
        yield Violation(
            f"{stated.subject}: it runs on shared quota until {until}, which is past: Azure deletes it; take it out of "
            "the stack, or give it quota of its own",
            path,
        )
    elif left <= context.config["warnDays"]:
        yield Violation(
            f"{stated.subject}: it runs on shared quota until {until}, in {left} days, and Azure then deletes it; move "
            "its callers",
            path,
        )
    elif left > SHARED_QUOTA_HOURS.high / 24:
        yield Violation(
            f"{stated.subject}: it is to run on shared quota until {until}, and Azure gives it "
            f"{SHARED_QUOTA_HOURS.high} hours",
            path,
        )


def _day(stated: Statement, path: str) -> date:
    given = stated.resource.value(path)
    try:
        return parsedate_to_datetime(str(given)).astimezone(UTC).date()
    except (TypeError, ValueError, IndexError, OverflowError):
        raise NotSeenError(f"{stated.subject}: when Azure deletes it is unknown: '{path}' is {given}", path) from None


RULE = StackRule(
    id="managed-shared-quota",
    title="A managed endpoint on shared quota is removed before Azure deletes it.",
    what="The day on which Azure deletes each managed endpoint that runs on its shared quota.",
    why="Azure's shared quota is for tests: 168 hours after its creation the endpoint is deleted, callers or not.",
    fix="Move the callers to an endpoint with quota of its own, and take this one out of the stack.",
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,
    advice=True,
    sources=("article-2024-11", "hearsay"),
    types=ENDPOINT_TYPES,
    config=warn_days(2, "the deletion", 0, 7),
    azure=Accepted.LIFECYCLE,
    check=check,
    example=Example(
        noncompliant="""\
azure-llama:managed:
  llama-8b:
    sharedQuota: {since: "2026-11-18T18:00:00Z"}  # violated from 2026-11-23 on
    deployments:
      blue: {model: Meta-Llama-3.1-8B-Instruct, vmSize: Standard_NC24ads_A100_v4}
""",
        compliant="""\
azure-llama:managed:
  llama-8b:
    sharedQuota: {since: "2026-11-24T18:00:00Z"}
    deployments:
      blue: {model: Meta-Llama-3.1-8B-Instruct, vmSize: Standard_NC24ads_A100_v4}
""",
        settings={"asOf": "2026-11-25"},
    ),
    notes="How ARM is given shared quota is not documented; the two properties that are read here come from a third "
    "party's template.",
)
