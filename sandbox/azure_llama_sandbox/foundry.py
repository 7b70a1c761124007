"""The models that Foundry accounts can deploy, as rows of `data/foundry.json`.

The sandbox's own reading of the facts, which the settings and the rules do not share.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from azure_llama_sandbox.conditions import Conditions

Body = dict[str, Any]
DEPRECATING, DEPRECATED = "Deprecating", "Deprecated"
_NEVER = "2099-12-31"
"""What Azure shows as the end of a model without one."""
_MINUTE = 60


@dataclass(frozen=True)
class Offer:
    """A SKU under which a model can be deployed.

    Attributes:
        name: Required. The deployment's `sku.name`.
        usage_name: Required. The quota that its capacity counts against.
        regions: Required. Regions that offer it; None for all.
        capacity: Required. `maximum` and `default`, `minimum` and `step` where Azure states them, in units.
        requests: Optional. Requests of a unit, and their period in seconds.
        tokens: Optional. Tokens per minute of a unit that Azure states.
        served: Optional. Tokens per minute of a unit that Azure serves without stating them as a rate limit.
    """

    name: str
    usage_name: str
    regions: tuple[str, ...] | None
    capacity: Mapping[str, int]
    requests: tuple[int, int] | None = None
    tokens: int | None = None
    served: int | None = None

    def problem(self, capacity: int) -> str | None:
        """The error in a capacity; None when it is valid."""
        least, most, step = self.capacity.get("minimum", 1), self.capacity["maximum"], self.capacity.get("step", 1)
        if least <= capacity <= most and not capacity % step:
            return None
        steps = f" in steps of {step}" if step > 1 else ""
        return f"must be between {least} and {most}{steps}"

    def rate_limits(self, capacity: int) -> list[Body]:
        """`rateLimits` of so many units; empty where Azure states none."""
        if self.requests is None or self.tokens is None:
            return []
        count, period = self.requests
        return [
            {"key": "request", "renewalPeriod": period, "count": count * capacity},
            {"key": "token", "renewalPeriod": _MINUTE, "count": self.tokens * capacity},
        ]


@dataclass(frozen=True)
class Model:
    """A version of a model.

    Attributes:
        format, name, version: Required. As a deployment's `model` names them.
        offers: Required. SKUs.
        kind: Optional. Kind of account that deploys it, beside AIServices.
        capabilities: Optional. As Azure shows them.
        registry: Optional. The registry that holds it.
        publisher: Optional. As error messages name it.
        default_version: Optional. Whether a deployment without a version gets it.
        images: Optional. Whether a message may hold images.
        marketplace: Optional. Whether deploying it buys an offer of the Azure Marketplace.
        context_tokens: Optional. Tokens of prompt and answer together; None when unknown.
        deprecates: Optional. First day on which subscriptions that never deployed it cannot.
        retires: Optional. First day on which it does not answer.
        shown: Optional. What else Azure shows of it.
        source: Required. Where the row is from.
    """

    format: str
    name: str
    version: str
    source: str
    offers: tuple[Offer, ...]
    kind: str = "AIServices"
    capabilities: Mapping[str, str] = field(default_factory=dict)
    registry: str = "azureml-meta"
    publisher: str = ""
    default_version: bool = False
    images: bool = False
    marketplace: bool = False
    context_tokens: int | None = None
    deprecates: date | None = None
    retires: date | None = None
    shown: Mapping[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The name of its row in Azure's list."""
        return f"{self.format}.{self.name}.{self.version}"

    @property
    def words(self) -> str:
        """As error messages name it."""
        publisher = f"Publisher:{self.publisher}," if self.publisher else ""
        return f"{publisher}Format:{self.format},Name:{self.name},Version:{self.version}"

    @property
    def end(self) -> str:
        """`deprecation.inference`."""
        return f"{self.retires or _NEVER}T00:00:00Z"

    def offer(self, sku: str) -> Offer | None:
        """The offer of a SKU, in any letter case."""
        return next((each for each in self.offers if each.name.lower() == sku.lower()), None)

    def lifecycle(self, today: date, conditions: Conditions) -> str:
        """`lifecycleStatus` on a day, unless the conditions state another one."""
        if (stated := conditions.foundry.lifecycle.get(self.id)) is not None:
            return stated
        if self.retires and today >= self.retires:
            return DEPRECATED
        return DEPRECATING if self.deprecates and today >= self.deprecates else "Stable"


@cache
def _data() -> Body:
    data: Body = json.loads(files(__package__).joinpath("data/foundry.json").read_text("utf-8"))
    return data


def _offer(row: Body, name: str) -> Offer:
    regions = _data()["regionLists"][row["regions"]].split() if row["regions"] else None
    return Offer(
        name=row["name"],
        usage_name=row["usageName"].format(name=name),
        regions=tuple(regions) if regions else None,
        capacity=row["capacity"],
        requests=tuple(row["requests"]) if "requests" in row else None,
        tokens=row.get("tokens"),
        served=row.get("served"),
    )


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _versions(row: Body) -> list[Model]:
    offers = tuple(_offer(_data()["offers"][name], row["name"]) for name in row["offers"])
    chat = {"chatCompletion": "true"}
    return [
        Model(
            format=row["format"],
            name=row["name"],
            version=version,
            source=row["source"],
            offers=offers,
            kind=row.get("kind", "AIServices"),
            capabilities=row.get("capabilities", {}) | chat,
            registry=row.get("registry", "azureml-meta"),
            publisher=row.get("publisher", ""),
            default_version=row.get("defaultVersion", False),
            images=row.get("images", False),
            marketplace=row.get("marketplace", False),
            context_tokens=row.get("contextTokens"),
            deprecates=_date(row.get("deprecates")),
            retires=_date(row.get("retires")),
            shown=row.get("shown", {}),
        )
        for version in row["versions"].split()
    ]


@cache
def models() -> tuple[Model, ...]:
    """All models, a row for each version."""
    return tuple(model for row in _data()["models"] for model in _versions(row))


@cache
def usages() -> Mapping[str, tuple[str, int]]:
    """Usage names with their text and the limit that a region has."""
    rows = _data()["usages"].items()
    return {
        name: (row.get("text") or f"Tokens Per Minute (thousands) - {name.split('.', 2)[-1]}", row["limit"])
        for name, row in rows
    }


def is_sku_name(text: str) -> bool:
    """Whether Azure knows a SKU of deployments, in any letter case."""
    return text.lower() in {name.lower() for name in _data()["skuNames"]}


def find_models(format_: str, name: str, version: str | None) -> list[Model]:
    """The rows that a deployment's `model` names; without a version, the default one."""
    return [
        model
        for model in models()
        if (model.format.lower(), model.name.lower()) == (format_.lower(), name.lower())
        and (model.version == version if version else model.default_version)
    ]


def model_of(properties: Mapping[str, Any]) -> Model:
    """The model of a deployment that is there.

    Args:
        properties: Required. The deployment's.
    """
    named = properties["model"]
    return find_models(named["format"], named["name"], named["version"])[0]
