"""How clients call the endpoints of each kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from azure_llama.catalog import limits
from azure_llama.catalog.kinds import FOUNDRY, MANAGED, SERVERLESS
from azure_llama.inference import gateways


@dataclass(frozen=True)
class EndpointAccess:
    """How the endpoints of a kind are called.

    Attributes:
        scores: Whether their `uri` is a `/score` route of its own.
        tokens_per_minute, requests_per_minute: The pace that clients keep; None is no limit.
        names_model: Whether a request names in `model` what is to answer: one address has several deployments.
        azure_openai: Whether clients of Azure OpenAI can call them, which get and renew Entra tokens themselves.
        scope: What an Entra token is asked for.
        caller_role: The built-in role of those who call with such a token.
        key_header: The header with the key; `Authorization` has `Bearer` before it.
        inference: Whether they answer the Model Inference API, whatever the publisher of their model.
        overload: What decides that a request is rejected with 429, and what to do.
    """

    scores: bool = False
    tokens_per_minute: int | None = None
    requests_per_minute: int | None = None
    names_model: bool = False
    azure_openai: bool = False
    scope: str = MANAGED.scope
    caller_role: str = MANAGED.caller_role
    key_header: str = "Authorization"
    inference: bool = False
    overload: str = "Azure limits requests and tokens of a minute"

    @property
    def pace(self) -> dict[str, int | None]:
        """The limits a minute, by the names that endpoints have them under."""
        return {"tokens_per_minute": self.tokens_per_minute, "requests_per_minute": self.requests_per_minute}


KINDS: Mapping[str, EndpointAccess] = {
    SERVERLESS.name: EndpointAccess(
        tokens_per_minute=limits.SERVERLESS_TOKENS_PER_MINUTE.low,
        requests_per_minute=limits.SERVERLESS_REQUESTS_PER_MINUTE.low,
        inference=True,
    ),
    MANAGED.name: EndpointAccess(
        scores=True, overload="Azure takes 2 x maxConcurrentRequestsPerInstance x instances; raise one of them"
    ),
    # How much a deployment takes is its capacity: its 429 says when to go on.
    FOUNDRY.name: EndpointAccess(
        names_model=True, azure_openai=True, scope=FOUNDRY.scope, caller_role=FOUNDRY.caller_role
    ),
    gateways.KIND: EndpointAccess(
        names_model=True,
        key_header=gateways.KEY_HEADER,
        overload="the team is over its tokensPerMinute, or all members are busy",
    ),
}
"""By the name of the kind; a gateway's models are called like endpoints of one."""
