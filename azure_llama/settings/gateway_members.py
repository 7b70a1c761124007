"""Relations between the members of a gateway and the endpoints of the same stack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress

from azure_llama.catalog import EndpointKind
from azure_llama.settings.base import InvalidValueError
from azure_llama.settings.gateway_models import GatewayMemberSettings, GatewayModelSettings
from azure_llama.settings.kinds import EndpointSettings
from azure_llama.settings.problems import Violation, below, listed, misspelt

Endpoints = Mapping[EndpointKind, Mapping[str, EndpointSettings]]
"""The endpoints of a stack by kind and name."""


def member_violations(name: str, model: GatewayModelSettings, endpoints: Endpoints) -> Iterator[Violation]:
    """The violations of a model's members that are in the same stack.

    Args:
        name: Required. The model's name.
        model: Required. The model.
        endpoints: Required. What the stack has.
    """
    for key, member in model.members.items():
        if member.stack is None:
            with suppress(InvalidValueError):
                yield from below(("members", key), _own(model.deployment or name, model, member, endpoints))


def _own(
    deployment: str, model: GatewayModelSettings, member: GatewayMemberSettings, endpoints: Endpoints
) -> Iterator[Violation]:
    kind = model.endpoint_kind
    other = next((each for each, own in endpoints.items() if each is not kind and member.endpoint in own), None)
    endpoint = endpoints[kind].get(member.endpoint)
    if endpoint is None:
        known = list(endpoints[kind])
        rule = f"is not a {kind.title} of this stack"
        if other is not None:
            rule = f"is a {other.title}, and the model's kind is {kind.name}: its members are of one kind"
        otherwise = f"set one of {listed(known)}" if known else "set stack for an endpoint of another stack"
        found = misspelt(member.endpoint, () if other else known, rule, otherwise)
        yield Violation(found.rule, found.remedy, found.nearest, at=("endpoint",))
        return
    if not endpoint.url_is_known:
        rule = "exists already, and this stack does not know its URL"
        yield Violation(rule, "set stack to the one that created it, or choose another endpoint", at=("endpoint",))
    elif not endpoint.answers_openai:
        rule = "answers no route of OpenAI's API, which the gateway calls"
        yield Violation(
            rule, "choose another endpoint, or set serves: openai on a managed deployment that does", at=("endpoint",)
        )
    names = endpoint.model_names
    if names is not None and deployment not in names:
        rule = f"has no deployment {deployment!r}, the name that all members of the model have"
        yield Violation(rule, f"set deployment of the model to one of {listed(list(names))}", at=("endpoint",))
    if endpoint.auth_mode is not None:
        yield from _authentication(endpoint.auth_mode, model, kind)


def _authentication(mode: str, model: GatewayModelSettings, kind: EndpointKind) -> Iterator[Violation]:
    if model.auth == "keys" and mode not in kind.key_modes:
        rule = f"has auth: {mode} and so no keys, and the model has auth: keys"
        yield Violation(rule, "set auth: identity for the model", at=("endpoint",))
    if model.auth == "identity" and mode not in kind.entra_modes:
        rule = f"has auth: {mode} and takes no tokens of Entra ID, and the model has auth: identity"
        yield Violation(rule, "set auth: keys for the model", at=("endpoint",))
