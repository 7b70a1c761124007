"""The Meta Llama models of Azure ML, with their properties, regions and retirement dates."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from azure_llama.catalog.architectures import Architecture
from azure_llama.catalog.asset_ids import AssetId
from azure_llama.catalog.lifecycle import Lifecycle, Stage
from azure_llama.catalog.offerings import Foundry, Managed, MinSpec, Offer, Route, Serverless
from azure_llama.catalog.provenance import Source
from azure_llama.catalog.recognition import Recognition
from azure_llama.catalog.rows import Row

Task = Literal["chat", "completion", "classification"]


class UnknownModelError(KeyError):
    """A model that the catalogue does not have. Its text names those that were probably meant."""

    def __init__(self, text: str, recognition: Recognition) -> None:
        self.text = text
        self.recognition = recognition
        super().__init__(text)

    def __str__(self) -> str:
        hint = self.recognition.question or "`azure-llama catalog show models` lists all models."
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
        architecture: What decides how much memory it needs; None when unknown.
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
    architecture: Architecture | None

    @property
    def chat(self) -> bool:
        """Whether it takes chat messages."""
        return self.task == "chat"

    @property
    def completions(self) -> bool:
        """Whether it continues a text: a base model."""
        return self.task == "completion"

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
        """Its lifecycle stage on a day (UTC), for serverless endpoints; see `Lifecycle.stage`."""
        return self.lifecycle.stage(on)


@dataclass(frozen=True)
class ModelReference:
    """A model as a configuration or a resource names it.

    Attributes:
        text: The name or asset id, as given.
        asset: The parts of an asset id; None for any other text.
        model: The catalogue's model; None when it does not have one.
    """

    text: str
    asset: AssetId | None
    model: Model | None

    @property
    def name(self) -> str:
        """The catalogue's name, else the name in the asset id, else the text."""
        if self.model is not None:
            return self.model.name
        return self.asset.name if self.asset else self.text

    @property
    def key(self) -> str:
        """Equal for two texts that name one model, whatever their letter case and version."""
        return (f"{self.asset.registry}/{self.asset.name}" if self.asset else self.text).casefold()


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _spec(text: str | None) -> MinSpec | None:
    return None if text is None else MinSpec(*map(int, text.split("|")))


def _tables(name: str, rows: Iterable[Row]) -> dict[date, frozenset[str]]:
    tables: dict[date, frozenset[str]] = {}
    for row in rows:
        day = date.fromisoformat(row["day"])
        if row.get("only"):  # an overlay's word on one model, in the place of every later table
            if name in row["models"]:
                tables = {earlier: regions for earlier, regions in tables.items() if earlier < day}
                tables[day] = frozenset(row["regions"])
            continue
        listed = frozenset(row["regions"]) if name in row["models"] else frozenset()
        tables[day] = tables.get(day, frozenset()) | listed
    return tables


def _serverless(row: Row, tables: Mapping[date, frozenset[str]]) -> Serverless:
    return Serverless(
        **row
        | {
            "tables": tables,
            "fine_tuning": tuple(row["fine_tuning"]),
            "offer": Offer(**row["offer"]) if row["offer"] else None,
        }
    )


def _managed(row: Row) -> Managed:
    return Managed(
        **row
        | {
            "sizes": tuple(row["sizes"]),
            "min_spec": _spec(row["min_spec"]),
            "engines": None if row["engines"] is None else tuple(row["engines"]),
            "fine_tuning_tasks": tuple(row["fine_tuning_tasks"]),
            "fine_tuning_sizes": tuple(row["fine_tuning_sizes"]),
            "fine_tuning_min_spec": _spec(row["fine_tuning_min_spec"]),
        }
    )


def _lifecycle(row: Row, sources: Mapping[str, Source]) -> Lifecycle:
    retired_source = row["retired_source"]
    return Lifecycle(
        **row
        | {key: _day(row[key]) for key in ("legacy", "deprecated", "retired")}
        | {"replacements": tuple(row["replacements"])},
        confirmed=retired_source is not None and sources[retired_source].official,
    )


_BUILT = frozenset({"versions", "serverless", "managed", "lifecycle", "foundry"})


def build(
    rows: Callable[[str], Iterable[Row]], sources: Mapping[str, Source], architectures: Iterable[Architecture]
) -> tuple[Model, ...]:
    """The models of a catalogue's rows.

    Args:
        rows: Required. Returns the rows of a data file.
        sources: Required. The catalogue's sources by key.
        architectures: Required. The catalogue's architectures.
    """
    by_model = {name.casefold(): each for each in architectures for name in each.models}
    tables = tuple(rows("serverless_tables"))
    return tuple(
        Model(
            **{key: value for key, value in row.items() if key not in _BUILT},
            versions=None if row["versions"] is None else tuple(row["versions"]),
            serverless=_serverless(row["serverless"], _tables(row["name"], tables)),
            managed=_managed(row["managed"]),
            lifecycle=_lifecycle(row["lifecycle"], sources),
            foundry=Foundry(**row["foundry"]) if row["foundry"] else None,
            architecture=by_model.get(row["name"].casefold()),
        )
        for row in rows("models")
    )
