"""Roles and actions of Azure's access control, as far as deploying Llama needs them."""

from __future__ import annotations

from dataclasses import dataclass

_ML = "Microsoft.MachineLearningServices"


@dataclass(frozen=True)
class Grant:
    """The part of the article's custom role that is given at one scope.

    Attributes:
        scope: `subscription`, `resource group` or `workspace`.
        purpose: What it is for.
        actions: The actions that the documents list.
        also: Actions that ARM checks beside: the documents name a resource type that ARM does not have.
        source: Key of the source.
        as_of: Its date.
    """

    scope: str
    purpose: str
    actions: tuple[str, ...]
    also: tuple[str, ...]
    source: str
    as_of: str


CUSTOM_ROLE = (
    Grant(
        "subscription",
        "subscribe a workspace to a marketplace offer, once for each workspace and offer",
        (
            "Microsoft.MarketplaceOrdering/agreements/offers/plans/read",
            "Microsoft.MarketplaceOrdering/agreements/offers/plans/sign/action",
            "Microsoft.MarketplaceOrdering/offerTypes/publishers/offers/plans/agreements/read",
            "Microsoft.Marketplace/offerTypes/publishers/offers/plans/agreements/read",
            "Microsoft.SaaS/register/action",
        ),
        (),
        "article-2024-11",
        "2024-11",
    ),
    Grant(
        "resource group",
        "hold the subscription's SaaS resource",
        ("Microsoft.SaaS/resources/read", "Microsoft.SaaS/resources/write"),
        (),
        "article-2024-11",
        "2024-11",
    ),
    Grant(
        "workspace",
        "deploy serverless endpoints",
        (
            f"{_ML}/workspaces/marketplaceModelSubscriptions/*",
            f"{_ML}/workspaces/serverlessEndpoints/*",
        ),
        (f"{_ML}/workspaces/marketplaceSubscriptions/*",),
        "article-2024-11",
        "2024-11",
    ),
)
"""The custom role of the article, scope by scope."""


@dataclass(frozen=True)
class Operation:
    """Something that a caller does, and the action that it takes.

    Attributes:
        what: The operation.
        action: The action; None when none is checked.
        scope: Where it is checked.
        source: Key of the source.
        as_of: Its date.
    """

    what: str
    action: str | None
    scope: str
    source: str
    as_of: str


_ONLINE = f"{_ML}/workspaces/onlineEndpoints"
_AUTH = ("online-auth-2023-12", "2023-12-15")

OPERATIONS = (
    Operation("create or update a managed endpoint or deployment", f"{_ONLINE}/write", "workspace", *_AUTH),
    Operation("delete a managed endpoint or deployment", f"{_ONLINE}/delete", "workspace", *_AUTH),
    Operation("read a managed endpoint or deployment", f"{_ONLINE}/read", "workspace", *_AUTH),
    Operation("fetch the keys of a managed endpoint", f"{_ONLINE}/listKeys/action", "endpoint", *_AUTH),
    Operation("regenerate the keys of a managed endpoint", f"{_ONLINE}/regenerateKeys/action", "endpoint", *_AUTH),
    Operation("fetch an Azure ML token of a managed endpoint", f"{_ONLINE}/token/action", "endpoint", *_AUTH),
    Operation("call a managed endpoint with a key or an Azure ML token", None, "endpoint", *_AUTH),
    Operation("call a managed endpoint with an Entra token", f"{_ONLINE}/score/action", "endpoint", *_AUTH),
    Operation(
        "fetch the keys of a serverless endpoint",
        f"{_ML}/workspaces/serverlessEndpoints/listKeys/action",
        "endpoint",
        "hearsay",
        "2026-11-22",
    ),
    Operation(
        "create a compute instance",
        f"{_ML}/workspaces/computes/write",
        "workspace",
        "assign-roles-2024-09",
        "2024-09-03",
    ),
    Operation(
        "change quota", f"{_ML}/locations/updateQuotas/action", "subscription", "assign-roles-2024-09", "2024-09-03"
    ),
    Operation(
        "use Azure ML for the first time",
        f"{_ML}/register/action",
        "subscription",
        "assign-roles-2024-09",
        "2024-09-03",
    ),
    Operation(
        "scale a deployment automatically",
        "microsoft.insights/autoscalesettings/write",
        "where the setting is created",
        "assign-roles-2024-09",
        "2024-09-03",
    ),
)
"""What deploying and calling take, operation by operation."""


@dataclass(frozen=True)
class BuiltInRole:
    """A role that every Azure directory has.

    Attributes:
        name: Its name.
        id: The GUID of its definition, the same everywhere.
        source: Key of the source.
        as_of: Its date.
        actions: What it allows; None when unknown.
        not_actions: What is taken from that; None when unknown.
    """

    name: str
    id: str
    source: str
    as_of: str
    actions: tuple[str, ...] | None = None
    not_actions: tuple[str, ...] | None = None


_DOCUMENT = ("builtin-roles-2024-04", "2024-04-25")
_TEMPLATES = ("templates", "2026-11-22")
_GENERAL = ("upstream", "2026-11-22")

BUILT_IN = (
    BuiltInRole(
        "AzureML Data Scientist",
        "f6c7c914-8db3-469d-8ca1-694a8f32e121",
        *_DOCUMENT,
        tuple(f"{_ML}/workspaces/*/{verb}" for verb in ("read", "action", "delete", "write")),
        tuple(
            f"{_ML}/workspaces/{action}"
            for action in (
                "delete",
                "write",
                "computes/*/write",
                "computes/*/delete",
                "computes/listKeys/action",
                "listKeys/action",
                "hubs/write",
                "hubs/delete",
                "featurestores/write",
                "featurestores/delete",
            )
        ),
    ),
    BuiltInRole(
        "AzureML Compute Operator",
        "e503ece1-11d0-4e8e-8e2c-7a6c3bf38815",
        *_DOCUMENT,
        (f"{_ML}/workspaces/computes/*", f"{_ML}/workspaces/notebooks/vm/*"),
        (),
    ),
    BuiltInRole("Cognitive Services Contributor", "25fbc0a9-bd7c-42a3-aa1a-3b75d497ee68", *_DOCUMENT),
    BuiltInRole("Azure AI Developer", "64702f94-c441-49e6-a78b-ef80e0188fee", *_TEMPLATES),
    BuiltInRole("Azure AI Inference Deployment Operator", "3afb7f49-54cb-416e-8c09-6dc049efa503", *_TEMPLATES),
    BuiltInRole("Azure AI Administrator", "b78c5d69-af96-48a3-bf8d-a8b4d589de94", *_TEMPLATES),
    BuiltInRole("Azure AI User", "53ca6127-db72-4b80-b1b0-d745d6d5456d", *_TEMPLATES),
    BuiltInRole(
        "Cognitive Services User", "a97b65f3-24c7-4388-baec-2e87135dc908", "foundry-roles-2026-04", "2026-04-13"
    ),
    BuiltInRole("Cognitive Services OpenAI User", "5e0bd9bd-7b93-4f28-af87-19fc36ad61bd", *_TEMPLATES),
    BuiltInRole("AcrPull", "7f951dda-4ed3-4680-a7ca-43fe172d538d", *_TEMPLATES),
    BuiltInRole("Storage Blob Data Reader", "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1", *_TEMPLATES),
    BuiltInRole("Storage Blob Data Contributor", "ba92f5b4-2d11-453d-a403-e96b0029c9fe", *_TEMPLATES),
    BuiltInRole("Contributor", "b24988ac-6180-42a0-ab88-20f7382dd24c", *_TEMPLATES),
    BuiltInRole("Key Vault Secrets User", "4633458b-17de-408a-b874-0445c86b69e6", *_TEMPLATES),
    BuiltInRole("Owner", "8e3af657-a8ff-443c-a75c-2fe8c4bcb635", *_GENERAL),
    BuiltInRole("Reader", "acdd72a7-3385-48ef-bd42-f606fba81ae7", *_GENERAL),
    BuiltInRole("AzureML Metrics Writer", "635dd51f-9968-44d3-b7fb-6d9a6bd613ae", *_GENERAL),
    BuiltInRole("AzureML Registry User", "1823dd4f-9b8c-4ab6-ab4e-7397a3684615", *_GENERAL),
    BuiltInRole("AML Workspace Connection Secrets Reader", "ea01e6af-a1c1-4350-9563-ad00f8c72ec5", *_GENERAL),
    BuiltInRole("Managed Identity Operator", "f1a07417-d97a-45cb-824c-7a7467783830", *_GENERAL),
    BuiltInRole("Key Vault Administrator", "00482a5a-887f-4fb3-b363-3b7fe8e74483", *_GENERAL),
    BuiltInRole("Key Vault Crypto Service Encryption User", "e147488a-f6f5-4113-8e2d-b22465e65bf6", *_GENERAL),
    BuiltInRole("Storage File Data Privileged Contributor", "69566ab7-960f-475b-8e7c-b3118f30c6bd", *_GENERAL),
)
"""The built-in roles that the facts name."""


@dataclass(frozen=True)
class Need:
    """A role that something has to have on something else.

    Attributes:
        role: Name of the built-in role.
        on: What it is given on.
        source: Key of the source.
        as_of: Its date.
    """

    role: str
    on: str
    source: str
    as_of: str


_IDENTITY = ("ml-identity-2025-06", "2025-06-10")

WORKSPACE_IDENTITY = (
    Need("Contributor", "storage account", *_IDENTITY),
    Need("Storage Blob Data Contributor", "storage account", *_IDENTITY),
    Need("Contributor", "key vault", *_IDENTITY),
    Need("Key Vault Administrator", "key vault", *_IDENTITY),
    Need("Contributor", "container registry", *_IDENTITY),
    Need("Contributor", "application insights", *_IDENTITY),
    Need("Contributor", "workspace", *_IDENTITY),
)
"""What a user-assigned identity must have to be a workspace's own. Azure gives a system-assigned one all it needs, but
for data in a storage account without keys."""


def find_role(text: str) -> BuiltInRole | None:
    """The built-in role of a name or GUID, in any letter case; None when it is not in the catalogue."""
    wanted = text.casefold()
    return next((role for role in BUILT_IN if wanted in (role.name.casefold(), role.id)), None)
