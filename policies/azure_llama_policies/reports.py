"""Policies that report rules that were not evaluated, exemptions, and errors in the exemptions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from azure_llama_policies.rule import Level

NOT_SEEN: Final = "not-seen"
"""The policy that reports what rules could not see."""

EXEMPTED: Final = "exempted"
"""The policy that reports what is exempted, and exemptions that cover nothing."""

EXEMPTIONS_VALID: Final = "exemptions-valid"
"""The policy that reports errors in the exemptions, and exemptions whose day is past."""

REPORTS: Final[Mapping[str, Level]] = {
    NOT_SEEN: Level.ADVISORY,
    EXEMPTED: Level.ADVISORY,
    EXEMPTIONS_VALID: Level.MANDATORY,
}
"""All of them, with their levels."""
