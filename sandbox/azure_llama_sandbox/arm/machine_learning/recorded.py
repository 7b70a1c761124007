"""Values that Azure ML fills in, as recordings of Azure show them (2024-04 to 2026-03)."""

from __future__ import annotations

from typing import Any

Body = dict[str, Any]

WORKSPACE: Body = {
    "friendlyName": "",
    "description": "",
    "hbiWorkspace": False,
    "v1LegacyMode": False,
    "softDeleteEnabled": False,
    "publicNetworkAccess": "Enabled",
    "ipAllowlist": [],
    "networkAcls": {"defaultAction": "Allow", "bypass": "", "ipRules": [], "resourceAccessRules": []},
    "EnableSoftwareBillOfMaterials": False,
    "enableServiceSideCMKEncryption": False,
    "storageHnsEnabled": False,
}
WORKSPACE_NULLS: Body = dict.fromkeys(
    ("imageBuildCompute", "serverlessComputeSettings", "linkedModelInventoryArmId", "applicationInsights")
)
"""What a workspace shows as null when it has none."""
MANAGED_NETWORK: Body = {"enableNetworkMonitor": False, "enableFirewallLog": False}
CHANGEABLE_ISOLATION = ["AllowInternetOutbound", "AllowOnlyApprovedOutbound"]

CONNECTION: Body = {
    "useWorkspaceManagedIdentity": False,
    "isSharedToAll": False,
    "sharedUserList": [],
    "peRequirement": "NotRequired",
    "peStatus": "NotApplicable",
    "isDefault": True,
    "metadata": {},
}
CONNECTION_NULLS: Body = {"expiryTime": None, "error": None}
CONNECTION_GROUPS = {"Serverless": "AzureAI", "ContainerRegistry": "Azure"}
"""`group` by category; that of other categories was not recorded."""

INSTANCE: Body = {
    "applicationSharingPolicy": "Shared",
    "computeInstanceAuthorizationType": "personal",
    "enableNodePublicIp": True,
    "enableBatchPrivateLink": False,
    "enableOSPatching": False,
    "enableRootAccess": True,
    "enableSSO": True,
    "releaseQuotaOnStop": False,
    "customServices": [],
    "schedules": {"computeStartStop": []},
}
INSTANCE_NULLS: Body = dict.fromkeys(
    (
        "imageVersion",
        "subnet",
        "autologgerSettings",
        "personalComputeInstanceSettings",
        "setupScripts",
        "dataMounts",
        "dataDisks",
        "containers",
        "updateStatus",
    )
)
SSH: Body = {"sshPublicAccess": "Disabled", "adminUserName": "azureuser", "sshPort": 50000, "adminPublicKey": None}
INSTANCE_WHILE_CREATING: Body = dict.fromkeys(
    (
        "applicationSharingPolicy",
        "applications",
        "connectivityEndpoints",
        "customServices",
        "errors",
        "lastOperation",
        "osImageMetadata",
        "sshSettings",
        "state",
        "versions",
    )
)
IMAGE: Body = {
    "currentImageVersion": "24.06.10",
    "latestImageVersion": "24.06.10",
    "isLatestOsImageVersion": True,
    "osPatchingStatus": None,
}
ADDRESSES: Body = {"publicIpAddress": "192.0.2.4", "privateIpAddress": "10.0.0.4"}
"""The public one is from the range for documentation."""
