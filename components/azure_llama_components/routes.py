"""URLs of an endpoint's routes, derived from the URL that Azure returns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from pulumi import Output

from azure_llama.catalog import Model
from azure_llama.catalog.kinds import FOUNDRY
from azure_llama.catalog.serving import Serving

AUTH_HEADER = "Authorization"
"""Carries `Bearer` and the key or token, on every endpoint."""

DEPLOYMENT_HEADER = "azureml-model-deployment"
"""Names the deployment of a managed endpoint that is to answer, past the traffic split."""


@dataclass(frozen=True)
class Routes:
    """The OpenAI-style routes of an endpoint; None where its models have no such route, or none that is known.

    Attributes:
        chat_url: For models that take chat messages.
        completions_url: For base models.
        openai_base_url: What OpenAI clients call `base_url`.
    """

    chat_url: Output[str | None]
    completions_url: Output[str | None]
    openai_base_url: Output[str | None]


def serverless_routes(uri: Output[str | None], model: Model | None) -> Routes:
    """Routes below a serverless endpoint's `inferenceEndpoint.uri`; none for a model that is not known."""
    base = uri.apply(lambda known: known and known.rstrip("/"))
    return _routes(base, chat=bool(model and model.chat), completions=bool(model and model.completions))


def managed_routes(scoring_uri: Output[str | None], served: Sequence[Serving]) -> Routes:
    """Routes beside a managed endpoint's `scoringUri`: those that at least one of its deployments answers."""
    return _routes(
        scoring_uri.apply(lambda known: known and origin(known)),
        chat=any(each.chat for each in served),
        completions=any(each.completions for each in served),
    )


def foundry_base_url(sub_domain: str) -> str:
    """The base URL of the routes of a Foundry account's deployments, without a trailing slash."""
    return f"https://{sub_domain}.{FOUNDRY.hosts[0]}/openai/v1"


def origin(uri: str) -> str:
    """Scheme and host of a managed endpoint's `scoringUri`, whose path is that of the container's scoring route."""
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.netloc}"


def _routes(base: Output[str | None], *, chat: bool, completions: bool) -> Routes:
    return Routes(
        chat_url=_below(base, "/v1/chat/completions" if chat else None),
        completions_url=_below(base, "/v1/completions" if completions else None),
        openai_base_url=_below(base, "/v1" if chat or completions else None),
    )


def _below(base: Output[str | None], path: str | None) -> Output[str | None]:
    if path is None:
        return Output.from_input(None)
    return base.apply(lambda known: known and known + path)
