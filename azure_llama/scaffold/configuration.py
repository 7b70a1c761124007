"""Creates the configuration of a stack from answers."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from azure_llama.catalog import Catalog, EndpointKind
from azure_llama.catalog import names as rules
from azure_llama.documents.errors import InputError
from azure_llama.scaffold.kinds import KINDS, NewEndpoint, NewStack
from azure_llama.scaffold.names import deployment_name

NETWORKS: Mapping[str, Mapping[str, Any]] = {
    "public": {},
    "private": {
        "publicNetworkAccess": "Disabled",
        "isolationMode": "AllowInternetOutbound",
        "privateEndpoint": {"addressSpace": "10.40.0.0/16"},
    },
}
"""The workspace's network by the answer."""

_DIGITS = 4


@dataclass(frozen=True)
class EndpointRequest:
    """An endpoint that a new stack is to have.

    Attributes:
        kind: Required. Name of its kind.
        model: Required. The model, as a person writes it.
        choice: Optional. What follows the `@`: the VM size, or the version of the model. The kind chooses when None.
    """

    kind: str
    model: str
    choice: str | None = None


@dataclass(frozen=True)
class Answers:
    """The answers for a new stack.

    Attributes:
        project: Required. Name of the Pulumi project; the names of the workspace and of an account begin with it.
        stack: Required. Name of the stack.
        region: Required. The region, as a person writes it.
        endpoints: Required. At least one.
        network: Optional. A key of `NETWORKS`.
        budget: Optional. Whole units of the billing currency a month; no budget when None.
        contacts: Optional. Who is notified; required with a budget.
        callers: Optional. Principals that call the endpoints: object id to type.
    """

    project: str
    stack: str
    region: str
    endpoints: tuple[EndpointRequest, ...]
    network: str = "public"
    budget: int | None = None
    contacts: tuple[str, ...] = ()
    callers: tuple[tuple[str, str], ...] = ()


def configuration(answers: Answers, catalog: Catalog, today: date) -> dict[str, Any]:
    """The configuration of the stack, by full key.

    Args:
        answers: Required. What the stack is to be.
        catalog: Required. The catalogue of models, sizes and regions.
        today: Required. The day; a budget starts with its month.

    Raises:
        InputError: no VM size that holds a model, or no version of it, is known; or a kind has a model twice.
    """
    region = catalog.recognise_region(answers.region).only or answers.region
    found: dict[str, Any] = {"azure-native:location": region}
    requests = {kind: [each for each in answers.endpoints if each.kind == kind.name] for kind in catalog.kinds}
    requests = {kind: requested for kind, requested in requests.items() if requested}
    if any(kind.in_workspace for kind in requests):
        found["azure-llama:workspace"] = _workspace(answers)
    for kind, requested in requests.items():
        found[kind.setting] = _endpoints(kind, requested, answers, region, catalog)
    if answers.budget is not None:
        start, contacts = today.replace(day=1).isoformat(), list(answers.contacts)
        found["azure-llama:budget"] = {"amount": answers.budget, "startDate": start, "contacts": contacts}
    if answers.callers:
        principals = ({"principalId": id_, "principalType": type_} for id_, type_ in answers.callers)
        found["azure-llama:access"] = {"callers": {f"caller-{at}": each for at, each in enumerate(principals, 1)}}
    found["azure-llama:tags"] = {"environment": answers.stack}
    return found


def _workspace(answers: Answers) -> dict[str, Any]:
    name = f"{answers.project}-{answers.stack}"[: rules.WORKSPACE.longest].rstrip("-")
    network = NETWORKS[answers.network]
    return {"name": name, "network": dict(network)} if network else {"name": name}


def _endpoints(
    kind: EndpointKind, asked: list[EndpointRequest], answers: Answers, region: str, catalog: Catalog
) -> dict[str, Any]:
    new: list[NewEndpoint] = []
    for each in asked:
        model = catalog.recognise_model(each.model).only or each.model
        if any(other.model == model for other in new):
            raise InputError(f"--{kind.name} {each.model}: {model} is given twice; name each model once")
        new.append(NewEndpoint(model, each.choice, endpoint_name(model, kind.name, answers)))
    name = endpoint_name(f"{answers.project}-{answers.stack}", kind.name, answers)
    stack = NewStack(name, region, answers.network == "private", bool(answers.callers), catalog)
    return KINDS[kind.name].configure(new, stack)


def endpoint_name(text: str, kind: str, answers: Answers) -> str:
    """A name for an endpoint. It is part of a URL that is unique in the region or in Azure, hence the digits.

    Args:
        text: Required. What the name begins with, such as the model's name.
        kind: Required. The kind's name.
        answers: Required. What the stack is to be.
    """
    key = "/".join((kind, answers.project, answers.stack, answers.region))
    digits = hashlib.sha256(key.encode()).hexdigest()[:_DIGITS]
    longest = min(rules.SERVERLESS_ENDPOINT.longest, rules.ONLINE_ENDPOINT.longest) - len(digits) - 1
    return f"{deployment_name(text)[:longest].strip('-')}-{digits}"
