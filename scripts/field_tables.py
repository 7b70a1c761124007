"""The tables of fields in `docs/from-elsewhere.md`: what `azure-llama convert` makes of each field of `az ml`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from azure_llama.conversion.fields import NAME, Field
from azure_llama.conversion.kinds import KINDS

PAGE: Final = Path("docs/from-elsewhere.md")
_BLOCK = re.compile(r"(<!-- fields: ([\w-]+) -->\n).*?(<!-- end -->)", re.DOTALL)
_HEAD = "| `az ml` | stack | note |\n|---|---|---|\n"


def generated(root: Path) -> dict[Path, str]:
    """The page with its tables as they must be.

    Args:
        root: Required. The repository.
    """
    text = (root / PAGE).read_text(encoding="utf-8")
    return {PAGE: _BLOCK.sub(lambda block: f"{block[1]}{_table(block[2])}{block[3]}", text)}


def _table(kind: str) -> str:
    fields = [each for each in KINDS[kind].fields if not each.ignored]
    ignored = ", ".join(f"`{each.path}`" for each in KINDS[kind].fields if each.ignored)
    return f"{_HEAD}{''.join(map(_row, fields))}\nLeft out without a note, since Azure writes them: {ignored}.\n"


def _row(field: Field) -> str:
    path = field.path.replace(f".{NAME}", ".NAME")
    key = f"`{field.key}`" if field.key else "not carried"
    usual = f" (`{field.usual}` is left out without a note)" if field.usual else ""
    return f"| `{path}` | {key} | {field.note}{usual} |\n"
