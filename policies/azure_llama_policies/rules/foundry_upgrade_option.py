"""`foundry-upgrade-option`: Azure does not upgrade the version of a Foundry deployment automatically."""

from __future__ import annotations

from azure_llama_policies import resource_types as types
from azure_llama_policies.example import Example
from azure_llama_policies.expect import Setting
from azure_llama_policies.rule import Accepted, Level, ResourceRule, Severity

RULE = ResourceRule(
    id="foundry-upgrade-option",
    title="Azure does not move a Foundry deployment to a new default version.",
    what="The version upgrade option of each deployment on a Foundry account.",
    why="With OnceNewDefaultVersionAvailable, which is also Azure's default, Azure changes the version when there is a "
    "new default. Answers then change without a test, and the stack differs from its program.",
    fix="Set upgrade: NoAutoUpgrade, and change modelVersion in the program.",
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,
    sources=("azure-cli-recordings-2025-10", "foundry-types-2026-05"),
    types=frozenset({types.FOUNDRY_DEPLOYMENT}),
    azure=Accepted.OPERATION,
    check=Setting(
        "properties.versionUpgradeOption",
        ("NoAutoUpgrade", "OnceCurrentVersionExpired"),
        "set NoAutoUpgrade, or OnceCurrentVersionExpired to change the version only when it retires",
        absent="OnceNewDefaultVersionAvailable",
    ),
    example=Example(
        noncompliant="""\
azure-llama:foundry:
  contoso-llama:
    deployments:
      chat:
        model: Llama-3.3-70B-Instruct
        modelVersion: "5"
        capacity: 100
        upgrade: OnceNewDefaultVersionAvailable  # violated
""",
        compliant="""\
azure-llama:foundry:
  contoso-llama:
    deployments:
      chat:
        model: Llama-3.3-70B-Instruct
        modelVersion: "5"
        capacity: 100
        upgrade: NoAutoUpgrade
""",
    ),
    notes="With NoAutoUpgrade, a deployment stops answering when its version retires: see "
    "[foundry-model-retiring](foundry-model-retiring.md).",
)
