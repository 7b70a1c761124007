"""`vault-soft-delete`: a deleted key vault can be restored."""

from __future__ import annotations

from collections.abc import Iterator

from azure_llama_policies import frameworks
from azure_llama_policies import resource_types as types
from azure_llama_policies.example import Example, key_vault
from azure_llama_policies.expect import expect
from azure_llama_policies.resources import NotSeenError, Resource
from azure_llama_policies.rule import Accepted, Context, Level, ResourceRule, Severity, Violation
from azure_llama_policies.subjects import called
from azure_llama_policies.unseen import naming

_ON = "properties.enableSoftDelete"
_DAYS = "properties.softDeleteRetentionInDays"
_DEFAULT = 90


def check(vault: Resource, context: Context) -> Iterator[Violation]:
    """One violation when soft delete is off, or its days are too few."""
    off = list(expect(vault, _ON, (True,), "leave it on: Azure turns it on permanently", absent=True))
    yield from off
    if off:
        return
    least = context.config["minimumDays"]
    with naming(vault):
        given = vault.value(_DAYS)
    days = _DEFAULT if given is None else given
    if not isinstance(days, int):
        raise NotSeenError(f"{called(vault)}: '{_DAYS}' is not a number of days: {days}", _DAYS)
    if days < least:
        yield Violation(
            f"{called(vault)}: '{_DAYS}' is {days}, so a deleted vault is gone after {days} days; keep it for "
            f"{least:g} or more",
            _DAYS,
        )


RULE = ResourceRule(
    id="vault-soft-delete",
    title="A key vault has soft delete.",
    what="The soft delete of each key vault, and the days that it lasts.",
    why="A vault that is deleted by a slip takes the keys of everything encrypted with them.",
    fix="Leave soft delete on, and set softDeleteDays to what your organisation asks for; 90 is the most.",
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,
    sources=("azure-policy-2026-04", "psrule", "checkov"),
    types=frozenset({types.VAULT}),
    mirrors=("1e66c121-a66a-4b1f-9b83-0fd99bf0fc2d", "AZR-000124", "CKV_AZURE_111", "CKV_AZURE_42"),
    frameworks=frameworks.KEY_STORE,
    config={
        "minimumDays": {
            "type": "integer",
            "minimum": 7,
            "maximum": 90,
            "default": 7,
            "description": "The fewest days that a deleted vault must be kept.",
        }
    },
    azure=Accepted.SECURITY,
    check=check,
    example=Example(
        noncompliant=key_vault('"enable_soft_delete": False,      # violated'),
        compliant=key_vault('"enable_soft_delete": True,'),
    ),
)
