"""Names of VM sizes as people and tools write them: without `Standard_`, with spaces or dashes, in any letter case."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from azure_llama.catalog.recognition import Recognition
from azure_llama.documents.spelling import fold

_FORM = re.compile(
    r"(?P<series>[a-z]{1,2})(?P<cores>\d{1,3})(?P<features>[a-z]*?)(?P<gpu>(?:[at]\d+|[hv]\d{3})?)(?P<version>(?:v\d+)?)",
    re.ASCII,
)
_PREFIX = "standard"


def recognise(text: str, gpus: Mapping[str, str], usable: Iterable[str] | None = None) -> Recognition:
    """The VM size that a text names, or those of the same series and number of cores, with the GPU if it names one.

    Args:
        text: Required. The size, as typed.
        gpus: Required. Make and model of the GPU by the valid names: `NVIDIA A100 80GB PCIe`.
        usable: Optional. The names that may be suggested; all when None.
    """
    wanted = fold(text[:200]).removeprefix(_PREFIX)
    same = [name for name in gpus if fold(name).removeprefix(_PREFIX) == wanted]
    if same:
        return Recognition(same[0])
    parts = _parts(wanted)
    if parts is None:
        return Recognition()
    others = gpus if usable is None else usable
    ranked = [(rank, name) for name in others if (rank := _rank(parts, name, gpus[name]))]
    best = max((rank for rank, _ in ranked), default=0)
    return Recognition(None, tuple(name for rank, name in ranked if rank == best))


def _parts(wanted: str) -> dict[str, str] | None:
    match = _FORM.fullmatch(wanted) or _FORM.search(wanted[wanted.find("n") :])
    return match.groupdict() if match else None


def _rank(parts: dict[str, str], name: str, gpu: str) -> int:
    """How much of a size agrees; 0 when it is another series, number of cores or GPU."""
    other = _parts(fold(name).removeprefix(_PREFIX))
    if other is None or any(parts[key] != other[key] for key in ("series", "cores")):
        return 0
    if parts["gpu"] and parts["gpu"] not in gpu.casefold().split():
        return 0
    return 1 + 2 * (parts["features"] == other["features"]) + (parts["version"] == other["version"])
