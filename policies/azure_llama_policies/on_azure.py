"""What Azure does with a violation of a rule."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Refused:
    """Azure refuses it, or its deployment fails.

    Attributes:
        codes: Required. The error codes, as the deployment reports them. Azure ML reports `UserError` for most errors.
        assumed: Optional. Whether no source quotes the code for this error; the sandbox then uses this one.
    """

    codes: tuple[str, ...]
    assumed: bool = False

    def __str__(self) -> str:
        """A sentence."""
        *first, last = (f"`{code}`" for code in self.codes)
        listed = f"{', '.join(first)} or {last}" if first else last
        source = " (assumed: no source quotes the code)" if self.assumed else ""
        return f"Azure refuses this with {listed}{source}."


class Accepted(StrEnum):
    """Azure is not known to refuse it. The value is a sentence that states what the rule is for."""

    COST = "Azure deploys this; it can cost more than intended."
    SECURITY = "Azure deploys this; it weakens security."
    SAFETY = "Azure deploys this; it can break an organization's own requirements."
    OPERATION = "Azure deploys this; it can fail, be slow or be lost in operation."
    LIFECYCLE = "Azure deploys this until a date."
    UNKNOWN = "It is unknown whether Azure refuses this."
