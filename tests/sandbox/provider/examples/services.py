"""Inputs of AI services, identities, registries, and of what lies in vaults and storage accounts."""

from __future__ import annotations

from tests.sandbox.provider.examples.common import GROUP, IDENTITY, Examples

EXAMPLES: Examples = {
    "cognitiveservices:Account": {
        **GROUP,
        "accountName": "cs",
        "kind": "ContentSafety",
        "location": "eastus2",
        "sku": {"name": "S0"},
        "identity": IDENTITY,
        "properties": {
            "customSubDomainName": "cs",
            "disableLocalAuth": True,
            "publicNetworkAccess": "Enabled",
            "restore": False,
            "networkAcls": {"defaultAction": "Deny", "ipRules": [{"value": "1.2.3.4"}]},
        },
    },
    "cognitiveservices:Deployment": {
        **GROUP,
        "accountName": "cs",
        "deploymentName": "chat",
        "sku": {"name": "GlobalStandard", "capacity": 100},
        "properties": {
            "model": {"format": "Meta", "name": "Llama-3.3-70B-Instruct", "version": "9"},
            "raiPolicyName": "Microsoft.DefaultV2",
            "versionUpgradeOption": "NoAutoUpgrade",
        },
    },
    "cognitiveservices:Project": {
        **GROUP,
        "accountName": "cs",
        "projectName": "llama",
        "location": "eastus2",
        "identity": IDENTITY,
        "properties": {"displayName": "Llama"},
    },
    "cognitiveservices:RaiPolicy": {
        **GROUP,
        "accountName": "cs",
        "raiPolicyName": "strict",
        "properties": {
            "basePolicyName": "Microsoft.DefaultV2",
            "mode": "Default",
            "contentFilters": [
                {"name": "Hate", "severityThreshold": "Low", "blocking": True, "enabled": True, "source": "Prompt"}
            ],
        },
    },
    "managedidentity:UserAssignedIdentity": {**GROUP, "resourceName": "id", "location": "eastus2", "tags": {"a": "b"}},
    "containerregistry:Registry": {
        **GROUP,
        "registryName": "registry1",
        "location": "eastus2",
        "sku": {"name": "Premium"},
        "adminUserEnabled": False,
        "publicNetworkAccess": "Disabled",
        "networkRuleSet": {
            "defaultAction": "Deny",
            "ipRules": [{"iPAddressOrRange": "1.2.3.4", "action": "Allow"}],
        },
        "policies": {"retentionPolicy": {"days": 7, "status": "enabled"}, "exportPolicy": {"status": "disabled"}},
    },
    "keyvault:Key": {
        **GROUP,
        "vaultName": "kv1",
        "keyName": "cmk",
        "properties": {
            "kty": "RSA",
            "keySize": 3072,
            "attributes": {"enabled": True},
            "rotationPolicy": {
                "attributes": {"expiryTime": "P2Y"},
                "lifetimeActions": [{"action": {"type": "rotate"}, "trigger": {"timeBeforeExpiry": "P30D"}}],
            },
        },
    },
    "keyvault:Secret": {
        **GROUP,
        "vaultName": "kv1",
        "secretName": "llama-primary",
        "properties": {
            "value": "not a secret",
            "contentType": "text/plain",
            "attributes": {"enabled": True, "expires": 1_800_000_000, "notBefore": 1_700_000_000},
        },
        "tags": {"a": "b"},
    },
    "storage:BlobContainer": {
        **GROUP,
        "accountName": "sa1",
        "containerName": "model-data",
        "publicAccess": "None",
        "metadata": {"a": "b"},
    },
}
