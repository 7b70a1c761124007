"""Collection of a deployment's prompts and answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from azure_llama.catalog.limits import COLLECTORS_PER_DEPLOYMENT
from azure_llama.settings import checks
from azure_llama.settings.base import StrictModel, relation
from azure_llama.settings.problems import Violation
from azure_llama.settings.wire import Wire, unless_empty

_PLAIN_COLLECTIONS = ("request", "response")
"""Collections that need no scoring script; all others come from a Collector in one."""

_collection = checks.matching(
    "[A-Za-z0-9_]+",
    "is not the name of a collection",
    "set request, response, or the name that the scoring script gives its Collector",
)
_header = checks.matching(
    "[A-Za-z0-9!#$%&'*+.^_`|~-]+", "is not the name of an HTTP header", "set one such as 'x-ms-client-request-id'"
)


def _sampling_rate(number: float) -> float:
    if 0 < number <= 1:
        return number
    raise Violation("must be greater than 0 and at most 1", "set 1 to keep all requests").error


_rate = checks.Check(_sampling_rate, {"exclusiveMinimum": 0, "maximum": 1})


def _collected(names: Iterable[str]) -> dict[str, Any]:
    return {name: {"dataCollectionMode": "Enabled"} for name in names}


class DataCollectionSettings(StrictModel):
    """Collection of a deployment's prompts and answers in the workspace's blob store.

    Attributes:
        collections: Optional. `request` and `response` need no scoring script; up to five others are Collectors of one.
        sampling_rate: Optional. The proportion of requests that each collection keeps, above 0 up to 1.
        rolling_rate: Optional. How often a new file is started.
        capture_headers: Optional. HTTP headers to keep.
    """

    collections: Annotated[list[Annotated[str, AfterValidator(_collection)]], Wire("collections", _collected)] = Field(
        default_factory=lambda: list(_PLAIN_COLLECTIONS)
    )
    sampling_rate: Annotated[float, AfterValidator(_rate), Wire("collections.*.samplingRate")] = 1.0
    rolling_rate: Annotated[Literal["Minute", "Hour", "Day", "Month", "Year"], Wire("rollingRate")] = "Hour"
    capture_headers: Annotated[
        list[Annotated[str, AfterValidator(_header)]], Wire("requestLogging.captureHeaders", unless_empty)
    ] = Field(default_factory=list)

    @relation
    def _collections_are_distinct_and_few(self) -> Iterator[Violation]:
        if not self.collections:
            yield Violation("is empty", "name one, or remove dataCollection", at=("collections",))
        yield from checks.repeated(self.collections, ("collections",))
        most = COLLECTORS_PER_DEPLOYMENT.low
        own = [name for name in self.collections if name not in _PLAIN_COLLECTIONS]
        if len(own) > most:
            rule = f"has {len(own)} collections of a scoring script, and a deployment has {most} at most"
            yield Violation(rule, f"remove {len(own) - most}", at=("collections",), shown="")
