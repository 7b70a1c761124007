"""Reading managed endpoints and their deployments, for the rules about them.

An endpoint is created by one resource and stated in full, traffic included, by an ARM template after its deployments;
the resource then keeps the inputs of its creation. So what an endpoint is now stands in the template, where there is
one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from azure_llama.catalog.arm_ids import parse_arm_id
from azure_llama.catalog.llama_models import ModelReference
from azure_llama.catalog.serving import BASE
from azure_llama.catalog.workspace_assets import parse_workspace_asset
from azure_llama_policies import resource_types as types
from azure_llama_policies.durations import seconds
from azure_llama_policies.expect import expect
from azure_llama_policies.resources import UNKNOWN, NotApplicableError, NotSeenError, Resource, Stack
from azure_llama_policies.rule import Context, Finding, Found
from azure_llama_policies.subjects import azure_name, called
from azure_llama_policies.unseen import naming, unseen_of

ENDPOINT_TYPES = frozenset({types.ONLINE_ENDPOINT, types.TEMPLATE})
"""Types of resource that state an endpoint."""

REQUEST_TIMEOUT: Final = "properties.requestSettings.requestTimeout"
"""Of a deployment."""

_AZURES_TIMEOUT = 5.0
_ARM_TYPE = "microsoft.machinelearningservices/workspaces/onlineendpoints"
_RESOURCES = "properties.template.resources"


@dataclass(frozen=True, slots=True)
class Statement:
    """The resources that define an endpoint.

    Attributes:
        resource: The resource that says it.
        at: Path of the endpoint's body in it, with a dot at its end; empty for the endpoint's own resource.
        name: The endpoint's name.
    """

    resource: Resource
    at: str
    name: str

    @property
    def subject(self) -> str:
        """Its name in messages."""
        return f"endpoint '{self.name}'"

    def path(self, path: str) -> str:
        """A path of the endpoint's body as a path of the resource."""
        return self.at + path

    def shares(self, path: str) -> Mapping[str, Any]:
        """The value of each deployment in a map of the resource; an empty map when there is none.

        Raises:
            NotSeenError: it, or a share in it, is not known yet, or it is something else than a map.
        """
        found = self.resource.mapping(path)
        if UNKNOWN in found.values():
            raise NotSeenError(f"{self.subject}: '{path}' is not known before the deployment", path)
        return found


def statements(stack: Stack) -> Iterator[Statement | tuple[Resource, NotSeenError | NotApplicableError]]:
    """Each endpoint, where the stack states it last; and each resource that could state one but does not, with why.

    An endpoint whose state a template has is not stated by its own resource any more.
    """
    templates: dict[str, str] = {}
    for resource in stack.of(types.TEMPLATE):
        found = list(_in_template(resource))
        templates |= {each.name.casefold(): azure_name(resource) for each in found if isinstance(each, Statement)}
        yield from found or [(resource, NotApplicableError("its template has no managed endpoint"))]
    for resource in stack.of(types.ONLINE_ENDPOINT):
        name = azure_name(resource)
        template = templates.get(name.casefold())
        if template is None:
            yield Statement(resource, "", name)
        else:
            yield resource, NotApplicableError(f"the ARM deployment '{template}' states it")


def _in_template(
    resource: Resource,
) -> Iterator[Statement | tuple[Resource, NotSeenError | NotApplicableError]]:
    try:
        resources = resource.value(_RESOURCES)
    except NotSeenError as unseen:
        yield resource, unseen_of(resource, unseen)
        return
    for index, body in enumerate(resources if isinstance(resources, Sequence) else ()):
        at = f"{_RESOURCES}.{index}"
        kind = body.get("type") if isinstance(body, Mapping) else body
        if kind is UNKNOWN:
            yield resource, NotSeenError(f"{called(resource)}: '{at}' is not known before the deployment", at)
            return
        if not isinstance(kind, str) or kind.casefold() != _ARM_TYPE:
            continue
        name = body.get("name")
        if not isinstance(name, str) or name.startswith("["):
            at = f"{at}.name"
            yield resource, NotSeenError(f"{called(resource)}: '{at}' is not a plain name", at)
        else:
            yield Statement(resource, f"{at}.", name.rpartition("/")[2])


def each_endpoint(stack: Stack, judge: Callable[[Statement], Iterator[Found]]) -> Iterator[Finding]:
    """The findings of a stack rule that applies a function to each endpoint."""
    for stated in statements(stack):
        if not isinstance(stated, Statement):
            yield stated
            continue
        try:
            for found in judge(stated):
                yield stated.resource, found
        except (NotSeenError, NotApplicableError) as stop:
            yield stated.resource, stop


@dataclass(frozen=True)
class EndpointSetting:
    """A rule's check of one property of each endpoint; see `expect`.

    Attributes:
        path: Required. The property of the endpoint's body.
        wanted: Required. The values that pass.
        way_out: Required. The end of the message: what to do.
        absent: Optional. What Azure takes when the property is left out; None when that is unknown.
    """

    path: str
    wanted: Sequence[Any]
    way_out: str
    absent: Any = None

    def __call__(self, stack: Stack, _context: Context) -> Iterator[Finding]:
        yield from each_endpoint(stack, self._judge)

    def _judge(self, stated: Statement) -> Iterator[Found]:
        path = stated.path(self.path)
        return expect(stated.resource, path, self.wanted, self.way_out, self.absent, subject=stated.subject)


def against_deployments(
    judge: Callable[[Statement, Deployments], Iterator[Found]],
) -> Callable[[Stack, Context], Iterator[Finding]]:
    """A rule's check from a function that judges one endpoint against the stack's deployments."""

    def check(stack: Stack, _context: Context) -> Iterator[Finding]:
        deployments = Deployments(stack)
        yield from each_endpoint(stack, lambda stated: judge(stated, deployments))

    return check


class Deployments:
    """The names of a stack's deployments, by endpoint."""

    def __init__(self, stack: Stack) -> None:
        self._names: dict[str, set[str]] = {}
        self._unseen: dict[str, NotSeenError] = {}
        self._blind: NotSeenError | None = None
        for deployment in stack.of(types.ONLINE_DEPLOYMENT):
            try:
                endpoint = deployment.text("endpointName").casefold()
            except NotSeenError as unseen:
                self._blind = unseen
                return
            try:
                self._names.setdefault(endpoint, set()).add(deployment.text("deploymentName").casefold())
            except NotSeenError as unseen:
                self._unseen[endpoint] = unseen

    def of(self, endpoint: str) -> set[str]:
        """Names, in lower case, of an endpoint's deployments.

        Raises:
            NotSeenError: a deployment's endpoint, or the name of one of this endpoint's, is not known.
        """
        unseen = self._unseen.get(endpoint.casefold()) if self._blind is None else self._blind
        if unseen is not None:
            raise NotSeenError(f"a deployment of the endpoint: {unseen}")
        return self._names.get(endpoint.casefold(), set())


def not_among(names: Collection[str]) -> str:
    """The end of a sentence about a deployment that is none of a stack's."""
    return f"which the stack does not have; it has {', '.join(sorted(names)) or 'none'}"


def is_share(value: Any, most: int) -> bool:
    """Whether a value is a whole percentage, from 0 on."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most


def request_timeout(deployment: Resource) -> float:
    """Seconds that a request to a deployment may take.

    Raises:
        NotSeenError: they are not known yet, or no duration.
    """
    with naming(deployment):
        return seconds(deployment, REQUEST_TIMEOUT, _AZURES_TIMEOUT)


def served_model(deployment: Resource, context: Context) -> ModelReference:
    """The model of a deployment: that of a registry, or the one that its own model was made from.

    Raises:
        NotSeenError: it is not known yet.
        NotApplicableError: its container brings a model along, or its model is one of a workspace without a base.
    """
    with naming(deployment):
        base = deployment.value(f"properties.properties.{BASE}")
        if isinstance(base, str):
            return context.catalog.reference(base)
        if deployment.value("properties.model") is None and deployment.value("properties.environmentId") is not None:
            raise NotApplicableError("its container brings its model along")
        model_id = deployment.text("properties.model")
    if parse_workspace_asset(model_id, "models") is not None:
        raise NotApplicableError("its model is one of a workspace; `base` says which one it was made from")
    return context.catalog.reference(model_id)


class Instances:
    """The instance counts of a stack's deployments, autoscale included."""

    def __init__(self, stack: Stack) -> None:
        self._of_urn: dict[str, list[Resource]] = {}
        self._of_name: dict[tuple[str, str], list[Resource]] = {}
        self._blind: NotSeenError | None = None
        for setting in stack.of(types.AUTOSCALE_SETTING):
            self._place(setting)

    def _place(self, setting: Resource) -> None:
        origins = setting.dependencies.get("targetResourceUri", ())
        try:
            target = parse_arm_id(setting.text("targetResourceUri"))
        except NotSeenError as unseen:
            for origin in origins:
                self._of_urn.setdefault(origin, []).append(setting)
            if not origins:
                self._blind = NotSeenError(f"autoscale setting '{setting.name}': {unseen}")
            return
        if target is not None and target.is_a(f"{_ARM_TYPE}/deployments"):
            endpoint, deployment = (name.casefold() for name in target.names[1:])
            self._of_name.setdefault((endpoint, deployment), []).append(setting)

    def of(self, deployment: Resource) -> tuple[int, int]:
        """The fewest and the most instances that a deployment runs on.

        Raises:
            NotSeenError: a figure is not known, or what an autoscale setting is of.
        """
        declared = _count(deployment, "sku.capacity", deployment.value("sku.capacity"))
        low, high = [], []
        for setting in self._scaling(deployment):
            profiles = setting.value("profiles")
            for index in range(len(profiles) if isinstance(profiles, Sequence) else 0):
                capacity = f"profiles.{index}.capacity"
                low.append(_count(setting, "minimum", setting.value(f"{capacity}.minimum")))
                high.append(_count(setting, "maximum", setting.value(f"{capacity}.maximum")))
        # Autoscale moves what is declared into its range at once.
        return (min(low), max(high)) if low else (declared, declared)

    def _scaling(self, deployment: Resource) -> list[Resource]:
        if self._blind is not None:
            raise self._blind
        name = (deployment.text("endpointName").casefold(), deployment.text("deploymentName").casefold())
        found = [*self._of_urn.get(deployment.urn, ()), *self._of_name.get(name, ())]
        return [setting for setting in found if setting.value("enabled") is True]


def _count(resource: Resource, what: str, value: Any) -> int:
    # Autoscale settings have their figures as texts.
    if isinstance(value, str) and value.isdecimal():
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    raise NotSeenError(f"{called(resource)}: '{what}' is not a number of instances")
