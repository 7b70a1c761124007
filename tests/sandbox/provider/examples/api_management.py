"""Inputs of an API Management service and of what lies in it."""

from __future__ import annotations

from tests.sandbox.provider.examples.common import GROUP, Examples

_SERVICE = {**GROUP, "serviceName": "gateway"}
_ID = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ApiManagement/service/gateway"
_BREAKER = {
    "name": "failures",
    "failureCondition": {
        "count": 1,
        "interval": "PT1M",
        "statusCodeRanges": [{"min": 429, "max": 429}, {"min": 500, "max": 599}],
    },
    "tripDuration": "PT1M",
    "acceptRetryAfter": True,
}

EXAMPLES: Examples = {
    "apimanagement:ApiManagementService": {
        **_SERVICE,
        "location": "eastus2",
        "publisherEmail": "team@example.com",
        "publisherName": "Team",
        "sku": {"name": "BasicV2", "capacity": 1},
        "identity": {"type": "SystemAssigned"},
        "virtualNetworkType": "None",
        "tags": {"a": "b"},
    },
    "apimanagement:Backend": {
        **_SERVICE,
        "backendId": "eastus2",
        "type": "Single",
        "url": "https://llama.openai.azure.com/openai/v1",
        "protocol": "http",
        "credentials": {"header": {"api-key": ["{{llama-key}}"]}},
        "circuitBreaker": {"rules": [_BREAKER]},
    },
    "apimanagement:NamedValue": {
        **_SERVICE,
        "namedValueId": "llama-key",
        "displayName": "llama-key",
        "secret": True,
        "keyVault": {"secretIdentifier": "https://vault.vault.azure.net/secrets/llama-key"},
    },
    "apimanagement:Logger": {
        **_SERVICE,
        "loggerId": "insights",
        "loggerType": "applicationInsights",
        "credentials": {"connectionString": "InstrumentationKey=0"},
        "resourceId": "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Insights/components/llama",
    },
    "apimanagement:Api": {
        **_SERVICE,
        "apiId": "openai",
        "path": "openai/v1",
        "displayName": "OpenAI",
        "apiType": "http",
        "protocols": ["https"],
        "subscriptionRequired": True,
        "subscriptionKeyParameterNames": {"header": "api-key", "query": "api-key"},
    },
    "apimanagement:ApiOperation": {
        **_SERVICE,
        "apiId": "openai",
        "operationId": "chat",
        "displayName": "Chat",
        "method": "POST",
        "urlTemplate": "/chat/completions",
    },
    "apimanagement:ApiPolicy": {
        **_SERVICE,
        "apiId": "openai",
        "policyId": "policy",
        "format": "xml",
        "value": "<policies/>",
    },
    "apimanagement:ApiDiagnostic": {
        **_SERVICE,
        "apiId": "openai",
        "diagnosticId": "applicationinsights",
        "loggerId": f"{_ID}/loggers/insights",
        "metrics": True,
        "sampling": {"samplingType": "fixed", "percentage": 100},
    },
    "apimanagement:Product": {
        **_SERVICE,
        "productId": "team",
        "displayName": "Team",
        "subscriptionRequired": True,
        "approvalRequired": False,
        "state": "published",
    },
    "apimanagement:ProductApiLink": {
        **_SERVICE,
        "productId": "team",
        "apiLinkId": "openai",
        "apiId": f"{_ID}/apis/openai",
    },
    "apimanagement:ProductPolicy": {
        **_SERVICE,
        "productId": "team",
        "policyId": "policy",
        "format": "xml",
        "value": "<policies/>",
    },
    "apimanagement:Subscription": {
        **_SERVICE,
        "sid": "team",
        "displayName": "Team",
        "scope": f"{_ID}/products/team",
        "state": "active",
    },
}
