"""Kinds of subscription, by the quota id that ARM returns, and whether they are paid or use credit."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Money(StrEnum):
    """The means of payment. Azure Marketplace accepts only `PAID` (source `serverless-doc-2026-01`)."""

    PAID = "paid"
    CREDIT = "credit"


@dataclass(frozen=True)
class SubscriptionOffer:
    """A kind of subscription.

    Attributes:
        prefix: What its quota id begins with, before the date: `PayAsYouGo`.
        name: As people call it.
        money: What pays for it.
        source: Key of the source.
        as_of: Its date.
    """

    prefix: str
    name: str
    money: Money
    source: str
    as_of: str


_GENERAL = ("upstream", "2026-11-25")

SUBSCRIPTION_OFFERS = (
    SubscriptionOffer("PayAsYouGo", "pay-as-you-go", Money.PAID, *_GENERAL),
    SubscriptionOffer("EnterpriseAgreement", "an Enterprise Agreement", Money.PAID, *_GENERAL),
    SubscriptionOffer("MCA", "a Microsoft Customer Agreement", Money.PAID, *_GENERAL),
    SubscriptionOffer("FreeTrial", "a free trial", Money.CREDIT, *_GENERAL),
    SubscriptionOffer("AzureForStudents", "Azure for Students", Money.CREDIT, *_GENERAL),
    SubscriptionOffer("DreamSpark", "Azure for Students Starter", Money.CREDIT, *_GENERAL),
    SubscriptionOffer("AzurePass", "an Azure Pass", Money.CREDIT, *_GENERAL),
    SubscriptionOffer("MSDN", "a Visual Studio subscription", Money.CREDIT, *_GENERAL),
    SubscriptionOffer("VisualStudio", "a Visual Studio subscription", Money.CREDIT, *_GENERAL),
    SubscriptionOffer("MPN", "a partner's free credit", Money.CREDIT, *_GENERAL),
    SubscriptionOffer("BizSpark", "a start-up's free credit", Money.CREDIT, *_GENERAL),
    SubscriptionOffer("Sponsored", "a sponsorship", Money.CREDIT, *_GENERAL),
    SubscriptionOffer("LightweightTrial", "a trial", Money.CREDIT, *_GENERAL),
)
"""The kinds whose names are known; resellers' (CSP) are not among them, since what they may buy is their reseller's."""

SHARED_QUOTA_OFFER = "EnterpriseAgreement"
"""What the quota id of a subscription that may use Azure ML's shared quota begins with."""


def find_offer(quota_id: str) -> SubscriptionOffer | None:
    """The kind of a quota id such as `PayAsYouGo_2014-09-01`; None when it is not in the catalogue."""
    name = quota_id.partition("_")[0].casefold()
    exact = next((offer for offer in SUBSCRIPTION_OFFERS if name == offer.prefix.casefold()), None)
    near = (offer for offer in SUBSCRIPTION_OFFERS if name.startswith(offer.prefix.casefold()))
    return exact or next(near, None)


MANAGED_COUNTRIES = frozenset(
    (
        *("AT", "AU", "BE", "CA", "CH", "CZ", "DE", "DK", "ES", "FI", "FR", "GB", "GR", "HU"),
        *("IE", "IT", "LU", "NL", "NO", "NZ", "PL", "PT", "RO", "SE", "SG", "US"),
    )
)
"""ISO codes of countries that are among "Microsoft Managed Countries/Regions", to whose billing accounts Meta's offers
are sold; general knowledge of 2026-11-25, and not all of them: another country is unknown, not refused."""
