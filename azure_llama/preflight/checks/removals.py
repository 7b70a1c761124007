"""Checks whether removed vault objects and computes can be deleted, since `pulumi up` deletes them last."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass

from azure_llama.arm import ArmError, NotFoundError, versions
from azure_llama.preflight.permissions import allows
from azure_llama.preflight.plan import Plan
from azure_llama.preflight.reader import Reader
from azure_llama.preflight.results import Result, failed, passed, skipped, unknown

_ID = re.compile(
    r"(?P<holder>.+/providers/microsoft\.(?:keyvault/vaults|machinelearningservices/workspaces)/[^/]+)"
    r"/(?P<collection>secrets|keys|computes)/(?P<name>[^/]+)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Removal:
    """The actions that deletions require.

    Attributes:
        noun: Required. What is deleted.
        action: Required. The action that it takes.
        role: Required. A built-in role that has it.
        data: Optional. Whether it is an action on the data in a vault, which Owner and Contributor do not have.
    """

    noun: str
    action: str
    role: str
    data: bool = True


_REMOVALS: Mapping[str, Removal] = {
    "secrets": Removal("secret", "Microsoft.KeyVault/vaults/secrets/delete", "Key Vault Secrets Officer"),
    "keys": Removal("key", "Microsoft.KeyVault/vaults/keys/delete", "Key Vault Crypto Officer"),
    "computes": Removal(
        *("compute", "Microsoft.MachineLearningServices/workspaces/computes/delete", "AzureML Compute Operator"),
        data=False,
    ),
}
"""By the collection that holds it."""


async def possible(plan: Plan, azure: Reader) -> list[Result]:
    """One result for each holder of something that leaves the stack while its holder stays."""
    if plan.held is None:
        return [skipped("removals", "the stack's state was not read")]
    leaving: dict[tuple[str, str], list[str]] = {}
    for id_ in sorted(plan.held):
        match = _ID.fullmatch(id_)
        if match and plan.leaves(id_) and not plan.leaves(match["holder"]):
            leaving.setdefault((match["holder"], match["collection"]), []).append(match["name"])
    answers = await asyncio.gather(*(_possible(azure, *key, names) for key, names in leaving.items()))
    return list(answers) or [skipped("removals", "nothing leaves the stack that takes a permission of its own")]


async def _possible(azure: Reader, holder: str, collection: str, names: list[str]) -> Result:
    removal = _REMOVALS[collection]
    what = f"{removal.noun} {', '.join(map(repr, names))} of {holder.rsplit('/', 1)[-1]}"
    remedy = f"az role assignment create --role '{removal.role}' --assignee <the caller> --scope {holder}"
    try:
        if removal.data and not await _has_roles(azure, holder):
            reason = "the vault has access policies, and whether one lets the caller delete it is not known"
            policy = f"--object-id <the caller> --{removal.noun}-permissions <those that it has> delete"
            return unknown(what, reason, f"az keyvault set-policy --name {holder.rsplit('/', 1)[-1]} {policy}")
        answer = await azure.list(f"{holder}/providers/Microsoft.Authorization/permissions", versions.PERMISSIONS)
    except NotFoundError:
        return passed(what, "it is gone already")
    except ArmError as error:
        return unknown(what, f"{error.reason}: {error}. Needed there: {removal.action}", remedy)
    if allows(answer, removal.action, data=removal.data):
        return passed(what, f"the caller may delete it ({removal.action})")
    evidence = (
        f"it leaves the stack, and the caller's roles lack {removal.action}: `pulumi up` fails when it deletes it"
    )
    return failed(what, evidence, remedy)


async def _has_roles(azure: Reader, vault: str) -> bool:
    body = await azure.get(vault, versions.KEY_VAULT)
    return bool((body.get("properties") or {}).get("enableRbacAuthorization"))
