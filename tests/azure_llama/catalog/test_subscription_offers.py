"""Kinds of subscription by quota id, and what pays for them."""

from __future__ import annotations

import pytest

from azure_llama.catalog.subscription_offers import MANAGED_COUNTRIES, SUBSCRIPTION_OFFERS, Money, find_offer
from tests.catalogs import PACKAGE


@pytest.mark.parametrize(
    ("quota_id", "money"),
    [
        ("PayAsYouGo_2014-09-01", Money.PAID),
        ("payasyougo_2014-09-01", Money.PAID),
        ("EnterpriseAgreement_2014-09-01", Money.PAID),
        ("FreeTrial_2014-09-01", Money.CREDIT),
        ("MSDN_2014-09-01", Money.CREDIT),
        ("AzureForStudentsStarter_2018-01-01", Money.CREDIT),
    ],
)
def test_money_or_credit(quota_id: str, money: Money) -> None:
    found = find_offer(quota_id)
    assert found is not None
    assert found.money is money


@pytest.mark.parametrize("quota_id", ["", "Internal_2014-09-01", "CSP_2015-05-01"])
def test_another_kind_is_unknown(quota_id: str) -> None:
    assert find_offer(quota_id) is None


def test_every_kind_has_a_source_and_countries_are_codes() -> None:
    assert {offer.source for offer in SUBSCRIPTION_OFFERS} <= set(PACKAGE.sources)
    assert all(len(code) == 2 and code.isupper() for code in MANAGED_COUNTRIES)
