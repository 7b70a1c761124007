"""Features of models on each kind of endpoint: tools, JSON, images, long answers, with one reading for each source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from azure_llama.catalog.rows import Row

_UNSUPPORTED = frozenset({"no", "0", "ignored", "refused"})


class Feature(StrEnum):
    """A feature that a caller may need.

    Values of a reading: `yes`, `no`; `ignored` (answered as if it were not there) and `refused` (an error), where
    someone has seen which; of images the number in a request: `0`, `1`, `several`, or `yes` where it is not stated; of
    output tokens a number.
    """

    TOOLS = "tools"
    TOOL_CHOICE = "tool_choice"
    JSON_OBJECT = "json_object"
    JSON_SCHEMA = "json_schema"
    IMAGES = "images"
    OUTPUT_TOKENS = "output_tokens"


@dataclass(frozen=True)
class Reading:
    """The reading of one source.

    Attributes:
        value: See `Feature`.
        source: Key of the source.
        as_of: Its date.
        note: What else it says.
    """

    value: str
    source: str
    as_of: str
    note: str | None = None


@dataclass(frozen=True)
class Support:
    """The readings of one feature of a model on one kind of endpoint.

    Attributes:
        readings: What was seen in calls first, then documents, then what other parties say; empty when unknown.
    """

    readings: tuple[Reading, ...] = ()

    @property
    def value(self) -> str | None:
        """The value of the first reading; None when unknown."""
        return self.readings[0].value if self.readings else None

    @property
    def supported(self) -> bool | None:
        """Whether the first reading is supported, which includes a number of tokens; None when unknown."""
        return None if self.value is None else self.value not in _UNSUPPORTED

    @property
    def disputed(self) -> bool:
        """Whether sources contradict each other. `yes` of images contradicts no number but 0."""
        values = {reading.value for reading in self.readings}
        kinds = {"no" if value in _UNSUPPORTED else "yes" if value == "yes" else value for value in values}
        return len(kinds - {"yes"}) > 1 or ("no" in kinds and len(kinds) > 1)

    def words(self) -> str:
        """As tables write it: `unknown`, `no`, `yes (disputed)`."""
        return "unknown" if self.value is None else f"{self.value} (disputed)" if self.disputed else self.value


@dataclass(frozen=True)
class FeatureTable:
    """The readings of the features of all models.

    Attributes:
        readings: By model in lower case, kind of endpoint and feature.
    """

    readings: Mapping[tuple[str, str, Feature], tuple[Reading, ...]]

    def support(self, model: str, kind: str, feature: Feature) -> Support:
        """The readings of a feature, by the names of the feature, the model and the kind of endpoint."""
        return Support(self.readings.get((model.casefold(), kind, feature), ()))


def build(rows: Iterable[Row]) -> FeatureTable:
    """The readings of a catalogue's rows."""
    found: dict[tuple[str, str, Feature], tuple[Reading, ...]] = {}
    for row in rows:
        reading = Reading(row["value"], row["source"], row["as_of"], row["note"])
        for model in row["models"]:
            key = (model.casefold(), row["route"], Feature(row["feature"]))
            found[key] = (*found.get(key, ()), reading)
    return FeatureTable(found)
