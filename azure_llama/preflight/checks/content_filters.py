"""Checks whether Foundry accounts that exist already have the content filters that the stack's deployments name."""

from __future__ import annotations

from azure_llama.arm import ArmError, NotFoundError, versions
from azure_llama.catalog.foundry import BUILT_IN_FILTERS
from azure_llama.documents.problems import listed
from azure_llama.documents.spelling import nearest
from azure_llama.preflight.foundry import Account, accounts
from azure_llama.preflight.plan import Plan
from azure_llama.preflight.reader import Reader
from azure_llama.preflight.results import Result, failed, unknown


async def exist(plan: Plan, azure: Reader) -> list[Result]:
    """Look up the content filters that the settings neither define nor know as built-in."""
    return [result for account in accounts(plan) for result in await _of(account, azure)]


async def _of(account: Account, azure: Reader) -> list[Result]:
    settings, name = account.settings, account.name
    known = {each.casefold() for each in (*BUILT_IN_FILTERS, *settings.filters)}
    named = {
        f"azure-llama:foundry.{name}.deployments.{deployment}.contentFilter": each.content_filter
        for deployment, each in settings.deployments.items()
        if each.content_filter.casefold() not in known
    }
    if not named or settings.id is None:
        return []
    try:
        rows = await azure.list(f"{settings.id}/raiPolicies", versions.COGNITIVE_SERVICES)
    except NotFoundError:
        return []  # that the account does not exist is reported by its id
    except ArmError as error:
        return [unknown(place, f"{text!r}: {error.reason}: {error}") for place, text in named.items()]
    there = sorted(str(row.get("name")) for row in rows)
    folded = {each.casefold() for each in there}
    holder = settings.id.rsplit("/", 1)[-1]
    return [_missing(place, text, holder, there) for place, text in named.items() if text.casefold() not in folded]


def _missing(place: str, text: str, account: str, there: list[str]) -> Result:
    close = nearest(text, there)
    return failed(
        place,
        f"{text!r} is not a content filter of the account {account!r}, which has {listed([*map(repr, there)])}",
        f"did you mean {close!r}?" if close else "set one of them, or define it in the account's `filters`",
    )
