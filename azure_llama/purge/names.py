"""The names of a stack that stay held after a deletion."""

from __future__ import annotations

from collections.abc import Iterable

from azure_llama.arm.soft_deleted import Kind, Name

KINDS = {
    "microsoft.machinelearningservices/workspaces": Kind.WORKSPACE,
    "microsoft.keyvault/vaults": Kind.VAULT,
    "microsoft.cognitiveservices/accounts": Kind.ACCOUNT,
    "microsoft.apimanagement/service": Kind.GATEWAY,
}
"""ARM types, in lower case."""


def of(resources: Iterable[tuple[str, str]], region: str) -> list[Name]:
    """The names among resources.

    Args:
        resources: Required. ARM type and id of each resource of the stack.
        region: Required. ARM name of the stack's region.
    """
    found = ((KINDS.get(type_.casefold()), id_) for type_, id_ in resources)
    return [Name(kind, id_, region) for kind, id_ in found if kind is not None]
