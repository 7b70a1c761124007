"""From answers to the configuration of a stack."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from azure_llama.catalog import Catalog, EndpointKind, Meter
from azure_llama.catalog import names as rules
from azure_llama.documents.errors import InputError
from azure_llama.scaffold.kinds import KINDS, NewEndpoint

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
_PUBLISHER = re.compile("^meta-", re.IGNORECASE)


@dataclass(frozen=True)
class EndpointRequest:
    """An endpoint that a new stack is to have.

    Attributes:
        kind: Required. Name of its kind.
        model: Required. The model, as a person writes it.
        size: Optional. The VM size, as a person writes it; the smallest that holds the model when None.
    """

    kind: str
    model: str
    size: str | None = None


@dataclass(frozen=True)
class Answers:
    """What a new stack is to be.

    Attributes:
        project: Required. Name of the Pulumi project, and of the workspace.
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
        InputError: no VM size is known that holds a model of a kind with machines.
    """
    region = catalog.recognise_region(answers.region).only or answers.region
    workspace: dict[str, Any] = {"name": f"{answers.project}-{answers.stack}"[: rules.WORKSPACE.longest].rstrip("-")}
    if NETWORKS[answers.network]:
        workspace["network"] = dict(NETWORKS[answers.network])
    found: dict[str, Any] = {"azure-native:location": region, "azure-llama:workspace": workspace}
    for kind in catalog.kinds:
        asked = [each for each in answers.endpoints if each.kind == kind.name]
        if asked:
            found[kind.setting] = _endpoints(kind, asked, answers, region, catalog)
    if answers.budget is not None:
        start, contacts = today.replace(day=1).isoformat(), list(answers.contacts)
        found["azure-llama:budget"] = {"amount": answers.budget, "startDate": start, "contacts": contacts}
    if answers.callers:
        principals = ({"principalId": id_, "principalType": type_} for id_, type_ in answers.callers)
        found["azure-llama:access"] = {"callers": {f"caller-{at}": each for at, each in enumerate(principals, 1)}}
    found["azure-llama:tags"] = {"environment": answers.stack}
    return found


def _endpoints(
    kind: EndpointKind, asked: list[EndpointRequest], answers: Answers, region: str, catalog: Catalog
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for each in asked:
        model = catalog.recognise_model(each.model).only or each.model
        size = _size(each, model, region, catalog) if kind.meter is Meter.MACHINE_HOURS else ""
        name = endpoint_name(model, kind.name, answers)
        found[name] = KINDS[kind.name](NewEndpoint(model, size, answers.network == "private", catalog))
    return found


def _size(asked: EndpointRequest, model: str, region: str, catalog: Catalog) -> str:
    if asked.size is not None:
        return catalog.recognise_size(asked.size).only or asked.size
    known = catalog.find_model(model)
    sizes = catalog.smallest_sizes(known, region) if known else ()
    if known and not sizes:
        raise InputError(
            f"{model}: no VM size is known that holds it and is sold in {region};"
            f" name one: --{asked.kind} {asked.model}@SIZE"
        )
    return sizes[0] if sizes else ""


def endpoint_name(model: str, kind: str, answers: Answers) -> str:
    """A name for an endpoint of a model. It is part of a URL that is unique in the region, hence the digits.

    Args:
        model: Required. The model's name.
        kind: Required. The kind's name.
        answers: Required. What the stack is to be.
    """
    plain = re.sub(r"[^a-z0-9]+", "-", _PUBLISHER.sub("", model.rsplit("/", 1)[-1]).lower().replace(".", ""))
    text = "/".join((kind, answers.project, answers.stack, answers.region))
    digits = hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]
    longest = min(rules.SERVERLESS_ENDPOINT.longest, rules.ONLINE_ENDPOINT.longest) - len(digits) - 1
    return f"{plain[:longest].strip('-')}-{digits}"
