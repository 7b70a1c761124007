"""The package's data files: JSON arrays, one row a line, read on first use."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

Row = dict[str, Any]

_DATA = Path(__file__).with_name("data")


@cache
def package_rows(name: str) -> tuple[Row, ...]:
    """The rows of `data/<name>.json`, in the order of the file. Callers do not change them."""
    return tuple(json.loads((_DATA / f"{name}.json").read_bytes()))
