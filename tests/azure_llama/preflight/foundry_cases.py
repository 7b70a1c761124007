"""States of Azure in which one check of Foundry accounts fails, and what remedies each."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.azure_llama.preflight.cases import Case, conditions, register, unregister
from tests.azure_llama.preflight.harness import FOUNDRY, GROUP, LLAMA_33, Cloud, stack
from tests.sandbox.arm.around import foundry_body, model_body

ACCOUNT = f"{GROUP}/providers/Microsoft.CognitiveServices/accounts/contoso-llama"
SCOUT = "Llama-4-Scout-17B-16E-Instruct"
MODEL_QUOTA = f"AIServices.GlobalStandard.{LLAMA_33}"


def with_account(**changes: Any) -> dict[str, Any]:
    """The stack with a Foundry account, whose deployment has other values."""
    chat = FOUNDRY["contoso-llama"]["deployments"]["chat"]
    return stack(foundry={"contoso-llama": {"deployments": {"chat": chat | changes}}})


def account(cloud: Cloud, kind: str = "AIServices") -> None:
    cloud.azure.with_group()
    cloud.azure.put(ACCOUNT, foundry_body(customSubDomainName="contoso-llama") | {"kind": kind})


def full_account(cloud: Cloud) -> None:
    account(cloud)
    for number in range(32):
        cloud.azure.put(f"{ACCOUNT}/deployments/other-{number}", model_body("1", 1))


CASES = {
    "foundry model": Case(
        "model-region",
        ("Mistral AI Mistral-Large-3 is not offered to this subscription", "in eastus2", "choose another model"),
        config=with_account(format="Mistral AI", model="Mistral-Large-3", modelVersion="1"),
    ),
    "foundry version": Case(
        "model-region",
        (f"Meta {LLAMA_33} has no version '8' in eastus2", "versions: 1, 2", "modelVersion to one of them"),
        config=with_account(modelVersion="8"),
    ),
    "foundry sku": Case(
        "model-region",
        ("version 9 is not offered as DataZoneStandard in eastus2", "chat.sku to GlobalStandard"),
        config=with_account(sku="DataZoneStandard"),
    ),
    "foundry sku of another version": Case(
        "model-region",
        ("version 5 is not offered as GlobalProvisionedManaged in eastus2", "modelVersion to 9"),
        config=with_account(modelVersion="5", sku="GlobalProvisionedManaged"),
    ),
    "foundry accounts are not in the offer": Case(
        "model-region",
        ("foundry.contoso-llama: accounts of SKU S0", "SpecialFeatureOrQuotaIdRequired", "another region"),
        conditions(foundry={"accounts": "Refused"}),
        conditions(),
        with_account(),
        with_account(),
    ),
    "foundry model of the marketplace": Case(
        "marketplace",
        ("deployments.chat: the billing profile's policy on Azure Marketplace is NotAllowed", "allow purchases"),
        conditions(marketplace={"purchase": "EnrollmentForbids"}),
        conditions(),
        with_account(model=SCOUT, modelVersion="1", capacity=1) | {"azure-llama:serverless": {}},
        with_account(model=SCOUT, modelVersion="1", capacity=1) | {"azure-llama:serverless": {}},
    ),
    "foundry deprecating": Case(
        "lifecycle",
        (f"{LLAMA_33} version 9 is Deprecating", "ServiceModelDeprecating", "it retires on 2027-01-31"),
        conditions(foundry={"lifecycle": {f"Meta.{LLAMA_33}.9": "Deprecating"}}),
        conditions(),
        with_account(),
        with_account(),
    ),
    "foundry retired": Case(
        "lifecycle",
        ("is retired since 2026-11-19", "410 Gone"),
        config=with_account(model="Llama-4-Maverick-17B-128E-Instruct-FP8", modelVersion="1"),
        options={"today": date(2026, 11, 30)},
        fixed=with_account(),
    ),
    "foundry quota": Case(
        "model-quota",
        (
            f"Tokens Per Minute (thousands) - {LLAMA_33}: usage 0, limit 99, needed 100 more",
            "foundry.contoso-llama.deployments.chat: 100",
            "1 are missing (InsufficientQuota)",
            f"azure-llama quota request --family '{MODEL_QUOTA}'",
        ),
        conditions(foundry={"quota": {MODEL_QUOTA: 99}}),
        conditions(),
        with_account(),
        with_account(),
    ),
    "foundry pool": Case(
        "model-quota",
        ("capacity 2: for", "must be at least 1 and at most 1"),
        config=with_account(modelVersion="4", capacity=2),
        fixed=with_account(modelVersion="4", capacity=1),
    ),
    "foundry units": Case(
        "model-quota",
        ("capacity 150", "must be at least 100 and at most 3000, in steps of 100"),
        config=with_account(sku="GlobalProvisionedManaged", capacity=150),
        fixed=with_account(sku="GlobalProvisionedManaged", capacity=200),
    ),
    "foundry sub-domain": Case(
        "global-names",
        ("AI services account contoso-llama: the name is not available", "already used by a resource", "another name"),
        conditions(names={"taken": ["contoso-llama.cognitiveservices.azure.com"]}),
        conditions(),
        with_account(),
        with_account(),
    ),
    "foundry account of another kind": Case(
        "endpoint-names",
        ("'contoso-llama' exists as kind ContentSafety", "choose another name"),
        lambda cloud: account(cloud, "ContentSafety"),
        config=with_account(),
    ),
    "foundry account is full": Case(
        "limits",
        ("deployments of contoso-llama: 32 there, 1 new, limit 32", "delete 1 unused"),
        full_account,
        lambda cloud: cloud.azure.delete(f"{ACCOUNT}/deployments/other-0"),
        with_account(),
        with_account(),
    ),
    "foundry provider": Case(
        "providers",
        ("MissingSubscriptionRegistration", "az provider register --namespace Microsoft.CognitiveServices"),
        unregister("Microsoft.CognitiveServices"),
        register("Microsoft.CognitiveServices"),
        with_account(),
        with_account(),
    ),
}
