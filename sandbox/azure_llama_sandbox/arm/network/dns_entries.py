"""Which names lead to a private endpoint: the entries that its owner, or a zone group, makes."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from azure_llama_sandbox.arm import private_links
from azure_llama_sandbox.hosts import FOUNDRY_DOMAINS
from azure_llama_sandbox.store import Resource, Store

# What an endpoint leads to: the domain of its hosts, and the zone that answers for them inside a network.
_ZONES: dict[str, tuple[str, str]] = {
    **{
        part: (f"{part}.core.windows.net", f"privatelink.{part}.core.windows.net")
        for part in ("blob", "dfs", "file", "queue", "table", "web")
    },
    "vault": ("vault.azure.net", "privatelink.vaultcore.azure.net"),
    "registry": ("azurecr.io", "privatelink.azurecr.io"),
}
_WORKSPACE, _ACCOUNT = "amlworkspace", "account"


@dataclass(frozen=True)
class Entry:
    """A name that leads to an endpoint.

    Attributes:
        record: Required. The part before the domain.
        domain: Required. Domain of the public name.
        zone: Required. The private zone that has the record.
    """

    record: str
    domain: str
    zone: str


def entries(store: Store, endpoint: Resource) -> list[Entry]:
    """All names of an endpoint. (A workspace has a few more: of its model management and its compute instances.)"""
    found: list[Entry] = []
    for connection in private_links.asked(endpoint.properties):
        properties = connection["properties"]
        target = store.get(properties["privateLinkServiceId"])
        if target is None:
            continue
        for group in properties["groupIds"]:
            if str(group).lower() == _WORKSPACE:
                found += _of_workspace(target)
            elif str(group).lower() == _ACCOUNT:
                found += _of_account(target)
            else:
                found.append(Entry(target.name.lower(), *_ZONES[str(group).lower()]))
    return found


def _of_account(account: Resource) -> list[Entry]:
    """The names of an account's own hosts: a Foundry account has three, with a zone each."""
    urls = (account.properties["endpoint"], *account.properties["endpoints"].values())
    parts = sorted({tuple(str(urlsplit(url).hostname).split(".", 1)) for url in urls})
    return [Entry(name, domain, f"privatelink.{domain}") for name, domain in parts if domain in FOUNDRY_DOMAINS]


def _of_workspace(workspace: Resource) -> list[Entry]:
    region, guid = workspace.body["location"], workspace.properties["workspaceId"]
    notebooks = workspace.properties["notebookInfo"]["fqdn"].removesuffix(".notebooks.azure.net")
    return [
        Entry(f"{guid}.workspace.{region}", "api.azureml.ms", "privatelink.api.azureml.ms"),
        Entry(notebooks, "notebooks.azure.net", "privatelink.notebooks.azure.net"),
    ]
