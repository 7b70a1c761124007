"""All that a workspace stands on, put together."""

from __future__ import annotations

from dataclasses import dataclass, field

from pulumi import Output, Resource
from pulumi_azure_native import machinelearningservices as ml
from pulumi_azure_native import operationalinsights

from azure_llama.settings.naming import StackNames
from azure_llama_components import dependencies as kinds
from azure_llama_components.diagnostics import ALL_METRICS, TRANSACTION, diagnose
from azure_llama_components.encryption import OwnVault, encryption
from azure_llama_components.identity import DATA_ROLES, UserAssignedIdentity, give_roles, user_assigned
from azure_llama_components.placement import Placement
from azure_llama_components.workspace_args import WorkspaceArgs

BLOBS = "Microsoft.Storage/storageAccounts/blobServices"


@dataclass(frozen=True, kw_only=True)
class Foundation:
    """What a workspace stands on.

    Attributes:
        storage_id, key_vault_id, application_insights_id: ARM ids.
        key_vault: The vault itself.
        container_registry_id: ARM id; None when there is none from the start.
        account: ARM id of the storage account, as a plain value.
        identity: The user-assigned identity; None for a system-assigned one.
        encryption: What the workspace says of its key; None for Microsoft's.
        needed: What else has to exist before the workspace.
        holds_data: ARM ids of what is worth a lock, as plain values, by what it is.
    """

    storage_id: Output[str]
    key_vault_id: Output[str]
    key_vault: Resource
    application_insights_id: Output[str]
    container_registry_id: Output[str] | None
    account: str
    identity: UserAssignedIdentity | None
    encryption: ml.EncryptionPropertyArgs | None
    needed: list[Resource] = field(default_factory=list)
    holds_data: dict[str, str] = field(default_factory=dict)


def lay(
    name: str,
    args: WorkspaceArgs,
    place: Placement,
    names: StackNames,
    *,
    tenant_id: str,
    logs: operationalinsights.Workspace,
) -> Foundation:
    """Make what a workspace stands on.

    Args:
        name: Required. Logical name of the workspace.
        args: Required.
        place: Required.
        names: Required.
        tenant_id: Required. The directory whose roles count.
        logs: Required. The stack's Log Analytics.
    """
    closed = args.network.closed
    own_key = args.encryption is not None and args.encryption.create
    keys = args.data_access == "AccessKey"
    storage = kinds.storage_account(f"{name}-storage", names.storage_account, place, keys=keys, closed=closed)
    vault = kinds.key_vault(
        f"{name}-vault",
        names.key_vault,
        place,
        tenant_id=tenant_id,
        soft_delete_days=args.soft_delete_days,
        purge_protection=args.purge_protection or own_key,
        closed=closed,
    )
    insights = kinds.application_insights(f"{name}-insights", names.application_insights, place, logs=logs.id)
    registry = None
    on: dict[str, tuple[str, Resource]] = {
        "storage account": (place.id(kinds.STORAGE_ACCOUNT, names.storage_account), storage),
        "key vault": (place.id(kinds.VAULT, names.key_vault), vault),
        "application insights": (place.id(kinds.APPLICATION_INSIGHTS, names.application_insights), insights),
    }
    if args.container_registry:
        registry = kinds.container_registry(f"{name}-registry", names.container_registry, place, closed=closed)
        on["container registry"] = (place.id(kinds.REGISTRY, names.container_registry), registry)
    identity = user_assigned(name, names.identity, place, args.identity)
    needed: list[Resource] = []
    if identity is not None:
        give_roles(name, place, identity, on)
        if not keys:
            files = DATA_ROLES[1]
            account, resource = on["storage account"]
            identity.give(f"{name}-files", place, scope=account, role=files, after=resource)
        needed += identity.depends_on
    key = None
    if args.encryption is not None:
        own = OwnVault(name=names.key_vault, id=on["key vault"][0], resource=vault)
        key, first = encryption(name, place, args.encryption, own, identity)
        needed += first
    if args.diagnostics:
        _diagnose(name, place, names, logs, {what: resource for what, (_, resource) in on.items()})
    return Foundation(
        storage_id=storage.id,
        key_vault_id=vault.id,
        key_vault=vault,
        application_insights_id=insights.id,
        container_registry_id=registry.id if registry else None,
        account=on["storage account"][0],
        identity=identity,
        encryption=key,
        needed=needed,
        holds_data={what.replace(" ", "-"): id_ for what, (id_, _) in on.items() if what != "application insights"},
    )


def _diagnose(
    name: str, place: Placement, names: StackNames, logs: operationalinsights.Workspace, made: dict[str, Resource]
) -> None:
    """Diagnostic settings; Application Insights keeps its data in Log Analytics anyway."""
    account = names.storage_account
    targets = [
        ("vault", "key vault", place.id(kinds.VAULT, names.key_vault), True, ALL_METRICS),
        ("storage", "storage account", place.id(kinds.STORAGE_ACCOUNT, account), False, TRANSACTION),
        ("blobs", "storage account", place.id(BLOBS, account, "default"), True, TRANSACTION),
        ("registry", "container registry", place.id(kinds.REGISTRY, names.container_registry), True, ALL_METRICS),
    ]
    for key, what, target, has_logs, metrics in targets:
        if what in made:
            diagnose(
                f"{name}-{key}-diagnostics",
                target=target,
                log_analytics=logs.id,
                logs=has_logs,
                metrics=metrics,
                opts=place.options(made[what]),
            )
