"""The example of a rule: a piece of a stack's configuration, or a program, that violates the rule, and its fix."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """What the page of a rule shows, and what a test runs through `azure-llama check`.

    Attributes:
        noncompliant: Required. Keys of a stack's `config`, or a whole Pulumi program. A comment `# violated` marks
            the value.
        compliant: Required. The same without the violation.
        settings: Optional. The rule's settings that both are judged with.
        files: Optional. The text of files beside Pulumi.yaml, by name.
        rejected_at: Conditional. The key of the configuration at which this project's program rejects the
            non-compliant value before any rule is judged. Empty when the value reaches the rule.
    """

    noncompliant: str
    compliant: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    rejected_at: str = ""

    @property
    def language(self) -> str:
        """`yaml` for keys of a stack's configuration, `python` for a program."""
        return "yaml" if self.noncompliant.startswith("azure-") else "python"
