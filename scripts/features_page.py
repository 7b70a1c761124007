"""`docs/features.md`: what models take and answer on each kind of endpoint, from the catalogue."""

from __future__ import annotations

from collections.abc import Sequence

from azure_llama.catalog import Catalog
from azure_llama.catalog.features import Feature

_HEADINGS = {
    Feature.TOOLS: "tools",
    Feature.TOOL_CHOICE: "`tool_choice`",
    Feature.JSON_OBJECT: "`json_object`",
    Feature.JSON_SCHEMA: "`json_schema`",
    Feature.IMAGES: "images in a request",
    Feature.OUTPUT_TOKENS: "output tokens",
}
_HEAD = """# Tools, JSON, images and long answers

What sources say of each model on each kind of endpoint. `azure-llama catalog show features` prints the same rows,
`azure-llama smoke --probe` asks a deployed endpoint and compares ([smoke.md](smoke.md#what-an-endpoint-supports)).

| word | meaning |
|---|---|
| yes, no | what a document or another party says |
| ignored | a call was answered as if the parameter were not there |
| refused | a call was answered with an error |
| disputed | sources contradict each other; the first word is that of a call, or else of the newest document |
| 0, 1, several | how many images a request may hold; `yes`: some, and no source says how many |
| unknown | no source says anything |

A model and a kind of endpoint without a row are unknown: other publishers' models, and own models and containers. What
a container on managed compute supports is up to its server: vLLM calls tools only when it is started with
`--enable-auto-tool-choice` and `--tool-call-parser`, and its `--limit-mm-per-prompt` bounds the images.

## By model

"""


def page(catalog: Catalog) -> str:
    """The whole page."""
    places = {(model, row["route"]): None for row in catalog.rows("features") for model in row["models"]}
    names = [model.name for model in catalog.models]
    ordered = sorted(places, key=lambda place: (-names.index(place[0]), place[1]))
    return f"{_HEAD}{_summary(catalog, ordered)}\n## What each source says\n\n{_readings(catalog, ordered)}"


def _summary(catalog: Catalog, places: list[tuple[str, str]]) -> str:
    table: list[tuple[str, ...]] = [("model", "kind", *_HEADINGS.values()), ("---",) * (len(_HEADINGS) + 2)]
    for model, kind in places:
        words = (catalog.features.support(model, kind, feature).words() for feature in _HEADINGS)
        table.append((f"`{model}`", kind, *words))
    return _table(table)


def _readings(catalog: Catalog, places: list[tuple[str, str]]) -> str:
    table = [("model", "kind", "feature", "value", "source", "date"), ("---",) * 6]
    for model, kind in places:
        for feature, heading in _HEADINGS.items():
            for reading in catalog.features.support(model, kind, feature).readings:
                title = catalog.sources[reading.source].title.split(" @")[0]
                source = f"{title}. {reading.note}" if reading.note else title
                table.append((f"`{model}`", kind, heading, reading.value, source, reading.as_of))
    return _table(table)


def _table(rows: Sequence[tuple[str, ...]]) -> str:
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)
