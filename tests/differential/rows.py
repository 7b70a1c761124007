"""Texts, and keys that go together, from which stacks are drawn."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from azure_llama.catalog import Catalog
from azure_llama.catalog.foundry import BUILT_IN_FILTERS
from tests.differential import around
from tests.differential.repair import Config

_CATALOG = Catalog.package()

WORDS = (
    *around.IDS * 5,
    *around.MISSING,
    "llama-one",
    "llama2",
    "Llama.Two",
    "blue",
    "platform@example.com",
    "Owner",
    "Contributor",
    "10.40.0.0/16",
    "10.40.0.0/27",
    "203.0.113.0/24",
    "example.com",
    "*.example.com",
    "AzureMonitor",
    "443",
    "2026-12-01",
    "2027-01-01",
    "2027-06-30",
    "2026-11-25T00:00:00Z",
    "PT30S",
    "08:00",
    "18:30",
    "UTC",
    "workspace",
    "22222222-2222-2222-2222-222222222222",
    "5a0d80c5-11a3-4a5d-9b0e-000000000002",
    "Standard_DS3_v2",
    "vllm/vllm-openai:v0.11.0",
    "azureml:support-bot:3",
    "azureml://registries/azureml/environments/foundation-model-inference/versions/70",
    "score.py",
    "/health",
    "azureml:support-bot-scoring:1",
    "azureml:support-bot:1",
    "ci-one",
    "llamastoreone",
    "Sunday",
    "4",
    "tcp",
    "https://ai.azure.com",
    "https://ml.azure.com",
    "Hate",
    "Violence",
    "Jailbreak",
    "Microsoft.DefaultV2",
    "blob",
    "1",
)
"""Texts for keys that only have a pattern, or none."""
_OPENAI = {"port": 8000, "liveness": "/health", "readiness": "/health", "scoring": "/v1/chat/completions"}
_CUSTOM = {"image": "vllm/vllm-openai:v0.11.0", "inference": _OPENAI}
_FOUNDATION = "azureml://registries/azureml/environments/foundation-model-inference/versions/70"
_KEY = "https://kv-around.vault.azure.net/keys/cmk/0123456789abcdef0123456789abcdef"
DAY = date(2026, 11, 25)
"""The day on which stacks are deployed: that of the examples."""
_REGIONS = ("eastus2", "eastus2", "eastus2", "eastus2", "eastus2", "swedencentral")
_SIZES = ("Standard_NC24ads_A100_v4", "Standard_NC40ads_H100_v5", "Standard_NC48ads_A100_v4")


def _managed_rows() -> list[Config]:
    """Models with a size that runs them."""
    rows = []
    for model in _CATALOG.models:
        for size in _SIZES:
            if size in model.managed.sizes or size in _CATALOG.smallest_sizes(model, "eastus2"):
                rows.append({"model": model.name, "vmSize": size})
    own = {"modelName": "own", "environment": _CUSTOM, "serves": "openai", "vmSize": _SIZES[0]}
    guard = {"model": "Llama-Guard-3-8B", "modelVersion": "4", "environment": _FOUNDATION, "fit": "Unchecked"}
    return [*rows, own, {**guard, "vmSize": _SIZES[0]}]


def _serverless_rows() -> list[Config]:
    return [{"model": model.name} for model in _CATALOG.serverless_models(_REGIONS[0], DAY)]


def _foundry_rows() -> list[Config]:
    """Versions with a SKU and a capacity."""
    table = _CATALOG.foundry
    rows = []
    for model in table.models:
        skus = table.offered_skus(model.format, model.name, model.version) if model.version else ()
        for sku in skus if model.lifecycle not in ("Deprecating", "Deprecated") else ():
            offer = table.offer(model.format, model.name, str(model.version), sku)
            if offer is None or _REGIONS[0] not in offer.regions:
                continue
            capacity = table.capacity(model.format, model.name, str(model.version), sku)
            least = (capacity.minimum if capacity else None) or 1
            row = {"model": model.name, "format": model.format, "modelVersion": model.version, "sku": sku}
            rows.append({**row, "capacity": least})
    return rows


_OUTBOUND: Config = {
    "host": {"type": "FQDN", "destination": "*.example.com"},
    "tag": {"type": "ServiceTag", "serviceTag": "AzureMonitor", "protocol": "TCP", "ports": "443"},
    "store": {"type": "PrivateEndpoint", "resourceId": around.STORE, "subresource": "blob"},
}
_BUSY: Config = {"metric": "GpuUtilizationPercentage", "above": 70}
_IDLE: Config = {"metric": "GpuUtilizationPercentage", "below": 20, "by": 1, "windowMinutes": 30}
_WEEKEND: Config = {
    "days": ["Saturday", "Sunday"],
    "start": "08:00",
    "end": "18:30",
    "timeZone": "UTC",
    "instances": 1,
}
ROWS: Mapping[str, list[Config]] = {
    "DeploymentSettings": _managed_rows(),
    "ServerlessSettings": _serverless_rows(),
    "FoundryDeploymentSettings": _foundry_rows(),
    "AutoscaleSettings": [
        {"minimum": 1, "maximum": 2, "rules": [_BUSY]},
        {"minimum": 1, "maximum": 3, "default": 2, "rules": [_BUSY, _IDLE], "schedules": {"weekend": _WEEKEND}},
    ],
    "ScalingRuleSettings": [
        {"metric": "RequestLatency_P95", "above": 8000},
        {"metric": "GpuUtilizationPercentage", "below": 20},
    ],
    "EncryptionSettings": [{"create": True}, {"keyVaultId": around.VAULT, "keyIdentifier": _KEY}],
    "PrivateEndpointSettings": [{"addressSpace": "10.40.0.0/16"}, {"subnetId": around.SUBNET}],
    "EndpointIdentitySettings": [{"type": "UserAssigned", "id": around.IDENTITY}, {"type": "SystemAssigned"}],
    "IdentitySettings": [{"type": "UserAssigned", "id": around.IDENTITY}, {"type": "UserAssigned"}],
    "FilterSettings": [{"base": base} for base in BUILT_IN_FILTERS],
    "FilterRuleSettings": [
        {"name": name, "source": source} for name in ("Hate", "Jailbreak") for source in ("Prompt", "Completion")
    ],
    "ScheduleSettings": [_WEEKEND],
    "DataCollectionSettings": [{"collections": ["request", "response"]}],
    "GatewaySettings": [
        {"id": around.SERVICE},
        {"name": "apim-llama", "publisherName": "Contoso", "publisherEmail": "platform@example.com"},
    ],
    "TeamSettings": [{"tokensPerMinute": 1000, "tokensPerMonth": 1000000}, {}],
    "EnvironmentSettings": [_CUSTOM, {"id": _FOUNDATION}],
    "OutboundRuleSettings": [*_OUTBOUND.values()],
    "NetworkSettings": [
        {"isolationMode": "AllowOnlyApprovedOutbound", "outboundRules": _OUTBOUND},
        {"isolationMode": "AllowInternetOutbound"},
    ],
    "ConnectionSettings": [{"workspace": around.WORKSPACE}, {"workspace": around.PROJECT}],
    "BudgetSettings": [{"startDate": "2026-12-01", "thresholds": [80], "contacts": ["platform@example.com"]}],
    "SecretsSettings": [{"keyVault": "workspace", "expiresOn": "2027-06-30"}],
}
"""Keys that go together, by the part of the settings that has them."""
SINGLE: Mapping[str, tuple[str, ...]] = {"azure-native:location": _REGIONS, "vmSize": _SIZES}
