"""Errors that ARM answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Refusal:
    """An error answer."""

    status: int
    error: dict[str, Any]

    @property
    def code(self) -> str:
        return str(self.error["code"])

    @property
    def message(self) -> str:
        return str(self.error["message"])

    @property
    def inner(self) -> list[str]:
        """Codes of the inner errors of Azure ML, outermost first."""
        infos: Iterable[dict[str, Any]] = self.error.get("additionalInfo", [])
        value = next((each["info"]["value"] for each in infos if each["type"] == "InnerError"), None)
        codes = []
        while value:
            codes.append(value["code"])
            value = value["innerError"]
        return codes
