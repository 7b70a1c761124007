"""Creates, lists, deletes and purges a Foundry account with azure-mgmt-cognitiveservices.

Writes one JSON line for each step; the first argument is the resource group.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import warnings
from collections.abc import Callable
from typing import Any

from azure.identity import DefaultAzureCredential
from azure.mgmt.cognitiveservices import CognitiveServicesManagementClient

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
LOCATION, ACCOUNT = "eastus2", "sdk-llama"
MODEL = {"format": "Meta", "name": "Llama-3.3-70B-Instruct", "version": "5"}


def steps(client: CognitiveServicesManagementClient, group: str) -> dict[str, Callable[[], Any]]:
    """All steps, in an order in which they can be done."""
    account: Any = {
        "location": LOCATION,
        "kind": "AIServices",
        "sku": {"name": "S0"},
        "identity": {"type": "SystemAssigned"},
        "properties": {"customSubDomainName": ACCOUNT, "allowProjectManagement": True},
    }
    deployment: Any = {"sku": {"name": "GlobalStandard", "capacity": 2}, "properties": {"model": MODEL}}
    project: Any = {"location": LOCATION, "identity": {"type": "SystemAssigned"}, "properties": {}}
    made, deleted = client.deployments, client.deleted_accounts

    def names(rows: Any) -> list[str]:
        return [each.name for each in rows]

    return {
        "models of the region": lambda: [each.model.name for each in client.models.list(LOCATION)],
        "usages of the region": lambda: [each.name.value for each in client.usages.list(LOCATION)],
        "account": lambda: client.accounts.begin_create(group, ACCOUNT, account).result().name,
        "account list": lambda: names(client.accounts.list()),
        "models": lambda: names(client.accounts.list_models(group, ACCOUNT)),
        "usages": lambda: len(client.accounts.list_usages(group, ACCOUNT).value),
        "deployment": lambda: made.begin_create_or_update(group, ACCOUNT, "chat", deployment).result().name,
        "deployment list": lambda: names(made.list(group, ACCOUNT)),
        "project": lambda: client.projects.begin_create(group, ACCOUNT, "llama", project).result().name,
        "project list": lambda: names(client.projects.list(group, ACCOUNT)),
        "project delete": lambda: client.projects.begin_delete(group, ACCOUNT, "llama").result(),
        "deployment delete": lambda: made.begin_delete(group, ACCOUNT, "chat").result(),
        "account delete": lambda: client.accounts.begin_delete(group, ACCOUNT).result(),
        "deleted accounts": lambda: names(deleted.list()),
        "purge": lambda: deleted.begin_purge(LOCATION, group, ACCOUNT).result(),
        "deleted accounts after the purge": lambda: names(deleted.list()),
    }


def main(group: str) -> None:
    """Take all steps."""
    client = CognitiveServicesManagementClient(DefaultAzureCredential(), os.environ["AZURE_SUBSCRIPTION_ID"])
    for step, do in steps(client, group).items():
        shown, error = None, None
        try:
            shown = do()
        except Exception as failure:
            error = f"{type(failure).__name__}: {failure}"[:800]
        sys.stdout.write(json.dumps({"step": step, "error": error, "shown": shown}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
