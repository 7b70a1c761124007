"""The example of a rule: a piece of a stack's configuration, or a program, that violates the rule, and its fix."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from textwrap import indent
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """The example on the page of a rule, which a test runs through `azure-llama check`.

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


_DEPLOYMENT = """\
azure-llama:managed:
  llama-8b:
    deployments:
      blue:
        model: Meta-Llama-3.1-8B-Instruct
        vmSize: Standard_NC24ads_A100_v4
"""
_KEY_VAULT = """\
from pulumi_azure_native import keyvault

keyvault.Vault(
    "vault",
    resource_group_name="rg-llama",
    properties={
        "tenant_id": "00000000-0000-0000-0000-000000000000",
        "sku": {"family": "A", "name": "standard"},
"""
_STORAGE_ACCOUNT = """\
from pulumi_azure_native import storage

storage.StorageAccount(
    "storage",
    resource_group_name="rg-llama",
    kind=storage.Kind.STORAGE_V2,
    sku={"name": storage.SkuName.STANDARD_LRS},
"""


def deployment(lines: str) -> str:
    """The configuration of a managed deployment that has the given lines as well."""
    return _DEPLOYMENT + indent(lines, " " * 8) + "\n"


def key_vault(line: str) -> str:
    """A program with a key vault that has the given property as well."""
    return f"{_KEY_VAULT}        {line}\n    }},\n)\n"


def storage_account(line: str) -> str:
    """A program with a storage account that has the given argument as well."""
    return f"{_STORAGE_ACCOUNT}    {line}\n)\n"
