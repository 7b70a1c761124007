"""Blocks of documentation that hold the output of a command: between `<!-- output: NAME -->` and `<!-- end -->`."""

from __future__ import annotations

import re
from collections.abc import Mapping

BLOCK = re.compile(r"(<!-- output: (.+?) -->\n```\w*\n).*?(```\n<!-- end -->)", re.DOTALL)


def with_output(text: str, printed: Mapping[str, str]) -> str:
    """A page with new text in the blocks whose names are given; other blocks stay as they are."""
    return BLOCK.sub(lambda block: block[1] + printed[block[2]] + block[3] if block[2] in printed else block[0], text)
