"""`serverless-content-safety`: Azure filters the prompts and answers of a serverless endpoint."""

from __future__ import annotations

from azure_llama_policies import resource_types as types
from azure_llama_policies.example import Example
from azure_llama_policies.expect import Setting
from azure_llama_policies.rule import Accepted, Level, ResourceRule, Severity

RULE = ResourceRule(
    id="serverless-content-safety",
    title="A serverless endpoint has the content filter enabled.",
    what="The content safety status of each serverless endpoint.",
    why="Without the filter, harmful prompts reach the model and harmful answers reach the callers.",
    fix="Set contentSafety: true, or exempt the endpoint with the reason why its callers filter themselves.",
    severity=Severity.HIGH,
    level=Level.ADVISORY,
    sources=("serverless-doc-2026-01", "article-2024-11"),
    types=frozenset({types.SERVERLESS_ENDPOINT}),
    azure=Accepted.SAFETY,
    check=Setting(
        "properties.contentSafety.contentSafetyStatus",
        ("Enabled",),
        "set contentSafety: true, or exempt the endpoint and say why",
    ),
    example=Example(
        noncompliant="""\
azure-llama:serverless:
  llama-33-70b:
    model: Llama-3.3-70B-Instruct
    contentSafety: false                  # violated
""",
        compliant="""\
azure-llama:serverless:
  llama-33-70b:
    model: Llama-3.3-70B-Instruct
    contentSafety: true
""",
    ),
    notes="What Azure takes when the status is left out is not documented for ARM, so that is not seen. The Azure "
    "Policy closest to it looks at content filters of Azure AI Services, another resource provider.",
)
