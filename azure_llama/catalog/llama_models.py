"""The Meta Llama models of Azure ML: what each is, where it was offered, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from azure_llama.catalog.asset_ids import AssetId, parse_asset_id
from azure_llama.catalog.lifecycle import Lifecycle, Stage
from azure_llama.catalog.offerings import Foundry, Managed, MinSpec, Offer, Route, Serverless
from azure_llama.catalog.rows import Row, remembered, rows
from azure_llama.documents.spelling import nearest

Task = Literal["chat", "completion", "classification"]


class UnknownModelError(KeyError):
    """A model that the catalogue does not have. Its text names the nearest that it has."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.nearest = nearest(text, (each.name for each in models()))
        super().__init__(text)

    def __str__(self) -> str:
        hint = f"did you mean {self.nearest!r}?" if self.nearest else "azure_llama.catalog.models() has them all."
        return f"{self.text!r} is not a model of the catalogue; {hint}"


class UnknownVersionError(LookupError):
    """No version of the model is known, and none was given."""


@dataclass(frozen=True)
class Model:
    """One model of the registry.

    Attributes:
        name: Its name in the registry.
        family: `Llama 3.3`, `CodeLlama`, ...
        parameters: As the model card says it: `70B`.
        task: What its endpoint answers. `classification` has neither chat nor completions.
        safety: Whether it judges texts rather than writes them.
        modality: `text`, `text (code)` or `text+image`.
        registry: The Azure ML registry.
        confirmed: Whether the name was seen in the registry; otherwise it is inferred from a display name.
        versions: The versions seen, oldest first, not exhaustive; None when unknown.
        context_length: Tokens; None when unknown.
        context_source: Key of the source of `context_length`.
        source: Key of the source of the row.
        as_of: Its date.
        serverless: Where and how it was offered on serverless endpoints.
        managed: What is known of it on managed compute.
        lifecycle: How long Azure offers it.
        foundry: How Azure sells it on Foundry resources; None where it does not, as far as is known.
        note: What else to know.
    """

    name: str
    family: str
    parameters: str
    task: Task
    safety: bool
    modality: str
    registry: str
    confirmed: bool
    versions: tuple[str, ...] | None
    context_length: int | None
    context_source: str
    source: str
    as_of: str
    serverless: Serverless
    managed: Managed
    lifecycle: Lifecycle
    foundry: Foundry | None
    note: str | None

    @property
    def chat(self) -> bool:
        """Whether it takes chat messages."""
        return self.task == "chat"

    @property
    def asset_id(self) -> str:
        """Its id without a version, as serverless endpoints and marketplace subscriptions take it."""
        return str(AssetId(self.registry, self.name))

    @property
    def latest_version(self) -> str | None:
        """The newest version seen; None when none is known."""
        return self.versions[-1] if self.versions else None

    def versioned_id(self, version: str | None = None) -> str:
        """Its id with a version, as managed deployments take it.

        Args:
            version: Optional. The version; the newest one seen when None.

        Raises:
            UnknownVersionError: no version was given and none is known.
        """
        chosen = version or self.latest_version
        if chosen is None:
            raise UnknownVersionError(
                f"No version of {self.name} is known. Look it up in the registry {self.registry} and give it."
            )
        return str(AssetId(self.registry, self.name, chosen))

    @property
    def serverless_offered(self) -> bool | None:
        """Whether a serverless endpoint of it can be expected, now or at any time; None when unknown.

        False also for a model that a source offers on Foundry resources and that no serverless table has ever listed.
        """
        if self.serverless.offered is None and self.foundry is not None and not any(self.serverless.tables.values()):
            return False
        return self.serverless.offered

    def routes(self, on: date) -> tuple[Route, ...]:
        """The routes on which a source offers it on a day. Retirement is another question: `stage`."""
        offered = {
            Route.SERVERLESS: bool(self.serverless_regions(on)),
            Route.FOUNDRY: self.foundry is not None,
            Route.MANAGED: self.managed.available is True,
        }
        return tuple(route for route, known in offered.items() if known)

    def serverless_regions(self, on: date) -> frozenset[str] | None:
        """ARM names of the regions that serverless endpoints of it were offered in on a day.

        Read from the newest region table that is not later than the day. Retirement is another question: `stage`.

        Returns:
            An empty set when the table does not list the model; None when unknown, which includes every day before
            the first table (2024-08-05).
        """
        tables = self.serverless.tables
        days = [day for day in tables if day <= on]
        if not days or self.serverless_offered is None:
            return None
        return tables[max(days)]

    @property
    def last_serverless_regions(self) -> frozenset[str] | None:
        """The regions of the last table that listed it, whenever that was; empty if none did, None when unknown."""
        if self.serverless_offered is None:
            return None
        tables = self.serverless.tables
        listed = [day for day, regions in tables.items() if regions]
        return tables[max(listed)] if listed else frozenset()

    def stage(self, on: date) -> Stage:
        """Where it stands on a day (UTC), for serverless endpoints; see `Lifecycle.stage`."""
        return self.lifecycle.stage(on)

    def successor(self, on: date) -> Model | None:
        """The first replacement that Microsoft recommends and that is known to take new deployments on a day (UTC), on
        whichever of its `routes`.
        """
        recommended = (find_model(name) for name in self.lifecycle.replacements)
        takes = (each for each in recommended if each and each.stage(on).takes_deployments and each.routes(on))
        return next(takes, None)

    def recommended(self, on: date) -> str | None:
        """Its successor on a day (UTC) as messages name it: with the route, unless that is a serverless endpoint."""
        other = self.successor(on)
        if other is None:
            return None
        routes = other.routes(on)
        return other.name if Route.SERVERLESS in routes else f"{other.name} as {' or '.join(routes)}"


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _spec(text: str | None) -> MinSpec | None:
    return None if text is None else MinSpec(*map(int, text.split("|")))


def _tables(name: str) -> dict[date, frozenset[str]]:
    tables: dict[date, frozenset[str]] = {}
    for row in rows("serverless_tables"):
        day = date.fromisoformat(row["day"])
        if row.get("only"):  # an overlay's word on one model, in the place of every later table
            if name in row["models"]:
                tables = {earlier: regions for earlier, regions in tables.items() if earlier < day}
                tables[day] = frozenset(row["regions"])
            continue
        listed = frozenset(row["regions"]) if name in row["models"] else frozenset()
        tables[day] = tables.get(day, frozenset()) | listed
    return tables


def _model(row: Row) -> Model:
    serverless, managed, lifecycle = row["serverless"], row["managed"], row["lifecycle"]
    return Model(
        **{key: value for key, value in row.items() if key not in _BUILT},
        versions=None if row["versions"] is None else tuple(row["versions"]),
        serverless=Serverless(
            **serverless
            | {
                "tables": _tables(row["name"]),
                "fine_tuning": tuple(serverless["fine_tuning"]),
                "offer": Offer(**serverless["offer"]) if serverless["offer"] else None,
            }
        ),
        managed=Managed(
            **managed
            | {
                "sizes": tuple(managed["sizes"]),
                "min_spec": _spec(managed["min_spec"]),
                "engines": None if managed["engines"] is None else tuple(managed["engines"]),
                "fine_tuning_tasks": tuple(managed["fine_tuning_tasks"]),
                "fine_tuning_sizes": tuple(managed["fine_tuning_sizes"]),
                "fine_tuning_min_spec": _spec(managed["fine_tuning_min_spec"]),
            }
        ),
        lifecycle=Lifecycle(
            **lifecycle
            | {key: _day(lifecycle[key]) for key in ("legacy", "deprecated", "retired")}
            | {"replacements": tuple(lifecycle["replacements"])}
        ),
        foundry=Foundry(**row["foundry"]) if row["foundry"] else None,
    )


_BUILT = frozenset({"versions", "serverless", "managed", "lifecycle", "foundry"})


@remembered
def models() -> tuple[Model, ...]:
    """All models, family by family."""
    return tuple(_model(row) for row in rows("models"))


def serverless_models(region: str, on: date) -> tuple[Model, ...]:
    """The models that are known to take a new serverless endpoint in a region on a day (UTC).

    Args:
        region: Required. ARM name of the region.
        on: Required. The day.
    """
    return tuple(
        each for each in models() if each.stage(on).takes_deployments and region in (each.serverless_regions(on) or ())
    )


@remembered
def _by_name() -> dict[str, Model]:
    return {each.name.casefold(): each for each in models()}


def find_model(text: str) -> Model | None:
    """The model of a name or of an asset id, with or without a version, in any letter case; None when unknown."""
    asset = parse_asset_id(text)
    if asset is None:
        return _by_name().get(text.casefold())
    found = _by_name().get(asset.name.casefold())
    return found if found and found.registry == asset.registry.casefold() else None


def model(name: str) -> Model:
    """The model of a name or of an asset id.

    Raises:
        UnknownModelError: the catalogue has none; the message names the nearest.
    """
    found = find_model(name)
    if found is None:
        raise UnknownModelError(name)
    return found
