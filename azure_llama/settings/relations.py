"""The rules that bind several values together.

They read plain maps, half of which may be wrong, so that a report has their findings even beside other mistakes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from azure_llama.catalog import Catalog
from azure_llama.catalog.limits import DEPLOYMENTS_PER_ENDPOINT, TAGS_PER_RESOURCE
from azure_llama.settings import budget, deployment_relations, workspace_relations
from azure_llama.settings.checks import Finding, below, misspelt, whole
from azure_llama.settings.problems import show

_NAMED = 4
"""Deployments that a sentence lists by name."""

_STATED = frozenset({"auth", "publicNetworkAccess", "identity", "mirrorTraffic", "sharedQuota", "diagnostics"})
"""Keys that state what an endpoint is."""


def _maps(value: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The entries of a map that are maps themselves; none when the value is no map."""
    if isinstance(value, Mapping):
        yield from ((key, entry) for key, entry in value.items() if isinstance(entry, Mapping))


def twins(names: Iterable[str], what: str) -> Iterator[Finding]:
    """Names that differ in letter case only, and are one to Azure."""
    seen: dict[str, str] = {}
    for name in names:
        first = seen.setdefault(name.casefold(), name)
        if first != name:
            rule = f"differs from {show(first)} in letter case only, and Azure takes both for one {what}"
            yield Finding(rule, "rename one of them", at=(name,), shown=show(name))


def traffic(shares: Mapping[str, Any]) -> Iterator[Finding]:
    """The traffic of an endpoint's deployments, each a percentage or None where it is left out."""
    if any(share is not None and not (whole(share) and 0 <= share <= 100) for share in shares.values()):
        return
    given = {name: share for name, share in shares.items() if share is not None}
    if not given and len(shares) > 1:
        rule = "traffic is left out of all deployments, and Azure would not know which of them answers"
        yield Finding(rule, "give each its percentage, 100 in all, or 0 to each for none", shown="")
    total = sum(given.values())
    if given and total not in (0, 100):
        said = " + ".join(f"{share} of {show(name)}" for name, share in list(given.items())[:_NAMED])
        more = " + ..." if len(given) > _NAMED else ""
        rule = f"traffic sums to {total} ({said}{more}), and must sum to 100, or to 0 for none"
        yield Finding(rule, f"{'add' if total < 100 else 'take away'} {abs(100 - total)}", shown="")


def serverless(value: Mapping[str, Any]) -> Iterator[Finding]:
    """The settings of one serverless endpoint together."""
    if value.get("connections") and value.get("auth") == "AAD":
        rule = "are of no use to an endpoint without keys: a connection of Azure ML's holds one"
        yield Finding(rule, "write auth: KeyAndAAD or Key, or remove them", at=("connections",), shown="")


def endpoint(value: Mapping[str, Any], catalog: Catalog) -> Iterator[Finding]:
    """The settings of one managed endpoint together."""
    yield from _identity(value.get("identity"))
    deployments = value.get("deployments")
    if not isinstance(deployments, Mapping):
        return
    if not deployments:
        rule = "is empty, and an endpoint without deployments answers nothing"
        yield Finding(rule, "add one, or remove the endpoint", at=("deployments",))
    most = DEPLOYMENTS_PER_ENDPOINT.low
    if len(deployments) > most:
        rule = f"has {len(deployments)} deployments, and an endpoint has {most} at most"
        yield Finding(rule, f"remove {len(deployments) - most}", at=("deployments",), shown="")
    yield from below(("deployments",), twins(deployments, "deployment"))
    if value.get("existing") is True:
        yield from _existing(value, deployments)
    elif all(isinstance(entry, Mapping) for entry in deployments.values()):
        shares = {name: entry.get("traffic") for name, entry in deployments.items()}
        yield from below(("deployments",), traffic(shares))
        yield from below(("mirrorTraffic",), mirror(value.get("mirrorTraffic"), shares))
    yield from _shared_quota(value, deployments, catalog)


def _identity(value: Any) -> Iterator[Finding]:
    if not isinstance(value, Mapping):
        return
    assigned = value.get("type") == "UserAssigned"
    if assigned and value.get("id") is None:
        rule = "is missing, and a user-assigned identity is one that exists"
        yield Finding(rule, "write its ARM id", at=("identity", "id"), shown="")
    elif not assigned and value.get("id") is not None:
        rule = "names an identity, and the endpoint's own (SystemAssigned) has none to name"
        yield Finding(rule, "write type: UserAssigned, or remove it", at=("identity", "id"), shown="")


def _existing(value: Mapping[str, Any], deployments: Mapping[str, Any]) -> Iterator[Finding]:
    """What is somebody else's is not stated here."""
    rule = "belongs to an endpoint that exists already, and is not this stack's to state"
    for key in sorted(_STATED & set(value)):
        yield Finding(rule, "remove it, or existing", at=(key,), shown="")
    for name, entry in _maps(deployments):
        if entry.get("traffic") is not None:
            yield Finding(rule, "remove it, or existing", at=("deployments", name, "traffic"), shown="")


def mirror(value: Any, shares: Mapping[str, Any]) -> Iterator[Finding]:
    """The one deployment that gets a copy of requests which others answer."""
    if not isinstance(value, Mapping) or not value:
        return
    if len(value) > 1:
        yield Finding(f"has {len(value)} deployments, and Azure mirrors to one", "keep one of them", shown="")
    for name in value:
        if name not in shares:
            finding = misspelt(name, shares, "is not a deployment of this endpoint", f"name one of {', '.join(shares)}")
            yield replace(finding, at=(name,), shown=show(name))
        elif len(shares) == 1 or (whole(shares[name]) and shares[name] > 0):
            rule = "answers requests itself, and Azure gives a deployment live or mirrored traffic, not both"
            yield Finding(rule, "set its traffic to 0, or mirror to another one", at=(name,), shown=show(name))


def _shared_quota(value: Mapping[str, Any], deployments: Mapping[str, Any], catalog: Catalog) -> Iterator[Finding]:
    """Models that are known not to be served on shared quota; most are not known either way."""
    if not isinstance(value.get("sharedQuota"), Mapping):
        return
    for name, entry in _maps(deployments):
        model = catalog.find_model(entry["model"]) if isinstance(entry.get("model"), str) else None
        if model is not None and model.managed.shared_quota is False:
            rule = f"is not served on shared quota (source {model.managed.source})"
            yield Finding(rule, "take another model, or remove sharedQuota", at=("deployments", name, "model"))


def _beside_an_existing_workspace(stack: Mapping[str, Any]) -> Iterator[Finding]:
    """What the stack knows only of a workspace that it makes itself: its vault and its Log Analytics."""
    yield from _vault_of_another(stack)
    for name, managed in _maps(stack.get("managed")):
        if managed.get("diagnostics") is True:
            rule = "needs the Log Analytics of a workspace that this stack makes, and this one exists already"
            yield Finding(rule, "remove it", at=("managed", name, "diagnostics"))


def _vault_of_another(stack: Mapping[str, Any]) -> Iterator[Finding]:
    secrets = stack.get("secrets")
    if isinstance(secrets, Mapping) and secrets and secrets.get("keyVault", "workspace") == "workspace":
        rule = "is the vault of a workspace that exists already, and this stack does not read which that is"
        yield Finding(rule, "write the vault's ARM id", at=("secrets", "keyVault"), shown="'workspace'")


def tags(value: Any) -> Iterator[Finding]:
    """All tags together."""
    if not isinstance(value, Mapping):
        return
    most = TAGS_PER_RESOURCE.low
    if len(value) > most:
        rule = f"has {len(value)} tags, and a resource has {most} at most"
        yield Finding(rule, f"remove {len(value) - most}", at=("tags",), shown="")
    yield from below(("tags",), twins(value, "tag"))


def required_tags(names: Any, tags: Any) -> Iterator[Finding]:
    """Every tag that is asked for is there, and says something."""
    given = {str(name).casefold(): value for name, value in tags.items()} if isinstance(tags, Mapping) else {}
    for name in names if isinstance(names, list) else []:
        if not isinstance(name, str):
            continue
        value = given.get(name.casefold())
        if value is None:
            rule = "is missing, and requiredTags asks for it"
            yield Finding(rule, "write its value, or take it out of requiredTags", at=("tags", name), shown="")
        elif isinstance(value, str) and not value.strip():
            own = next(each for each in tags if str(each).casefold() == name.casefold())
            yield Finding("is empty, and requiredTags asks for a value", "write one", at=("tags", own))


def placed(kind: Any, serverless: Any, managed: Any) -> Iterator[Finding]:
    """A hub alone has no endpoints."""
    for key, endpoints in (("serverless", serverless), ("managed", managed)):
        if kind == "Hub" and endpoints:
            rule = "are endpoints, and the workspace is a hub, which has none"
            yield Finding(rule, "write kind: Project for a hub and a project in it", at=(key,), shown="")


def endpoints(serverless: Any, managed: Any) -> Iterator[Finding]:
    """Names across the stack: its outputs list serverless and managed endpoints in one map."""
    ours = list(serverless) if isinstance(serverless, Mapping) else []
    theirs = list(managed) if isinstance(managed, Mapping) else []
    for key, names in (("serverless", ours), ("managed", theirs)):
        yield from below((key,), twins(names, "endpoint"))
    taken = {name.casefold() for name in ours}
    for name in theirs:
        if name.casefold() in taken:
            rule = "is the name of a serverless endpoint too, and the stack's outputs have one place for both"
            yield Finding(rule, "rename one of them", at=("managed", name), shown=show(name))


def whole_stack(stack: Mapping[str, Any]) -> Iterator[Finding]:
    """Everything that binds the values of several keys of the stack."""
    serverless_endpoints, managed, workspace = stack.get("serverless"), stack.get("managed"), stack.get("workspace")
    yield from endpoints(serverless_endpoints, managed)
    yield from tags(stack.get("tags"))
    yield from required_tags(stack.get("requiredTags"), stack.get("tags"))
    if isinstance(workspace, Mapping):
        yield from placed(workspace.get("kind"), serverless_endpoints, managed)
        if isinstance(instances := workspace.get("computeInstances"), Mapping):
            yield from below(("workspace", "computeInstances"), twins(instances, "compute"))
        if workspace.get("id") is not None:
            yield from _beside_an_existing_workspace(stack)
        elif workspace.get("hub") is not None:
            yield from _vault_of_another(stack)


def everywhere(stack: Mapping[str, Any], catalog: Catalog) -> Iterator[tuple[tuple[str, ...], Finding]]:
    """Every finding in a stack's configuration, with the keys to the place that was checked."""
    for finding in whole_stack(stack):
        yield (), finding
    for key, check in (("workspace", workspace_relations.workspace), ("budget", budget.related)):
        value = stack.get(key)
        # An empty map asks for no budget; for a workspace it lacks the name.
        if isinstance(value, Mapping) and (value or key == "workspace"):
            for finding in check(value):
                yield (key,), finding
    for name, each in _maps(stack.get("serverless")):
        for finding in serverless(each):
            yield ("serverless", name), finding
    for name, managed in _maps(stack.get("managed")):
        for finding in endpoint(managed, catalog):
            yield ("managed", name), finding
        for key, each in _maps(managed.get("deployments")):
            for finding in deployment_relations.deployment(each, catalog):
                yield ("managed", name, "deployments", key), finding
