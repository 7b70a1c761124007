"""Frees the names of the dev stack that its last deletion keeps, and no others."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
from azure.core.credentials import TokenCredential

from azure_llama.arm import ArmClient, SignIn
from azure_llama.arm.clouds import PUBLIC
from azure_llama.arm.soft_deleted import Name
from azure_llama.purge import NameFinding, Outcome, find_all, free, names
from azure_llama.stack.planned import plan_stack
from azure_llama.stack.project import load


def free_names(folder: Path, stack: str, sandbox: Mapping[str, Any], credential: TokenCredential) -> list[NameFinding]:
    """Purge what keeps a name of a stack; returns what was purged.

    Args:
        folder: Required. The project's folder.
        stack: Required. The stack.
        sandbox: Required. The status of the running sandbox.
        credential: Required. Signs in to the sandbox.
    """
    who = SignIn("the sandbox", PUBLIC, sandbox["subscription"], lambda: credential, sandbox["tenant"])
    planned = plan_stack(load(folder, stack), who.subscription, who.tenant)
    wanted = names.of(((each.type, each.id) for each in planned.resources), planned.settings.location)
    findings = asyncio.run(_free(who, wanted, sandbox))
    return [finding for finding in findings if finding.outcome is Outcome.PURGED]


async def _free(who: SignIn, wanted: list[Name], sandbox: Mapping[str, Any]) -> list[NameFinding]:
    trust = ssl.create_default_context(cafile=sandbox["ca"])
    transport = httpx.AsyncHTTPTransport(proxy=sandbox["proxy"], verify=trust)
    async with ArmClient(who, transport=transport) as arm:
        return await free(arm, await find_all(arm, wanted))
