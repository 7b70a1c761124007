"""The circumstances of the subscription: what the script may say, and when it is read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from azure_llama_sandbox.conditions import Conditions, ConditionsError, ConditionsScript


@pytest.fixture
def script(tmp_path: Path) -> Path:
    return tmp_path / "conditions.yaml"


def test_without_a_script_all_is_well(script: Path) -> None:
    conditions = ConditionsScript(script)()
    assert conditions == Conditions()
    assert conditions.refused_purchase is None
    assert not conditions.takes("llama-8b.eastus2.inference.ml.azure.com")
    assert conditions.withheld_sizes("eastus2") == frozenset()


def test_it_is_read_again_whenever_it_changes(script: Path) -> None:
    current = ConditionsScript(script)
    script.write_text("subscription: {state: Warned}\n")
    assert current().subscription.state == "Warned"
    assert current() is current()
    script.write_text("subscription: {state: Disabled}\n")
    os.utime(script, (1, 1))
    assert current().subscription.state == "Disabled"
    script.unlink()
    assert current().subscription.state == "Enabled"
    script.touch()
    assert current() == Conditions()


def test_names_and_sizes_have_no_letter_case(script: Path) -> None:
    script.write_text("names: {taken: [Llama.vault.azure.net]}\nsizes: {notOffered: {eastus2: [Standard_A]}}\n")
    conditions = ConditionsScript(script)()
    assert conditions.takes("LLAMA.vault.azure.net")
    assert conditions.withheld_sizes("eastus2") == {"standard_a"}
    assert conditions.withheld_sizes("westus3") == frozenset()


@pytest.mark.parametrize(
    ("offer", "buys"),
    [
        ("PayAsYouGo_2014-09-01", True),
        ("EnterpriseAgreement_2014-09-01", True),
        ("FreeTrial_2014-09-01", False),
        ("MSDN_2014-09-01", False),
        ("AzureForStudents_2018-01-01", False),
    ],
)
def test_free_and_credit_offers_buy_nothing(script: Path, offer: str, buys: bool) -> None:
    script.write_text(f"subscription: {{quotaId: {offer}}}\n")
    refused = ConditionsScript(script)().refused_purchase
    assert (refused is None) is buys
    assert buys or offer in str(refused)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("subscription: {state: Asleep}\n", "subscription.state"),
        ("subscription: {spendingLimit: On}\n", "subscription.spendingLimit"),
        ("colour: blue\n", "colour"),
        ("- a list\n", "the script"),
        ("a: [", "expected"),
        ("names: {taken: one}\n", "names.taken"),
    ],
)
def test_a_mistake_is_told_with_its_place(script: Path, text: str, where: str) -> None:
    script.write_text(text)
    with pytest.raises(ConditionsError, match=r"conditions\.yaml: .*" + where.replace(".", r"\.")):
        ConditionsScript(script)()
