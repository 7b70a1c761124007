"""Runs all checks concurrently."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from azure_llama.arm import ArmError, ForbiddenError
from azure_llama.preflight.checks import CHECKS, SIGN_IN, Check
from azure_llama.preflight.plan import Plan
from azure_llama.preflight.reader import Reader, now
from azure_llama.preflight.results import NOT_SIGNED_IN, CheckRun, Report, Result, unknown

Progress = Callable[[CheckRun], None]


async def run(
    plan: Plan,
    azure: Reader,
    *,
    who: str,
    progress: Progress | None = None,
    checks: Sequence[Check] = CHECKS,
    taken: datetime | None = None,
) -> Report:
    """Run checks, all at once.

    Args:
        plan: Required. What is to be deployed.
        azure: Required. Whom to ask.
        who: Required. How the caller signed in.
        progress: Optional. Told of each check that has ended.
        checks: Optional. All when left out.
        taken: Optional. When the answers were saved; None when Azure gives them now.
    """
    begun, moment = time.perf_counter(), now()
    runs = await asyncio.gather(*(_run(check, plan, azure, progress) for check in checks))
    seconds = time.perf_counter() - begun
    runs = _without_repeats(runs, await _sign_in_failure(azure))
    return Report(
        tuple(runs), seconds, plan.subscription, plan.region, who, taken or moment, now(), saved=taken is not None
    )


async def _sign_in_failure(azure: Reader) -> str | None:
    """Why there is no token, as `_run` words it; None when there is one."""
    try:
        await azure.signed_in()
    except ArmError as error:
        return f"{error.reason}: {error}"
    return None


def _without_repeats(runs: Sequence[CheckRun], failure: str | None) -> list[CheckRun]:
    """The runs with the reason for a failed sign-in in that check alone."""
    if failure is None:
        return list(runs)
    return [
        run if run.name == SIGN_IN else replace(run, results=tuple(_short(result, failure) for result in run.results))
        for run in runs
    ]


def _short(result: Result, failure: str) -> Result:
    return replace(result, evidence=result.evidence.replace(failure, NOT_SIGNED_IN))


async def _run(check: Check, plan: Plan, azure: Reader, progress: Progress | None) -> CheckRun:
    begun = time.perf_counter()
    try:
        results = await check.ask(plan, azure)
    except ForbiddenError as error:
        results = [unknown(check.name, f"forbidden: {error}", _permission(plan, error))]
    except ArmError as error:
        results = [unknown(check.name, f"{error.reason}: {error}", _way_out(error))]
    except (TypeError, ValueError, AttributeError, LookupError) as error:
        # An answer in an unknown shape is no answer.
        results = [unknown(check.name, f"Azure's answer has a shape that is not understood ({type(error).__name__})")]
    done = CheckRun(check.name, check.title, tuple(results or _nothing(check)), time.perf_counter() - begun)
    if progress is not None:
        progress(done)
    return done


def _nothing(check: Check) -> list[Result]:
    return [unknown(check.name, "the check came to nothing")]


def _permission(plan: Plan, error: ForbiddenError) -> str:
    if error.scope is None or error.scope.casefold().rstrip("/") == plan.scope.casefold():
        # A role on one resource group is enough to deploy.
        return (
            "deploying does not need this permission: run `azure-llama preflight --save FILE` with an identity that has"
            " it, and `--from FILE` here"
        )
    return f"grant {error.action} at {error.scope}"


_WAYS_OUT = {
    "no network": "check the network and HTTPS_PROXY, then run this again",
    "throttled": "wait a minute, then run this again",
    "unavailable": "see https://status.azure.com, then run this again",
    "half an answer": "run this again",
}


def _way_out(error: ArmError) -> str | None:
    return _WAYS_OUT.get(error.reason)
