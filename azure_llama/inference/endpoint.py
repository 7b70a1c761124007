"""An endpoint of a stack, and the way to sign in to it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from azure.core.credentials import TokenCredential
from azure.core.credentials_async import AsyncTokenCredential
from pydantic import SecretStr

from azure_llama.catalog import Catalog, Model
from azure_llama.inference.kinds import KINDS, EndpointAccess
from azure_llama.inference.validation import Api, Route

Credential = TokenCredential | AsyncTokenCredential

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_HEADER_TEXT = re.compile(r"[\x21-\x7e]+")


def header_secret(text: str, what: str) -> SecretStr:
    """A key or token that is valid in a header.

    Raises:
        ValueError: it has a blank, a line break or a character beyond ASCII. The HTTP library would name it in full.
    """
    if not _HEADER_TEXT.fullmatch(text):
        raise ValueError(
            f"{what} cannot be sent: it is empty, or has a blank, a line break or a character beyond ASCII in it. "
            "Was it copied with a line break at its end?"
        )
    return SecretStr(text)


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """An endpoint as a stack's outputs describe it. Its repr shows no key.

    Attributes:
        name: Required. The endpoint's name.
        kind: Required. Its kind, one of `kinds`: `serverless`, `managed`.
        uri: Required. As Azure returned it: `.../score` of a managed endpoint.
        chat_url: Optional. `.../v1/chat/completions`; None where no model of it chats.
        completions_url: Optional. `.../v1/completions`; None where no model of it completes.
        openai_base_url: Optional. What OpenAI clients take as `base_url`.
        auth: Optional. `Key` or `AADToken`; `AMLToken` on managed endpoints.
        model: Conditional. The model's name; not of managed endpoints, whose deployments have it.
        model_name: Optional. What requests send as `model`; required where one address has several deployments.
        deployments: Conditional. Name of each deployment to the name of its model; managed endpoints.
        tokens_per_minute, requests_per_minute: Optional. What clients keep to; None is no limit.
        key: Conditional. The key, or an Azure ML token; wanted unless there is a credential.
        credential: Conditional. Entra ID; of azure-identity, say.
        catalog: Optional. The catalogue to look the model up in; the package's own by default.
        kinds: Optional. How endpoints of each kind are called, by its name.

    Raises:
        ValueError: a URL is neither https nor on loopback, or the key is none that can be sent.
    """

    name: str
    kind: str
    uri: str
    chat_url: str | None = None
    completions_url: str | None = None
    openai_base_url: str | None = None
    auth: str = "Key"
    model: str | None = None
    model_name: str | None = None
    deployments: Mapping[str, str] = field(default_factory=dict)
    tokens_per_minute: int | None = None
    requests_per_minute: int | None = None
    key: SecretStr | None = field(default=None, repr=False)
    credential: Credential | None = field(default=None, repr=False)
    catalog: Catalog = field(default_factory=Catalog.package, repr=False)
    kinds: Mapping[str, EndpointAccess] = field(default_factory=lambda: KINDS, repr=False, compare=False)

    def __post_init__(self) -> None:
        for url in filter(None, (self.uri, self.chat_url, self.completions_url, self.openai_base_url)):
            parts = urlsplit(url)
            if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
                raise ValueError(f"{self.name}: {url!r} is not https; a key must not travel in clear")
        if self.key is not None:
            header_secret(self.key.get_secret_value(), f"{self.name}: the key")

    @classmethod
    def from_output(
        cls,
        name: str,
        output: Mapping[str, Any],
        key: str | None = None,
        credential: Credential | None = None,
        catalog: Catalog | None = None,
        kinds: Mapping[str, EndpointAccess] = KINDS,
    ) -> Endpoint:
        """The endpoint of one entry of a stack's `endpoints` output.

        Args:
            name: Required. The entry's name.
            output: Required. The entry.
            key, credential: Conditional. `keys[name]["primary"]` where `auth` is `Key`; Entra ID where it is a token.
            catalog: Optional. The catalogue to look the model up in; the package's own by default.
            kinds: Optional. How endpoints of each kind are called and paced, by its name.

        Raises:
            ValueError: the entry lacks its kind or URL, or see the class.
        """
        kind, uri = _kind_and_uri(name, output, kinds)
        return cls(
            name=name,
            kind=kind,
            uri=uri,
            chat_url=output.get("chatUrl"),
            completions_url=output.get("completionsUrl"),
            openai_base_url=output.get("openaiBaseUrl"),
            auth=output.get("auth") or "Key",
            model=output.get("model"),
            model_name=output.get("modelName"),
            deployments=_models(output.get("deployments") or {}),
            **kinds[kind].pace,
            key=None if key is None else header_secret(key, f"{name}: the key"),
            credential=credential,
            catalog=catalog or Catalog.package(),
            kinds=kinds,
        )

    @property
    def access(self) -> EndpointAccess:
        """How endpoints of its kind are called."""
        return self.kinds[self.kind]

    @property
    def base_url(self) -> str:
        """The base URL of the routes; on Azure it has no path."""
        if self.kinds[self.kind].scores:
            # The path of `uri` is that of the container's scoring route.
            return urljoin(self.uri, "/").rstrip("/")
        return self.uri.rstrip("/")

    def url(self, route: Route, api: Api = "llama") -> str | None:
        """The URL of a route; None where the endpoint has none."""
        if route == "score":
            return self.uri if self.access.scores else None
        known = self.chat_url if route == "chat" else self.completions_url
        # No route is known of a model of another publisher, but the Model Inference API is that of all.
        assumed = route == "chat" and self.access.inference and not self.completions_url
        if api == "llama" or (known is None and not assumed):
            return known
        return f"{self.base_url}/{'chat/completions' if route == 'chat' else 'completions'}"

    def answering(self, deployment: str | None = None) -> Model | None:
        """The model that answers, as the catalogue knows it; None when unknown, or when several may."""
        chosen = self.model or (self.deployments.get(deployment) if deployment else None)
        names = {chosen} if chosen else set(self.deployments.values())
        return self.catalog.find_model(names.pop()) if len(names) == 1 else None


def _models(deployments: Mapping[str, Any]) -> dict[str, str]:
    """The model of each deployment, or the one of the catalogue that it was made from."""
    return {name: str(deployment.get("base") or deployment["model"]) for name, deployment in deployments.items()}


def _kind_and_uri(name: str, output: Mapping[str, Any], kinds: Mapping[str, EndpointAccess]) -> tuple[str, str]:
    kind, uri = output.get("kind"), output.get("uri")
    if kind not in kinds or not isinstance(uri, str):
        raise ValueError(
            f"{name}: not an endpoint of the stack's outputs; kind is {kind!r} and uri {uri!r}. "
            "Is the stack deployed? (pulumi stack output endpoints)"
        )
    return str(kind), uri
