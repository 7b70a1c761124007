"""API Management services as their hosts see them, read from the sandbox's store."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from azure_llama_sandbox.arm.api_management import common
from azure_llama_sandbox.arm.api_management.backends import absolute
from azure_llama_sandbox.arm.api_management.policy_language import read
from azure_llama_sandbox.arm.api_management.policy_xml import Node
from azure_llama_sandbox.arm.machine_learning.iso8601 import seconds
from azure_llama_sandbox.store import Resource, Store

_PARAMETER = re.compile(r"\\\{[^}]+\\\}")


@dataclass(frozen=True)
class BreakerRule:
    """The circuit breaker of a backend.

    Attributes:
        count: Required. Failures within the interval that open the breaker.
        interval, trip: Required. Seconds.
        ranges: Required. First and last of the status codes that are failures.
        accept_retry_after: Required. Whether a failure's `Retry-After` takes the place of `trip`.
    """

    count: int
    interval: float
    trip: float
    ranges: tuple[tuple[int, int], ...]
    accept_retry_after: bool


@dataclass(frozen=True)
class Backend:
    """An endpoint that requests are forwarded to.

    Attributes:
        id, url: Required.
        headers: Optional. That are added to a request; their values may name named values.
        rule: Optional. Of its breaker; None without one.
    """

    id: str
    url: str
    headers: Mapping[str, list[str]] = field(default_factory=dict)
    rule: BreakerRule | None = None


@dataclass(frozen=True)
class Member:
    """A backend in a pool: those of the lowest priority number that can be called share the requests by weight."""

    backend: Backend
    priority: int
    weight: int


@dataclass(frozen=True)
class Operation:
    """An operation of an API."""

    name: str
    method: str
    path: re.Pattern[str]


@dataclass(frozen=True)
class Api:
    """An API.

    Attributes:
        id, path: Required.
        key_required: Required. Whether a caller needs a key.
        key_header, key_query: Required. Where the key is.
        operations: Required.
        policy: Required. Without one, the root element alone.
        service_url: Required. Where requests go that no policy sends elsewhere.
        measured: Required. Whether its diagnostics take metrics.
    """

    id: str
    path: str
    key_required: bool
    key_header: str
    key_query: str
    operations: tuple[Operation, ...]
    policy: Node | None
    service_url: str | None
    measured: bool


@dataclass(frozen=True)
class Subscription:
    """The APIs that a key gives access to.

    Attributes:
        name: Required.
        active: Required.
        scope: Required. The id of a product, of an API, of all APIs, or of the service.
    """

    name: str
    active: bool
    scope: str


@dataclass(frozen=True)
class Product:
    """A product: its policy, and the ids of its APIs in lower case."""

    name: str
    policy: Node | None
    apis: frozenset[str]


@dataclass(frozen=True)
class Service:
    """One host.

    Attributes:
        resource: Required. As ARM has it.
        apis: Required. Longest path first.
        backends, pools: Required. By name in lower case.
        keys: Required. Subscriptions by key.
        products: Required. By id in lower case.
    """

    resource: Resource = field(repr=False)
    apis: tuple[Api, ...]
    backends: Mapping[str, Backend]
    pools: Mapping[str, tuple[Member, ...]]
    keys: Mapping[str, Subscription] = field(repr=False)
    products: Mapping[str, Product]

    @cached_property
    def id(self) -> str:
        """Its ARM id."""
        return self.resource.id


class Services:
    """Services by host name; read anew only after a write to the store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._found: dict[str, Service | None] = {}
        self._valid = -1

    def find(self, host: str) -> Service | None:
        """The service of a host; None when none that is created has it."""
        if self._store.changes != self._valid:
            self._found.clear()
            self._valid = self._store.changes
        if host not in self._found:
            owner = self._store.host_owner(host)
            resource = self._store.get(owner) if owner else None
            there = resource is not None and resource.properties.get("provisioningState") not in ("Creating", "Failed")
            self._found[host] = _service(self._store, resource) if resource is not None and there else None
        return self._found[host]


def _service(store: Store, resource: Resource) -> Service:
    below: dict[str, list[Resource]] = {}
    for each in store.below(resource.id):
        below.setdefault(each.type, []).append(each)
    singles, pools = {}, []
    for each in below.get(common.BACKEND, ()):
        if each.properties["type"] == "Pool":
            pools.append(each)
        else:
            singles[each.name.lower()] = _backend(each)
    apis = (_api(each, below) for each in below.get(common.API, ()))
    return Service(
        resource=resource,
        apis=tuple(sorted(apis, key=lambda api: len(api.path), reverse=True)),
        backends=singles,
        pools={each.name.lower(): _members(each, singles) for each in pools},
        keys={
            key: Subscription(each.name, each.properties["state"] == "active", each.properties["scope"])
            for each in below.get(common.SUBSCRIPTION, ())
            for key in each.secrets.values()
        },
        products={each.id.lower(): _product(each, below) for each in below.get(common.PRODUCT, ())},
    )


def _inside(parent: Resource, resources: list[Resource]) -> list[Resource]:
    return [each for each in resources if each.id.lower().startswith(f"{parent.id.lower()}/")]


def _policy(parent: Resource, policies: list[Resource]) -> Node | None:
    found = _inside(parent, policies)
    return read(found[0].properties["value"]) if found else None


def _api(api: Resource, below: Mapping[str, list[Resource]]) -> Api:
    properties = api.properties
    names = properties["subscriptionKeyParameterNames"]
    diagnostics = _inside(api, below.get(common.DIAGNOSTIC, []))
    return Api(
        id=api.id,
        path=properties["path"].strip("/"),
        key_required=properties["subscriptionRequired"],
        key_header=names["header"].lower(),
        key_query=names["query"],
        operations=tuple(_operation(each) for each in _inside(api, below.get(common.OPERATION, []))),
        policy=_policy(api, below.get(common.API_POLICY, [])),
        service_url=properties.get("serviceUrl"),
        measured=any(each.properties.get("metrics") for each in diagnostics),
    )


def _operation(operation: Resource) -> Operation:
    template = re.escape(operation.properties["urlTemplate"].partition("?")[0].rstrip("/"))
    pattern = _PARAMETER.sub("[^/]+", template).replace(r"\*", ".*")
    return Operation(operation.name, operation.properties["method"].upper(), re.compile(pattern + "/?"))


def _product(product: Resource, below: Mapping[str, list[Resource]]) -> Product:
    links = _inside(product, below.get(common.API_LINK, []))
    apis = frozenset(each.properties["apiId"].lower() for each in links)
    return Product(product.name, _policy(product, below.get(common.PRODUCT_POLICY, [])), apis)


def _backend(backend: Resource) -> Backend:
    properties = backend.properties
    rules = (properties.get("circuitBreaker") or {}).get("rules") or []
    return Backend(
        id=backend.id,
        url=properties["url"].rstrip("/"),
        headers=(properties.get("credentials") or {}).get("header") or {},
        rule=_rule(rules[0]) if rules else None,
    )


def _rule(rule: Mapping[str, object]) -> BreakerRule:
    condition = rule["failureCondition"]
    assert isinstance(condition, dict)
    ranges = condition.get("statusCodeRanges") or ()
    return BreakerRule(
        count=condition["count"],
        interval=seconds(condition["interval"]) or 0,
        trip=seconds(str(rule["tripDuration"])) or 0,
        ranges=tuple((each.get("min", 200), each.get("max", 599)) for each in ranges),
        accept_retry_after=bool(rule.get("acceptRetryAfter")),
    )


def _members(pool: Resource, singles: Mapping[str, Backend]) -> tuple[Member, ...]:
    by_id = {each.id.lower(): each for each in singles.values()}
    rows = ((each, by_id.get(absolute(pool.id, each["id"]).lower())) for each in pool.properties["pool"]["services"])
    found = [(row, backend) for row, backend in rows if backend is not None]
    weighted = any(row.get("weight") for row, _ in found)
    return tuple(
        Member(backend, row.get("priority", 0), row.get("weight", 0) if weighted else 1) for row, backend in found
    )
