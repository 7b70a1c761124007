"""Endpoints as the inference hosts see them, read from the sandbox's store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from azure_llama.catalog import Stage
from azure_llama.catalog.limits import REQUEST_TIMEOUT
from azure_llama.catalog.serving import BASE, PENDING_PER_CONCURRENT
from azure_llama_sandbox.arm.machine_learning.iso8601 import seconds_of
from azure_llama_sandbox.facts import CATALOG
from azure_llama_sandbox.inference.features import OWN, Features, of_model, of_server
from azure_llama_sandbox.store import Resource, Store

_DEPLOYMENT = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments"
_ANSWERING = frozenset({"Succeeded", "Updating", "Scaling"})
"""States in which a managed endpoint or deployment serves: a change to a healthy one does not stop it."""


class _Type(StrEnum):
    SERVERLESS = "microsoft.machinelearningservices/workspaces/serverlessendpoints"
    ONLINE = "microsoft.machinelearningservices/workspaces/onlineendpoints"


class Kind(StrEnum):
    """The compute of a model: Azure's shared service, or a dedicated VM."""

    SERVERLESS = "serverless"
    MANAGED = "managed"


@dataclass(frozen=True, slots=True)
class Served:
    """A model as far as answering needs it.

    Attributes:
        name: Required. Its name in the registry.
        chat, completion: Required. Which of the APIs it serves; a model that the catalogue does not know serves both.
        safety: Required. Whether it judges a text instead of writing one.
        images: Required. Whether a message may hold images.
        context_length: Required. Tokens of prompt and answer together; None when unknown.
        features: Optional. What it answers beyond text.
    """

    name: str
    chat: bool
    completion: bool
    safety: bool
    images: bool
    context_length: int | None
    features: Features = OWN


@dataclass(frozen=True, slots=True)
class Deployment:
    """The deployment that answers.

    Attributes:
        name: Required. Unique in its endpoint; a serverless endpoint's only one has the endpoint's name.
        model: Required. What it serves.
        speaker: Required. Endpoint, deployment and model, in words.
        openai: Optional. Whether it answers more than its `/score` API: a script does not.
        own: Optional. Whether an own container answers: its server takes what OpenAI's API has.
        scoring: Optional. The path of its `/score` API.
        pending: Optional. The requests that may be under way at once; None where there is no such limit.
        setting: Optional. What `pending` comes from, in words.
        seconds: Optional. How long a request may take.
    """

    name: str
    model: Served
    speaker: str
    openai: bool = True
    own: bool = False
    scoring: str = "/score"
    pending: int | None = None
    setting: str = ""
    seconds: float = REQUEST_TIMEOUT.high

    def with_features(self, features: Features) -> Deployment:
        """The deployment, with other features of its model."""
        return self if features == self.model.features else replace(self, model=replace(self.model, features=features))


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One host.

    Attributes:
        id: Required. ARM id as the store spells it.
        name, kind: Required.
        auth: Required. The ARM `authMode`: `Key`, `AMLToken`, `AADToken`, or `AAD` and `KeyAndAAD` (serverless).
        keys: Required. `primary` and `secondary`, where it has keys.
        unavailable: Required. Why it does not answer; None when it does.
        content_filter: Required. Whether Azure AI Content Safety stands before and behind the model.
        deployments: Required. Those that answer, by name.
        traffic: Required. Shares above 0 of deployments that answer.
        mirror: Required. Percentages above 0 of deployments that answer.
        private: Optional. Whether it answers only through the private endpoint of its workspace.
    """

    id: str
    name: str
    kind: Kind
    auth: str
    keys: Mapping[str, str] = field(repr=False)
    unavailable: str | None
    content_filter: bool
    deployments: Mapping[str, Deployment]
    traffic: Mapping[str, int]
    mirror: Mapping[str, int]
    private: bool = False


class Directory:
    """Endpoints by host name; read anew only after a write to the store, or on another day."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._endpoints: dict[str, Endpoint] = {}
        self._valid: tuple[int, date] | None = None

    def find(self, host: str, today: date) -> Endpoint | None:
        """The endpoint of a host.

        Args:
            host: Required. Without a port, in lower case.
            today: Required. The day that retirements are judged on.
        """
        valid = (self._store.changes, today)
        if valid != self._valid:
            self._endpoints.clear()
            self._valid = valid
        endpoint = self._endpoints.get(host)
        if endpoint is None:
            owner = self._store.host_owner(host)
            resource = self._store.get(owner) if owner else None
            endpoint = _endpoint(self._store, resource, today) if resource else None
            if endpoint is not None:
                self._endpoints[host] = endpoint
        return endpoint


def _endpoint(store: Store, resource: Resource, today: date) -> Endpoint | None:
    match resource.type.lower():
        case _Type.SERVERLESS:
            return _serverless(resource, today)
        case _Type.ONLINE:
            return _managed(store, resource, store.below(resource.id, _DEPLOYMENT))
    return None


def _serverless(resource: Resource, today: date) -> Endpoint:
    properties = resource.properties
    model_id = (properties.get("modelSettings") or {}).get("modelId", "")
    served = _served(model_id, Kind.SERVERLESS)
    known = CATALOG.find_model(model_id)
    state = properties.get("endpointState", "Unknown")
    unavailable = None
    if known and known.stage(today) is Stage.RETIRED:
        unavailable = f"its model {known.name} is retired since {known.lifecycle.retired}"
    elif state != "Online":
        unavailable = f"its state is {state}, not Online"
    safety = (properties.get("contentSafety") or {}).get("contentSafetyStatus", "Enabled")
    speaker = f"serverless endpoint {resource.name}, model {served.name}"
    return Endpoint(
        id=resource.id,
        name=resource.name,
        kind=Kind.SERVERLESS,
        auth=properties.get("authMode", "Key"),
        keys=_keys(resource),
        unavailable=unavailable,
        content_filter=safety == "Enabled",
        deployments={resource.name: Deployment(resource.name, served, speaker)},
        traffic={resource.name: 100},
        mirror={},
    )


def _managed(store: Store, resource: Resource, children: list[Resource]) -> Endpoint:
    properties = resource.properties
    state = properties.get("provisioningState", "Creating")
    deployments = {}
    for child in children:
        if child.properties.get("provisioningState") in _ANSWERING:
            deployments[child.name] = _deployment(store, resource, child)
    return Endpoint(
        id=resource.id,
        name=resource.name,
        kind=Kind.MANAGED,
        auth=properties.get("authMode", "Key"),
        keys=_keys(resource),
        unavailable=None if state in _ANSWERING else f"its provisioning state is {state}, not Succeeded",
        content_filter=False,
        deployments=deployments,
        traffic=_shares(properties.get("traffic"), deployments),
        mirror=_shares(properties.get("mirrorTraffic"), deployments),
        private=properties.get("publicNetworkAccess") == "Disabled",
    )


def _deployment(store: Store, endpoint: Resource, child: Resource) -> Deployment:
    properties = child.properties
    served = _served(properties.get("model") or "", Kind.MANAGED, (properties.get("properties") or {}).get(BASE))
    environment = store.get(properties.get("environmentId") or "")
    own = bool(properties.get("environmentId")) and not properties.get("codeConfiguration")
    if own:
        image = environment.properties.get("image") if environment else None
        served = replace(served, features=of_server(image, properties.get("environmentVariables") or {}))
    requests = properties.get("requestSettings") or {}
    concurrent = requests.get("maxConcurrentRequestsPerInstance", 1)
    instances = (child.body.get("sku") or {}).get("capacity", 1)
    return Deployment(
        child.name,
        served,
        f"endpoint {endpoint.name}, deployment {child.name}, model {served.name}",
        openai=not properties.get("codeConfiguration"),
        own=own,
        scoring=_scoring(environment),
        pending=PENDING_PER_CONCURRENT * concurrent * instances,
        setting=f"maxConcurrentRequestsPerInstance {concurrent} x instances {instances}",
        seconds=seconds_of(requests.get("requestTimeout", "PT5S"), "requestTimeout", ""),
    )


def _scoring(environment: Resource | None) -> str:
    """The path of the scoring route of a container; `/score` where the sandbox knows none."""
    routes = (environment.properties.get("inferenceConfig") if environment else None) or {}
    return str((routes.get("scoringRoute") or {}).get("path") or "/score")


def _keys(resource: Resource) -> dict[str, str]:
    names = {"primary": "primaryKey", "secondary": "secondaryKey"}
    return {short: resource.secrets[long] for short, long in names.items() if resource.secrets.get(long)}


def _shares(shares: Mapping[str, int] | None, deployments: Mapping[str, Deployment]) -> dict[str, int]:
    names = {name.lower(): name for name in deployments}
    return {names[name.lower()]: share for name, share in (shares or {}).items() if share > 0 and name.lower() in names}


def _served(model_id: str, kind: Kind, base: str | None = None) -> Served:
    name = model_id.partition("/versions/")[0].rpartition("/")[2] or "unknown"
    model = CATALOG.find_model(model_id)
    if model is None and base is not None and (known := CATALOG.find_model(base)) is not None:
        return replace(_served(known.asset_id, kind), name=name)
    if model is None:
        return Served(name, chat=True, completion=True, safety=False, images=True, context_length=None)
    return Served(
        name=model.name,
        chat=model.task == "chat",
        completion=model.task == "completion",
        safety=model.safety,
        images="image" in model.modality,
        context_length=model.context_length,
        features=of_model(model.name, kind),
    )
