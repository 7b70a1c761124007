"""What exemptions cover in one run.

Apart from the file of exemptions (`azure_llama_policies.exemptions`), whose reading needs pydantic: that takes the pack
longer to load than all its rules, and few projects have the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Final

from azure_llama_policies.rule import Outcome, Verdict

if TYPE_CHECKING:
    from azure_llama_policies.exemptions import Exemption

FILE: Final = "policy-exemptions.yaml"


@dataclass
class Ledger:
    """The violations that exemptions cover in one run.

    Attributes:
        exemptions: All of them.
        today: The day of the run (UTC).
        exempted: What they have covered so far: the rule's id, the verdict and the exemption.
    """

    exemptions: Sequence[Exemption]
    today: date
    exempted: list[tuple[str, Verdict, Exemption]] = field(default_factory=list)

    def keep(self, rule: str, verdicts: Iterable[Verdict]) -> list[Verdict]:
        """A rule's verdicts without the violations that are exempted; those are noted."""
        kept = []
        for verdict in verdicts:
            exemption = self._exemption(rule, verdict)
            if exemption is None:
                kept.append(verdict)
            else:
                self.exempted.append((rule, verdict, exemption))
        return kept

    def _exemption(self, rule: str, verdict: Verdict) -> Exemption | None:
        if verdict.outcome is not Outcome.VIOLATED:
            return None
        valid = (each for each in self.exemptions if not self._is_over(each))
        return next((each for each in valid if each.covers(rule, verdict.resource)), None)

    def _is_over(self, exemption: Exemption) -> bool:
        return exemption.expires < self.today

    @property
    def expired(self) -> list[Exemption]:
        """Those whose day is past: they cover nothing any more."""
        return [each for each in self.exemptions if self._is_over(each)]

    @property
    def unused(self) -> list[Exemption]:
        """Those that hold, and have covered nothing."""
        used = [exemption for _, _, exemption in self.exempted]
        return [each for each in self.exemptions if each not in used and not self._is_over(each)]
