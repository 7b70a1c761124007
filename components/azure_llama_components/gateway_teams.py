"""The teams of a gateway: a product with limits, a subscription and its keys for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pulumi import InvokeOutputOptions, Output, Resource, ResourceOptions
from pulumi_azure_native import apimanagement

from azure_llama_components.azure_calls import answered
from azure_llama_components.gateway_policy import product_policy
from azure_llama_components.gateway_service import Service


@dataclass(frozen=True, kw_only=True)
class TeamArgs:
    """Who calls the gateway with a key of their own.

    Attributes:
        tokens_per_minute: Optional. More are answered with 429; no limit when None.
        tokens_per_month: Optional. More are answered with 403; no limit when None.
        models: Optional. The models that the team can call; all when empty.
    """

    tokens_per_minute: int | None = None
    tokens_per_month: int | None = None
    models: Sequence[str] = ()


def create_team(
    logical: str, name: str, args: TeamArgs, service: Service, api: apimanagement.Api
) -> Output[dict[str, str | None]]:
    """The team's product with access to the API, and its subscription.

    Returns:
        primary and secondary key, as one secret.
    """
    product = _product(logical, name, args, service, api)
    subscription = apimanagement.Subscription(
        f"{logical}-{name}-subscription",
        sid=name,
        display_name=name,
        scope=product[0].id,
        state=apimanagement.SubscriptionState.ACTIVE,
        allow_tracing=False,
        **service.place,
        # Nobody has a key before its limits are there.
        opts=ResourceOptions.merge(service.options(*product), ResourceOptions(additional_secret_outputs=_KEYS)),
    )
    return _keys(name, subscription, service)


_KEYS = ["primaryKey", "secondaryKey"]


def _product(
    logical: str, name: str, args: TeamArgs, service: Service, api: apimanagement.Api
) -> tuple[apimanagement.Product, Resource, Resource]:
    """The product, its access to the API, and its limits."""
    product = apimanagement.Product(
        f"{logical}-{name}",
        product_id=name,
        display_name=name,
        subscription_required=True,
        approval_required=False,
        state=apimanagement.ProductState.PUBLISHED,
        **service.place,
        opts=service.options(),
    )
    link = apimanagement.ProductApiLink(
        f"{logical}-{name}-api",
        api_link_id=name,
        product_id=name,
        api_id=api.id,
        **service.place,
        opts=service.options(product),
    )
    policy = apimanagement.ProductPolicy(
        f"{logical}-{name}-policy",
        policy_id="policy",
        product_id=name,
        format="xml",
        value=product_policy(
            tokens_per_minute=args.tokens_per_minute, tokens_per_month=args.tokens_per_month, models=args.models
        ),
        **service.place,
        opts=service.options(product),
    )
    return product, link, policy


def _keys(team: str, subscription: apimanagement.Subscription, service: Service) -> Output[dict[str, str | None]]:
    # Secret before anything is read of it: azure-native marks nothing of a `list*` result.
    listed: Output[apimanagement.ListSubscriptionSecretsResult] = Output.secret(
        answered(
            f"gateway {service.name!r}: list the keys of team {team!r}",
            apimanagement.list_subscription_secrets_output(
                service_name=service.name,
                resource_group_name=service.resource_group_name,
                # Known only once the subscription exists.
                sid=subscription.id.apply(lambda _: team),
                opts=InvokeOutputOptions(parent=service.parent, depends_on=[subscription]),
            ),
            after=subscription,
        )
    )
    return listed.apply(lambda keys: {"primary": keys.primary_key, "secondary": keys.secondary_key})
