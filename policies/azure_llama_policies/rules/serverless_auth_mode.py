"""`serverless-auth-mode`: a serverless endpoint uses a supported authentication mode."""

from __future__ import annotations

from azure_llama_policies import resource_types as types
from azure_llama_policies.example import Example
from azure_llama_policies.expect import Setting
from azure_llama_policies.rule import Accepted, Level, ResourceRule, Severity

RULE = ResourceRule(
    id="serverless-auth-mode",
    title="A serverless endpoint uses key authentication, the only mode known to work.",
    what="The auth mode of each serverless endpoint.",
    why="ARM takes AAD and KeyAndAAD, but the documents know keys alone, and callers report that endpoints of Llama "
    "refuse their Entra tokens.",
    fix="Set auth: Key, and keep the key in a vault; or exempt the endpoint once a call with a token has worked.",
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,
    advice=True,
    sources=("catalog-2024-12", "hearsay"),
    types=frozenset({types.SERVERLESS_ENDPOINT}),
    azure=Accepted.UNKNOWN,
    check=Setting("properties.authMode", ("Key",), "only Key is known to work for Llama; set auth: Key"),
    example=Example(
        noncompliant="""\
azure-llama:serverless:
  llama-33-70b:
    model: Llama-3.3-70B-Instruct
    auth: AAD                             # violated: not known to work for Llama
""",
        compliant="""\
azure-llama:serverless:
  llama-33-70b:
    model: Llama-3.3-70B-Instruct
    auth: Key
""",
    ),
)
