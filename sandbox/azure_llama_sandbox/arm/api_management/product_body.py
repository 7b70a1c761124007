"""The bodies of products, their links to APIs, and subscriptions (contract 2024-05-01)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from azure_llama_sandbox.arm.contract import ABSENT, Strict


class ProductProperties(Strict):
    """`properties`."""

    display_name: str = Field(min_length=1, max_length=300)
    approval_required: bool = ABSENT
    description: str = Field(ABSENT, max_length=1000)
    state: Literal["notPublished", "published"] = ABSENT
    subscription_required: bool = ABSENT
    subscriptions_limit: int = ABSENT
    terms: str = ABSENT


class ProductBody(Strict):
    """A PUT's body."""

    properties: ProductProperties = ABSENT


class ApiLinkProperties(Strict):
    """`properties`."""

    api_id: str


class ApiLinkBody(Strict):
    """A PUT's body."""

    properties: ApiLinkProperties = ABSENT


class SubscriptionProperties(Strict):
    """`properties`."""

    display_name: str = Field(min_length=1, max_length=100)
    scope: str
    allow_tracing: bool = ABSENT
    owner_id: str = ABSENT
    primary_key: str = Field(ABSENT, min_length=1, max_length=256)
    secondary_key: str = Field(ABSENT, min_length=1, max_length=256)
    state: Literal["suspended", "active", "expired", "submitted", "rejected", "cancelled"] = ABSENT


class SubscriptionBody(Strict):
    """A PUT's body."""

    properties: SubscriptionProperties = ABSENT
