"""Whether a Foundry account can be created: its sub-domain, its SKU, and one that was deleted."""

from __future__ import annotations

from tests.sandbox.arm.around import FOUNDRY, foundry_body
from tests.sandbox.arm.circumstances import under
from tests.sandbox.arm.harness import SUB, Azure
from tests.sandbox.arm.test_foundry import REGION, foundry

__all__ = ["foundry"]


def test_a_subdomain_is_taken_until_the_account_is_purged(foundry: Azure) -> None:
    question = {"subdomainName": "llama-foundry", "type": "Microsoft.CognitiveServices/accounts", "kind": "AIServices"}
    check = f"{SUB}/providers/Microsoft.CognitiveServices/checkDomainAvailability"

    def available() -> bool:
        answer = foundry.call("POST", check, question, version="2025-06-01").json()
        assert ("reason" in answer) is not answer["isSubdomainAvailable"]
        return bool(answer["isSubdomainAvailable"])

    assert not available()
    foundry.call("DELETE", FOUNDRY)
    assert not available()
    other = FOUNDRY.replace("llama-foundry", "other")
    assert "48 hours" in foundry.refused("PUT", other, foundry_body()).message
    assert foundry.refused("PUT", FOUNDRY, foundry_body()).code == "FlagMustBeSetForRestore"
    group = FOUNDRY.split("/")[4]
    foundry.wait(foundry.call("DELETE", f"{REGION}/resourceGroups/{group}/deletedAccounts/llama-foundry"))
    assert available()


def test_skus_are_asked_before(foundry: Azure) -> None:
    question = {"kind": "AIServices", "type": "Microsoft.CognitiveServices/accounts", "skus": ["S0", "F0"]}
    rows = foundry.call("POST", f"{REGION}/checkSkuAvailability", question, version="2025-06-01").json()["value"]
    assert [(each["skuName"], each["skuAvailable"]) for each in rows] == [("S0", True), ("F0", False)]


def test_an_account_is_recovered_by_its_location_alone(foundry: Azure) -> None:
    before = foundry.get(FOUNDRY)
    foundry.delete(FOUNDRY)
    body = {"location": before["location"], "properties": {"restore": True}}
    foundry.put(FOUNDRY, body)
    after = foundry.get(FOUNDRY)
    for key in ("kind", "sku", "location"):
        assert after[key] == before[key]
    for key in ("customSubDomainName", "endpoint", "endpoints", "internalId"):
        assert after["properties"][key] == before["properties"][key]
    assert "restore" not in after["properties"]


def test_an_offer_without_accounts_is_told_before_and_refused(foundry: Azure) -> None:
    under(foundry, foundry={"accounts": "Refused"})
    question = {"kind": "AIServices", "type": "Microsoft.CognitiveServices/accounts", "skus": ["S0"]}
    (row,) = foundry.call("POST", f"{REGION}/checkSkuAvailability", question, version="2025-06-01").json()["value"]
    assert (row["skuAvailable"], row["reason"]) == (False, "QuotaId")
    refusal = foundry.refused(
        "PUT", FOUNDRY.replace("llama-foundry", "other"), foundry_body(customSubDomainName="other")
    )
    assert (refusal.code, refusal.message) == ("SpecialFeatureOrQuotaIdRequired", row["message"])
    foundry.put(FOUNDRY, foundry_body())
