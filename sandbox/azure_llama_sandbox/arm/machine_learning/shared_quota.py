"""Azure's shared quota for tests: endpoints that use no subscription quota and that Azure deletes.

Its form in ARM, two entries of the endpoint's own map, is known from a third party's template alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from weakref import WeakKeyDictionary

from azure_llama.catalog import limits
from azure_llama.catalog.subscription_offers import SHARED_QUOTA_OFFER
from azure_llama_sandbox.arm.errors import ArmError, user_error
from azure_llama_sandbox.arm.machine_learning.common import ENDPOINT
from azure_llama_sandbox.store import Resource, Store
from azure_llama_sandbox.world import World

ENABLED = "SharedComputeCapacityEnabled"
DELETED_AT = "TargetAutoDeletionTime"
_GRACE = timedelta(hours=1)
"""Between the moment at which a caller reckons the deletion and the one at which Azure hears of it."""


def _asked(entries: Mapping[str, str]) -> bool:
    return entries.get(ENABLED, "").lower() == "true"


def uses(endpoint: Resource) -> bool:
    """Whether a managed endpoint is on shared quota."""
    return _asked(endpoint.properties.get("properties") or {})


def check(world: World, entries: Mapping[str, str], region: str) -> None:
    """Refuse a new endpoint's wish for it.

    Args:
        world: Required.
        entries: Required. The endpoint's map of free entries.
        region: Required. The workspace's.

    Raises:
        ArmError: 400: the subscription may not use it, or the time of deletion is missing, wrong or too late.
    """
    if not _asked(entries):
        return
    offer = world.conditions().subscription.quota_id
    if not offer.startswith(SHARED_QUOTA_OFFER):
        raise _refuse(
            f"Shared quota needs a subscription of an Enterprise Agreement; the offer of this one is {offer}.",
            region,
            ENABLED,
        )
    text = entries.get(DELETED_AT, "")
    when = _moment(text)
    latest = world.clock.moment() + timedelta(hours=limits.SHARED_QUOTA_HOURS.high) + _GRACE
    if when is None or when > latest:
        raise _refuse(
            f"'properties.properties.{DELETED_AT}' is '{text}'; an endpoint on shared quota needs a time such as"
            f" 'Wed, 25 Nov 2026 18:00:00 GMT', at most {limits.SHARED_QUOTA_HOURS.high} hours from now.",
            region,
            DELETED_AT,
        )


def _moment(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def _refuse(message: str, region: str, key: str) -> ArmError:
    return user_error(message, "BadArgument", location=region, target=f"properties.properties.{key}")


def expired(world: World) -> list[Resource]:
    """The endpoints whose time has come."""
    store, now = world.store, world.clock.moment()
    changes, earliest = _earliest.get(store, (-1, None))
    if changes != store.changes:
        earliest = min((when for _, when in _ends(store)), default=None)
        _earliest[store] = (store.changes, earliest)
    if earliest is None or earliest > now:
        return []
    return [endpoint for endpoint, when in _ends(store) if when <= now]


_earliest: WeakKeyDictionary[Store, tuple[int, datetime | None]] = WeakKeyDictionary()
"""When the next endpoint goes, by the state of the store: it is asked at every request."""


def _ends(store: Store) -> Iterator[tuple[Resource, datetime]]:
    for endpoint in store.of_type(ENDPOINT):
        when = _moment(endpoint.properties["properties"].get(DELETED_AT, "")) if uses(endpoint) else None
        if when is not None:
            yield endpoint, when
