"""For each setting a stack, and an edit of it that gives the setting another valid value."""

from __future__ import annotations

from typing import Any

from tests.components import gateway_cases

SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-other/providers"
WORKSPACES = f"{GROUP}/Microsoft.MachineLearningServices/workspaces"
IDENTITIES = f"{GROUP}/Microsoft.ManagedIdentity/userAssignedIdentities"
NETWORK = f"{GROUP}/Microsoft.Network"
ACCOUNTS = f"{GROUP}/Microsoft.CognitiveServices/accounts"
LOGS = f"{GROUP}/Microsoft.OperationalInsights/workspaces"
VAULTS = f"{GROUP}/Microsoft.KeyVault/vaults"
SUBNETS = f"{NETWORK}/virtualNetworks/vnet/subnets"
KEY = "https://kv.vault.azure.net/keys/key"
ENVIRONMENTS = "azureml://registries/azureml/environments/vllm/versions"
GUIDS = [f"{digit * 8}-1111-1111-1111-111111111111" for digit in "12345"]
BLUE = {"model": "Meta-Llama-3.1-8B-Instruct", "vmSize": "Standard_NC24ads_A100_v4"}
PRINCIPAL = {"principalId": GUIDS[0], "principalType": "Group"}

BASE: dict[str, Any] = {
    "location": "eastus2",
    "workspace": {
        "name": "llama-dev",
        "names": {
            "hub": "hub",
            "storageAccount": "stllama",
            "keyVault": "kv-llama",
            "logAnalytics": "log-llama",
            "applicationInsights": "appi-llama",
            "containerRegistry": "crllama",
            "virtualNetwork": "vnet-llama",
            "identity": "id-llama",
            "contentSafety": "cs-llama",
        },
        "network": {
            "isolationMode": "AllowOnlyApprovedOutbound",
            "outboundRules": {
                "host": {"type": "FQDN", "destination": "example.com"},
                "private": {"type": "PrivateEndpoint", "resourceId": f"{VAULTS}/kv", "subresource": "vault"},
                "tag": {"type": "ServiceTag", "serviceTag": "AzureMonitor", "protocol": "TCP", "ports": "443"},
            },
            "privateEndpoint": {"addressSpace": "10.40.0.0/16"},
        },
        "identity": {"type": "UserAssigned"},
        "containerRegistry": True,
        "computeInstances": {
            "ci-one": {"vmSize": "Standard_DS3_v2", "assignedUser": {"objectId": GUIDS[0], "tenantId": GUIDS[1]}}
        },
    },
    "serverless": {
        "api": {"model": "Llama-3.3-70B-Instruct", "connections": {"flow": {"workspace": f"{WORKSPACES}/other"}}}
    },
    "managed": {
        "chat": {
            "auth": "Key",
            "identity": {"type": "UserAssigned", "id": f"{IDENTITIES}/id"},
            "mirrorTraffic": {"green": 10},
            "sharedQuota": {"since": "2026-11-25T18:00:00Z"},
            "deployments": {
                "blue": {
                    **BLUE,
                    "traffic": 100,
                    "modelVersion": "4",
                    "environment": {"id": f"{ENVIRONMENTS}/3"},
                    "dataCollection": {},
                    "egressPublicNetworkAccess": "Disabled",
                    "maxConcurrentRequestsPerInstance": 4,
                    "probes": {"startup": {}},
                    "autoscale": {
                        "minimum": 2,
                        "maximum": 4,
                        "default": 3,
                        "rules": [
                            {"metric": "RequestLatency_P95", "above": 5000},
                            {"metric": "RequestLatency_P95", "below": 100},
                        ],
                        "schedules": {"weekend": {"days": ["Sunday"], "instances": 2}},
                    },
                },
                "green": {**BLUE, "traffic": 0},
            },
        },
        "plain": {"contentSafety": False, "deployments": {"one": BLUE}},
    },
    "foundry": {
        "contoso-llama": {
            "auth": "Key",
            "project": "llama",
            "network": {"ipRanges": ["203.0.113.0/24"], "privateEndpoint": {"addressSpace": "10.60.0.0/24"}},
            "identity": {"type": "UserAssigned", "id": f"{IDENTITIES}/id"},
            "encryption": {"keyVaultId": f"{VAULTS}/kv", "keyIdentifier": f"{KEY}/{'a' * 32}"},
            "logAnalyticsId": f"{LOGS}/logs",
            "filters": {"strict": {"rules": [{"name": "Hate", "source": "Prompt"}]}},
            "deployments": {
                "chat": {"model": "Llama-3.3-70B-Instruct", "modelVersion": "5", "capacity": 10, "format": "Meta"}
            },
        }
    },
    "gateway": gateway_cases.GATEWAY,
    "access": {"customRole": {"assignTo": {"team": PRINCIPAL}}, "callers": {"app": PRINCIPAL}},
    "secrets": {"expiresOn": "2027-01-01"},
    "budget": {"amount": 100, "startDate": "2026-12-01", "marketplaceAmount": 50, "contacts": ["a@example.com"]},
    "tags": {"team": "llama"},
}
"""Every section that a stack can have. Only what an edit needs is set."""

BESIDE = {"access": "serverless", "secrets": "serverless", "gateway": "foundry"}
"""The section that another one is about."""

_ACCOUNT = "foundry.*"
_MODEL = f"{_ACCOUNT}.deployments.*"
_CONTOSO = "foundry.contoso-llama"
_CHAT = {"model": "Llama-3.3-70B-Instruct", "modelVersion": "5", "capacity": 10}
_SHARED = {_CONTOSO: {"id": f"{ACCOUNTS}/shared", "deployments": {"chat": _CHAT}}}
_WORKSPACE = {"workspace": {"name": "llama-dev"}}
_DEPLOYMENT = "managed.*.deployments.*"
_BLUE = "managed.chat.deployments.blue"
_OWN_IMAGE = {f"{_BLUE}.environment": {"image": "vllm/vllm-openai:v0.11.0", "inference": {"port": 8000}}}
_OWN_CODE = {f"{_BLUE}.codeConfiguration": {"code": "azureml:code:1", "scoringScript": "score.py"}}
_OWN_MODEL = {f"{_BLUE}.model": "azureml:tuned:1", f"{_BLUE}.modelVersion": None}
_ENCRYPTION = "workspace.encryption"
_OWN_KEY = {_ENCRYPTION: {"keyVaultId": f"{VAULTS}/kv", "keyIdentifier": f"{KEY}/{'a' * 32}"}}

EDITS: dict[str, Any] = {
    "foundry.*.filters.*.base": "Microsoft.Default",
    "location": "westus3",
    "workspace.name": "llama-other",
    "serverless.*.model": "Meta-Llama-3.1-8B-Instruct",
    "serverless.*.connections.*.workspace": f"{WORKSPACES}/third",
    "managed.*.identity.id": f"{IDENTITIES}/id2",
    "managed.*.mirrorTraffic": {"green": 20},
    "managed.*.sharedQuota.since": "2026-11-26T18:00:00Z",
    "managed.*.diagnostics": False,
    "managed.*.tags": {"owner": "research"},
    "managed.*.properties": {"owner": "research"},
    "managed.*.description": "for tests",
    f"{_DEPLOYMENT}.tags": {"owner": "research"},
    f"{_DEPLOYMENT}.description": "for tests",
    f"{_DEPLOYMENT}.model": "Meta-Llama-3.1-8B",
    f"{_DEPLOYMENT}.modelVersion": "5",
    f"{_DEPLOYMENT}.vmSize": "Standard_NC48ads_A100_v4",
    f"{_DEPLOYMENT}.instances": 2,
    f"{_DEPLOYMENT}.base": "Meta-Llama-3.1-8B-Instruct",
    f"{_DEPLOYMENT}.modelName": "tuned",
    f"{_DEPLOYMENT}.modelMountPath": "/models",
    f"{_DEPLOYMENT}.environment.id": f"{ENVIRONMENTS}/4",
    f"{_DEPLOYMENT}.environment.image": "vllm/vllm-openai:v0.12.0",
    f"{_DEPLOYMENT}.environment.inference.liveness": "/live",
    f"{_DEPLOYMENT}.codeConfiguration.code": "azureml:code:2",
    f"{_DEPLOYMENT}.codeConfiguration.scoringScript": "other.py",
    f"{_DEPLOYMENT}.properties": {"owner": "research"},
    f"{_DEPLOYMENT}.dataCollection.collections": ["request"],
    f"{_DEPLOYMENT}.dataCollection.samplingRate": 0.5,
    f"{_DEPLOYMENT}.dataCollection.captureHeaders": ["x-request-id"],
    f"{_DEPLOYMENT}.environmentVariables": {"A": "1"},
    f"{_DEPLOYMENT}.requestTimeoutSeconds": 90,
    f"{_DEPLOYMENT}.maxQueueWait": "PT1S",
    f"{_DEPLOYMENT}.autoscale.schedules.*.days": ["Saturday"],
    f"{_DEPLOYMENT}.autoscale.schedules.*.start": "08:00",
    f"{_DEPLOYMENT}.autoscale.schedules.*.end": "20:00",
    f"{_DEPLOYMENT}.autoscale.schedules.*.timeZone": "W. Europe Standard Time",
    f"{_ACCOUNT}.network.ipRanges": ["198.51.100.7"],
    f"{_ACCOUNT}.network.privateEndpoint.addressSpace": "10.70.0.0/24",
    f"{_ACCOUNT}.network.privateEndpoint.dnsZoneIds": [
        f"{NETWORK}/privateDnsZones/privatelink.cognitiveservices.azure.com",
        f"{NETWORK}/privateDnsZones/privatelink.openai.azure.com",
        f"{NETWORK}/privateDnsZones/privatelink.services.ai.azure.com",
    ],
    f"{_ACCOUNT}.identity.id": f"{IDENTITIES}/id2",
    f"{_ACCOUNT}.encryption.keyIdentifier": f"{KEY}/{'b' * 32}",
    f"{_ACCOUNT}.diagnostics": False,
    f"{_ACCOUNT}.logAnalyticsId": f"{LOGS}/other",
    f"{_ACCOUNT}.project": "other",
    f"{_ACCOUNT}.tags": {"owner": "research"},
    f"{_MODEL}.model": "Llama-4-Scout-17B-16E-Instruct",
    f"{_MODEL}.modelVersion": "9",
    f"{_MODEL}.contentFilter": "strict",
    f"{_MODEL}.tags": {"owner": "research"},
    **gateway_cases.EDITS,
    "workspace.network.outboundRules.*.destination": "example.org",
    "workspace.network.privateEndpoint.addressSpace": "10.50.0.0/16",
    "workspace.network.privateEndpoint.dnsZoneIds": [
        f"{NETWORK}/privateDnsZones/privatelink.api.azureml.ms",
        f"{NETWORK}/privateDnsZones/privatelink.notebooks.azure.net",
    ],
    "workspace.network.firewallSku": "Basic",
    "workspace.identity.id": f"{IDENTITIES}/id",
    "workspace.resourceGroup": "rg-llama",
    "workspace.description": "A workspace",
    "workspace.friendlyName": "Llama",
    "workspace.imageBuildCompute": "cpu-cluster",
    "workspace.computeInstances.*.vmSize": "Standard_DS4_v2",
    "workspace.computeInstances.*.assignedUser.objectId": GUIDS[3],
    "workspace.computeInstances.*.assignedUser.tenantId": GUIDS[4],
    "access.customRole.assignTo.*.principalId": GUIDS[3],
    "access.callers.*.principalId": GUIDS[3],
    "secrets.keyVault": f"{VAULTS}/kv",
    "secrets.expiresOn": "2027-02-01",
    "budget.startDate": "2027-01-01",
    "budget.thresholds": [60],
    "budget.forecastThresholds": [90],
    "budget.contacts": ["b@example.com"],
    "budget.contactRoles": ["Owner"],
    "tags": {"team": "other"},
}
"""Another value of the settings for which none is obvious: not a boolean, a number or one of several words."""

BEFORE: dict[str, dict[str, Any]] = {
    f"{_DEPLOYMENT}.stopped": {"managed.chat.mirrorTraffic": None},
    "resourceGroup": {"workspace": None, "foundry": {"contoso-llama": {"deployments": {"chat": _CHAT}}}},
    f"{_ACCOUNT}.subDomain": _SHARED,
    f"{_ACCOUNT}.diagnostics": {f"{_CONTOSO}.logAnalyticsId": None},
    f"{_ACCOUNT}.identity.type": {f"{_CONTOSO}.encryption": None},
    **gateway_cases.BEFORE,
    f"{_DEPLOYMENT}.base": _OWN_MODEL,
    f"{_DEPLOYMENT}.environment.image": _OWN_IMAGE,
    **{
        f"{_DEPLOYMENT}.environment.inference.{key}": _OWN_IMAGE for key in ("port", "liveness", "readiness", "scoring")
    },
    f"{_DEPLOYMENT}.codeConfiguration.code": _OWN_CODE,
    f"{_DEPLOYMENT}.codeConfiguration.scoringScript": _OWN_CODE,
    "workspace.id": _WORKSPACE,
    "workspace.kind": _WORKSPACE,
    "workspace.hub": _WORKSPACE,
    "workspace.names.contentSafety": {"managed.plain.deployments.one": BLUE},
    "workspace.network.isolationMode": _WORKSPACE,
    "workspace.network.privateEndpoint.subnetId": {"workspace.names.virtualNetwork": None},
    "workspace.network.privateEndpoint.dnsZoneIds": {"workspace.names.virtualNetwork": None},
    "workspace.identity.type": {"workspace.names.identity": None},
    "workspace.identity.id": {"workspace.names.identity": None},
    "workspace.containerRegistry": {"workspace.names.containerRegistry": None},
    "workspace.encryption.keyVaultId": _OWN_KEY,
    "workspace.encryption.keyIdentifier": _OWN_KEY,
}
"""What is different before the edit, by full path; None removes the key."""

AFTER: dict[str, dict[str, Any]] = {
    f"{_DEPLOYMENT}.stopped": {"managed.chat.deployments.green.stopped": True},
    f"{_ACCOUNT}.id": _SHARED,
    f"{_ACCOUNT}.subDomain": {f"{_CONTOSO}.subDomain": "shared-llama"},
    f"{_ACCOUNT}.network.publicNetworkAccess": {f"{_CONTOSO}.network": {"publicNetworkAccess": "Disabled"}},
    f"{_ACCOUNT}.network.privateEndpoint.subnetId": {
        f"{_CONTOSO}.network.privateEndpoint": {"subnetId": f"{SUBNETS}/default"}
    },
    f"{_ACCOUNT}.identity.type": {f"{_CONTOSO}.identity": {}, f"{_CONTOSO}.encryption": None},
    "resourceGroup": {"resourceGroup": "rg-llama"},
    **gateway_cases.AFTER,
    f"{_DEPLOYMENT}.serves": {f"{_BLUE}.serves": "score", "managed.chat.deployments.green.serves": "score"},
    "serverless.*.auth": {"serverless.api.auth": "KeyAndAAD"},
    "managed.*.existing": {"managed.plain": {"existing": True, "contentSafety": False, "deployments": {"one": BLUE}}},
    "managed.*.identity.type": {"managed.chat.identity": {}},
    f"{_DEPLOYMENT}.traffic": {"managed.plain.deployments.one.traffic": 0},
    f"{_DEPLOYMENT}.autoscale.rules.[].below": {"managed.chat.deployments.blue.autoscale.rules.1.below": 200},
    "workspace.id": {"workspace": {"id": f"{WORKSPACES}/other"}},
    "workspace.hub": {"workspace.hub": f"{WORKSPACES}/hub"},
    "workspace.network.isolationMode": {"workspace.network": {"isolationMode": "AllowInternetOutbound"}},
    "workspace.network.outboundRules.*.type": {
        "workspace.network.outboundRules.host": {
            "type": "PrivateEndpoint",
            "resourceId": f"{VAULTS}/kv2",
            "subresource": "vault",
        }
    },
    "workspace.network.outboundRules.*.resourceId": {
        "workspace.network.outboundRules.private.resourceId": f"{VAULTS}/kv2"
    },
    "workspace.network.outboundRules.*.subresource": {
        "workspace.network.outboundRules.private.resourceId": f"{GROUP}/Microsoft.Storage/storageAccounts/st",
        "workspace.network.outboundRules.private.subresource": "blob",
    },
    "workspace.network.outboundRules.*.serviceTag": {
        "workspace.network.outboundRules.tag.serviceTag": "AzureActiveDirectory"
    },
    "workspace.network.outboundRules.*.protocol": {"workspace.network.outboundRules.tag.protocol": "UDP"},
    "workspace.network.outboundRules.*.ports": {"workspace.network.outboundRules.tag.ports": "80"},
    "workspace.network.privateEndpoint.subnetId": {
        "workspace.network.privateEndpoint": {"subnetId": f"{SUBNETS}/default"}
    },
    "workspace.encryption.create": {"workspace.encryption": {"create": True}},
    "workspace.encryption.keyVaultId": {"workspace.encryption.keyVaultId": f"{VAULTS}/kv2"},
    "workspace.encryption.keyIdentifier": {"workspace.encryption.keyIdentifier": f"{KEY}/{'b' * 32}"},
}
"""The whole edit, by full path, where other settings have to change with the one."""

UNCHANGING = {
    f"{_ACCOUNT}.encryption.create": "has one valid value, since an account takes a key that exists",
    f"{_ACCOUNT}.encryption.keyVaultId": "is in keyIdentifier, too",
    f"{_DEPLOYMENT}.fit": "decides only whether the size is checked against the model",
    f"{_DEPLOYMENT}.probes.liveness.successThreshold": "has one valid value",
    "requiredTags": "decides only which tags are checked",
}
"""The settings that change nothing that is deployed, and why."""
