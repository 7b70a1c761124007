"""The package's data files: JSON arrays, one row a line, read on first use."""

from __future__ import annotations

from functools import cache
from typing import Any

Row = dict[str, Any]


@cache
def package_rows(name: str) -> tuple[Row, ...]:
    """The rows of `data/<name>.json`, in the order of the file. Callers do not change them."""
    import json  # both here, so that importing the catalogue stays cheap
    from importlib.resources import files

    text = files("azure_llama.catalog").joinpath("data", f"{name}.json").read_text(encoding="utf-8")
    return tuple(json.loads(text))
