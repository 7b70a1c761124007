"""The resources that a workspace needs, created together."""

from __future__ import annotations

from dataclasses import dataclass, field

from pulumi import Output, Resource
from pulumi_azure_native import applicationinsights, containerregistry, keyvault, storage
from pulumi_azure_native import machinelearningservices as ml

from azure_llama_components import dependencies as kinds
from azure_llama_components.build import Build
from azure_llama_components.diagnostics import ALL_METRICS, TRANSACTION, diagnose
from azure_llama_components.encryption import OwnVault, encryption
from azure_llama_components.identity import DATA_ROLES, UserAssignedIdentity, give_roles, user_assigned

BLOBS = "Microsoft.Storage/storageAccounts/blobServices"


@dataclass(frozen=True, kw_only=True)
class Foundation:
    """The dependencies of a workspace.

    Attributes:
        storage_id, key_vault_id, application_insights_id: ARM ids.
        key_vault: The vault itself.
        container_registry_id: ARM id; None when there is none from the start.
        account: ARM id of the storage account, as a plain value.
        identity: The user-assigned identity; None for a system-assigned one.
        encryption: The workspace's own key; None for Microsoft's.
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


@dataclass(frozen=True, kw_only=True)
class _Parts:
    storage: storage.StorageAccount
    vault: keyvault.Vault
    insights: applicationinsights.Component
    registry: containerregistry.Registry | None

    def by_kind(self, build: Build) -> dict[str, tuple[str, Resource]]:
        """Plain ARM id and resource, by what `roles.WORKSPACE_IDENTITY` calls it."""
        names, id_ = build.names, build.place.id
        parts: dict[str, tuple[str, Resource]] = {
            "storage account": (id_(kinds.STORAGE_ACCOUNT, names.storage_account), self.storage),
            "key vault": (id_(kinds.VAULT, names.key_vault), self.vault),
            "application insights": (id_(kinds.APPLICATION_INSIGHTS, names.application_insights), self.insights),
        }
        if self.registry is not None:
            parts["container registry"] = (id_(kinds.REGISTRY, names.container_registry), self.registry)
        return parts


def create_foundation(build: Build) -> Foundation:
    """Create what a workspace needs."""
    parts = _create_parts(build)
    by_kind = parts.by_kind(build)
    identity = user_assigned(build.name, build.names.identity, build.place, build.args.identity)
    needed = [] if identity is None else _grant(build, identity, by_kind)
    key = None
    if build.args.encryption is not None:
        vault = OwnVault(name=build.names.key_vault, id=by_kind["key vault"][0], resource=parts.vault)
        key, first = encryption(build.name, build.place, build.args.encryption, vault, identity)
        needed += first
    if build.args.diagnostics:
        _diagnose(build, {kind: resource for kind, (_, resource) in by_kind.items()})
    return Foundation(
        storage_id=parts.storage.id,
        key_vault_id=parts.vault.id,
        key_vault=parts.vault,
        application_insights_id=parts.insights.id,
        container_registry_id=parts.registry.id if parts.registry else None,
        account=by_kind["storage account"][0],
        identity=identity,
        encryption=key,
        needed=needed,
        holds_data={
            kind.replace(" ", "-"): id_ for kind, (id_, _) in by_kind.items() if kind != "application insights"
        },
    )


def _create_parts(build: Build) -> _Parts:
    name, args, place, names = build.name, build.args, build.place, build.names
    assert build.logs is not None, "a workspace without a hub that exists has its own Log Analytics"
    closed = args.network.closed
    own_key = args.encryption is not None and args.encryption.create
    return _Parts(
        storage=kinds.storage_account(
            f"{name}-storage", names.storage_account, place, keys=args.data_access == "AccessKey", closed=closed
        ),
        vault=kinds.key_vault(
            f"{name}-vault",
            names.key_vault,
            place,
            tenant_id=build.tenant_id,
            soft_delete_days=args.soft_delete_days,
            purge_protection=args.purge_protection or own_key,
            closed=closed,
        ),
        insights=kinds.application_insights(f"{name}-insights", names.application_insights, place, logs=build.logs.id),
        registry=kinds.container_registry(f"{name}-registry", names.container_registry, place, closed=closed)
        if args.container_registry
        else None,
    )


def _grant(build: Build, identity: UserAssignedIdentity, by_kind: dict[str, tuple[str, Resource]]) -> list[Resource]:
    """Give the workspace's identity its roles on what the workspace needs."""
    give_roles(build.name, build.place, identity, by_kind)
    if build.args.data_access != "AccessKey":
        account, resource = by_kind["storage account"]
        identity.give(f"{build.name}-files", build.place, scope=account, role=DATA_ROLES[1], after=resource)
    return identity.depends_on


def _diagnose(build: Build, resources: dict[str, Resource]) -> None:
    """Diagnostic settings; Application Insights keeps its data in Log Analytics anyway."""
    assert build.logs is not None
    place, names = build.place, build.names
    account = names.storage_account
    targets = [
        ("vault", "key vault", place.id(kinds.VAULT, names.key_vault), True, ALL_METRICS),
        ("storage", "storage account", place.id(kinds.STORAGE_ACCOUNT, account), False, TRANSACTION),
        ("blobs", "storage account", place.id(BLOBS, account, "default"), True, TRANSACTION),
        ("registry", "container registry", place.id(kinds.REGISTRY, names.container_registry), True, ALL_METRICS),
    ]
    for key, kind, target, has_logs, metrics in targets:
        if kind in resources:
            diagnose(
                f"{build.name}-{key}-diagnostics",
                target=target,
                log_analytics=build.logs.id,
                logs=has_logs,
                metrics=metrics,
                opts=place.options(resources[kind]),
            )
