"""Azure AI services as recordings show them (2025-09, 2025-10): kinds, hosts, models, usage names.

These rows are what the sandbox answers with; the package's own catalogue does not know Foundry accounts yet.
"""

from __future__ import annotations

from typing import Any, NamedTuple

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


class Model(NamedTuple):
    """A model version that an account can deploy.

    Attributes:
        format, name, version: Required. As a deployment's `model` names them.
        kind: Required. Kind of account that deploys it.
        sku: Required. Name of the deployment SKU.
        usage_name: Required. The quota that its capacity counts against.
        maximum, default: Required. Units of capacity.
        is_default: Required. Whether a deployment without a version gets it.
        limits: Required. Requests of a unit and their period in seconds; None where Azure shows no limit. A unit is
            1,000 tokens a minute.
        capabilities: Required.
        asset: Required. Id in a registry, without its version.
    """

    format: str
    name: str
    version: str
    kind: str
    sku: str
    usage_name: str
    maximum: int
    default: int
    is_default: bool
    limits: tuple[int, int] | None
    capabilities: dict[str, str]
    asset: str

    @property
    def id(self) -> str:
        """The name of its row."""
        return f"{self.format}.{self.name}.{self.version}"

    @property
    def rate_limits(self) -> list[Body]:
        """`rateLimits` of a unit of capacity."""
        if self.limits is None:
            return []
        count, period = self.limits
        return [
            {"key": "request", "renewalPeriod": period, "count": count},
            {"key": "token", "renewalPeriod": 60, "count": 1000},
        ]


MARKETPLACE_POOL = "AIServices.GlobalStandard.MaaS"
"""Models sold through the Marketplace share one usage name, with capacity 1 each."""
_CHAT = {"chatCompletion": "true"}


def _llama(name: str, versions: str, *, pooled: bool = True) -> list[Model]:
    usage, maximum, default, limits = (
        (MARKETPLACE_POOL, 1, 1, None) if pooled else (f"AIServices.GlobalStandard.{name}", 10_000, 10, (1, 60))
    )
    asset = f"azureml://registries/azureml-meta/models/{name}"
    shared = ("AIServices", "GlobalStandard", usage, maximum, default, False, limits, _CHAT, asset)
    return [Model("Meta", name, version, *shared) for version in versions.split()]


MODELS: tuple[Model, ...] = (
    Model(
        "OpenAI",
        "gpt-35-turbo",
        "0125",
        "OpenAI",
        "Standard",
        "OpenAI.Standard.gpt-35-turbo",
        1_000_000,
        100,
        True,
        (1, 10),
        {
            "completion": "true",
            "maxContextToken": "16385",
            "maxOutputToken": "4096",
            "chatCompletion": "true",
            "assistants": "true",
        },
        "azureml://registries/azure-openai/models/gpt-35-turbo",
    ),
    *_llama("Llama-3.2-11B-Vision-Instruct", "1 2"),
    *_llama("Llama-3.2-90B-Vision-Instruct", "1 2 3"),
    *_llama("Llama-3.3-70B-Instruct", "1 2 3 4"),
    *_llama("Llama-3.3-70B-Instruct", "5", pooled=False),
    *_llama("Meta-Llama-3-70B-Instruct", "6 7 8 9"),
)
LIMITS: dict[str, tuple[str, int]] = {
    "OpenAI.Standard.gpt-35-turbo": ("Tokens Per Minute (thousands) - GPT-35-Turbo", 480),
    MARKETPLACE_POOL: ("Tokens Per Minute (thousands) - MaaS", 100),
    "AIServices.GlobalStandard.Llama-3.3-70B-Instruct": (
        "Tokens Per Minute (thousands) - Llama-3.3-70B-Instruct",
        400,
    ),
    "AccountCount": ("Maximum Resources per Region", 200),
    "OpenAI.S0.AccountCount": ("Maximum resources for OpenAI S0 sku.", 40),
}
"""Usage names with text and limit: 400 is documented, the pool's is the sandbox's choice, the others were recorded."""


def find_models(format_: str, name: str, version: str | None) -> list[Model]:
    """The rows that a deployment's `model` means; without a version, the default one."""
    return [
        model
        for model in MODELS
        if (model.format.lower(), model.name.lower()) == (format_.lower(), name.lower())
        and (model.version == version if version else model.is_default)
    ]
