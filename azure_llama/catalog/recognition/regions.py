"""Names of regions as people, the portal and price lists write them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from azure_llama.catalog.recognition import Recognition
from azure_llama.documents.spelling import close, fold

_COMPASS = re.compile(r"north|south|east|west|central", re.ASCII)
_OTHER_CLOUD = re.compile(
    r"(us(-gov)?|eu|ap|ca|sa|me|af|il|cn|mx|europe|asia|northamerica|southamerica|australia|africa)"
    r"-((north|south|east|west)?(north|south|east|west|central))-?\d+[a-z]?",
    re.ASCII,
)
"""`us-east-2`, `europe-west4`: regions of Amazon's and Google's clouds, whose numbers mean other places."""


def recognise(text: str, names: Mapping[str, str]) -> Recognition:
    """The region that a text names, or those that it may mean.

    A suggestion has the points of the compass and the number that the text states.

    Args:
        text: Required. The region, as typed.
        names: Required. Display names by ARM name.
    """
    plain = text[:200].strip().casefold()
    plain = re.sub(r"^\([^)]*\)", "", plain)  # the portal's `(US) East US 2`
    wanted = fold(plain)
    same = [name for name, display in names.items() if wanted in (name, fold(display))]
    if same:
        return Recognition(same[0])
    if _OTHER_CLOUD.fullmatch(plain):
        return Recognition()
    words = _words(plain)
    turned = tuple(name for name, display in names.items() if len(words) > 1 and _words(display) == words)
    return Recognition(None, turned or tuple(name for name in close(wanted, names) if _agree(wanted, name)))


def _words(text: str) -> list[str]:
    """The words of a display name in any order, so that `US East 2`, a name of the price list, is `East US 2`."""
    return sorted(re.findall(r"[a-z]+|\d+", text.casefold()))


def _agree(wanted: str, name: str) -> bool:
    stated, known = set(_COMPASS.findall(wanted)), set(_COMPASS.findall(name))
    return stated <= known and re.sub(r"\D", "", wanted) == re.sub(r"\D", "", name)
