"""Accounts as recordings show them (2025-09, 2025-10): kinds, SKUs, hosts, capabilities."""

from __future__ import annotations

from typing import Any

Body = dict[str, Any]

SKUS: dict[str, tuple[str, ...]] = {
    "ContentSafety": ("F0", "S0"),
    "AIServices": ("S0",),
    "CognitiveServices": ("S0",),
    "OpenAI": ("S0",),
    "TextAnalytics": ("F0", "S"),
    "FormRecognizer": ("F0", "S0"),
    "ComputerVision": ("F0", "S1"),
}
"""Kinds of account with their SKUs; what no recording has is general knowledge of Azure."""

_OPEN_AI = (
    "OpenAI Language Model Instance API",
    "OpenAI Dall-E API",
    "OpenAI Sora API",
    "OpenAI Moderations API",
    "OpenAI Whisper API",
    "OpenAI Model Scaleset API",
    "OpenAI Realtime API",
    "Token Service API",
    "Azure OpenAI Legacy API - Latest moniker",
)
_FOUNDRY = ("Azure AI Model Inference API", "Cohere AI API", "Mistral AI API", "Content Understanding")
_SERVICES = (
    "Content Safety",
    "Container",
    "Computer Vision",
    "FormRecognizer",
    "Speech Services Speech to Text",
    "Speech Services Custom Voice",
    "Video Translation",
    "Voice Live Realtime API",
    "Token",
    "Text Analytics",
    "Language",
    "QuestionAnswering",
    "LUIS",
    "TextTranslation",
    "DocumentTranslation",
    "CustomTranslator",
)
"""A part of the 38 names that Azure lists."""


def endpoints(kind: str, account: str, domain: str | None, region: str) -> Body:
    """The `endpoints` of an account."""
    regional = f"{region}.api.cognitive.microsoft.com"
    services = f"{domain}.cognitiveservices.azure.com" if domain else regional
    open_ai = f"{domain}.openai.azure.com" if domain else regional
    hosts: dict[str, str] = {}
    if kind in ("OpenAI", "AIServices"):
        hosts |= dict.fromkeys(_OPEN_AI, open_ai)
    if kind == "AIServices":
        hosts |= dict.fromkeys(_FOUNDRY, f"{domain}.services.ai.azure.com" if domain else regional)
        hosts |= {"AI Foundry API": f"{domain or account}.services.ai.azure.com"}
        hosts |= dict.fromkeys(_SERVICES, services)
    elif kind == "ContentSafety":
        hosts["Content Safety"] = services
    elif kind == "FormRecognizer":
        hosts |= dict.fromkeys(("FormRecognizer", "Container"), services)
    return {name: f"https://{host.lower()}/" for name, host in hosts.items()}


_TRUSTED = "Microsoft.CognitiveServices,Microsoft.MachineLearningServices,Microsoft.Search"
_CAPABILITIES: dict[str, dict[str, str | None]] = {
    "AIServices": {
        "VirtualNetworks": None,
        "TrustedServices": _TRUSTED,
        "CustomerManagedKey": None,
        "MaxFineTuneCount": "500",
        "MaxRunningFineTuneCount": "3",
        "MaxUserFileCount": "100",
        "MaxTrainingFileSize": "512000000",
        "MaxUserFileImportDurationInHours": "1",
        "MaxFineTuneJobDurationInHours": "720",
        "MaxEvaluationRunDurationInHours": "5",
        "MaxRunningEvaluationCount": "5",
    },
    "OpenAI": {
        "VirtualNetworks": None,
        "CustomerManagedKey": None,
        "EnableRLSForThrottling": "false",
        "MaxFineTuneCount": "500",
        "TrustedServices": f"{_TRUSTED},Microsoft.VideoIndexer",
        "quotaRefundsEnabled": "false",
    },
}
_OTHER_CAPABILITIES: dict[str, str | None] = {"DynamicThrottling": None, "VirtualNetworks": None}
API_PROPERTIES: dict[str, Body] = {"OpenAI": {}, "AIServices": {"qnaAzureSearchEndpointKey": None}}
CALL_RATE_LIMIT: Body = {
    "rules": [
        {
            "key": "openai.dalle.post",
            "renewalPeriod": 1,
            "count": 30,
            "matchPatterns": [
                {"path": "dalle/*", "method": "POST"},
                {"path": "openai/images/*", "method": "POST"},
            ],
        },
        {"key": "default", "renewalPeriod": 1, "count": 30, "matchPatterns": [{"path": "*", "method": "*"}]},
    ]
}


def capabilities(kind: str) -> list[Body]:
    """The `capabilities` of an account."""
    known = _CAPABILITIES.get(kind, _OTHER_CAPABILITIES)
    return [{"name": name, **({"value": value} if value else {})} for name, value in known.items()]
