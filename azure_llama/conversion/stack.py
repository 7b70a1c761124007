"""From files for `az ml` to the configuration of one stack."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from azure_llama.catalog import Catalog
from azure_llama.catalog.arm_ids import parse_arm_id
from azure_llama.conversion.deployments import DEFAULTS, deployment, own_entries, set_at, tidy
from azure_llama.conversion.fields import KINDS
from azure_llama.conversion.notes import About, Note
from azure_llama.conversion.reading import Source, read_source
from azure_llama.documents.errors import InputError
from azure_llama.documents.positions import Document
from azure_llama.documents.problems import FileProblem, ValueProblem, listed, show
from azure_llama.settings import SettingsError, load
from azure_llama.stack.values import raw_text

LOCATION, WORKSPACE = "azure-native:location", "azure-llama:workspace"
MANAGED, SERVERLESS = "azure-llama:managed", "azure-llama:serverless"
PLACEHOLDER = re.compile(r"<[^<>]+>")


@dataclass
class Conversion:
    """A stack's configuration, and what to know of it.

    Attributes:
        config: The configuration, by full key.
        notes: What to fill in, what to register, what is not carried, what differs, what is refused.
        files: The files that it comes from.
    """

    config: dict[str, Any] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    files: list[str] = field(default_factory=list)

    @property
    def is_refused(self) -> bool:
        """Whether it has values that the stack's configuration refuses, beside the placeholders."""
        return any(note.about is About.REFUSED for note in self.notes)


def convert(
    documents: Sequence[Document],
    catalog: Catalog,
    workspace: str | None = None,
    location: str | None = None,
    *,
    unread: Sequence[str | FileProblem] = (),
) -> Conversion:
    """The configuration of a stack with what the files describe.

    Args:
        documents: Required. The files.
        catalog: Required. The catalogue of the stack.
        workspace: Optional. ARM id of the workspace; that of the files when None.
        location: Optional. The region; that of the files when None.
        unread: Optional. What is wrong with files that could not be read: it is reported with all other errors.

    Raises:
        InputError: files have errors, two describe the same, or none describes an endpoint. All errors are in it.
    """
    found = [read_source(document) for document in documents]
    sources = [each for each in found if isinstance(each, Source)]
    problems = [*unread, *(problem for source in sources for problem in source.problems)]
    problems += _described_twice(sources)
    if problems:
        raise InputError(problems)
    if not any(source.kind in ("endpoint", "deployment", "serverless") for source in sources):
        names = listed([document.shown for document in documents])
        raise InputError(f"{names}: no file describes an endpoint or a deployment; give one that does")
    result = Conversion(files=[document.shown for document in documents])
    result.config = _place(sources, workspace, location)
    result.config |= {key: value for key, value in _endpoints(sources, catalog).items() if value}
    result.notes = [each for each in found if isinstance(each, Note)]
    result.notes += [note for source in sources for note in source.notes]
    result.notes += _placeholders(result.config)
    result.notes += _defaults([source for source in sources if source.kind == "deployment"])
    result.notes += _refused(result.config, catalog)
    return result


def _described_twice(sources: Sequence[Source]) -> Iterator[FileProblem]:
    first: dict[tuple[str, str, str], Source] = {}
    for source in sources:
        if not source.kind or not source.name:
            continue
        what = (source.kind, source.endpoint.casefold(), source.name.casefold())
        other = first.setdefault(what, source)
        if other is not source:
            rule = f"is the {KINDS[source.kind].title} that {other.document.shown} describes too"
            problem = ValueProblem(rule, "give one of the two files", show(source.name))
            yield source.document.problem(("name",), problem)


def _place(sources: Sequence[Source], workspace: str | None, location: str | None) -> dict[str, Any]:
    """Region and workspace: as given, else as the files have them after `az ml ... show`."""
    ids = (parse_arm_id(str(source.document.data.get("id") or "")) for source in sources)
    found = next((each for each in ids if each and each.type.startswith("Microsoft.MachineLearningServices/")), None)
    if workspace is None and found is not None:
        space = "Microsoft.MachineLearningServices/workspaces"
        group = f"/subscriptions/{found.subscription}/resourceGroups/{found.resource_group}"
        workspace = f"{group}/providers/{space}/{found.names[0]}"
    regions = (source.get("location") for source in sources if source.get("location"))
    return {
        LOCATION: location or next(regions, None) or "<region>",
        WORKSPACE: {"id": workspace or "<ARM id of the workspace: az ml workspace show --query id>"},
    }


def _endpoints(sources: Sequence[Source], catalog: Catalog) -> dict[str, Any]:
    managed: dict[str, Any] = {}
    by_name = {source.name: source for source in sources if source.kind == "endpoint"}
    deployments = [source for source in sources if source.kind == "deployment"]
    for name in dict.fromkeys([*by_name, *(source.endpoint for source in deployments)]):
        behind = [source for source in deployments if source.endpoint == name]
        managed[name] = _managed(by_name.get(name), behind, catalog)
    serverless = {source.name: _serverless(source, catalog) for source in sources if source.kind == "serverless"}
    return {SERVERLESS: serverless, MANAGED: managed}


def _serverless(source: Source, catalog: Catalog) -> dict[str, Any]:
    text = re.sub(r"/(versions|labels)/[^/]+$", "", source.get("model_id") or "")
    known = catalog.reference(text).model if text.startswith("azureml:") else None
    found = {"model": known.name if known else text, "auth": source.get("auth_mode")}
    return {key: value for key, value in found.items() if value}


def _managed(source: Source | None, behind: Sequence[Source], catalog: Catalog) -> dict[str, Any]:
    """An endpoint with its deployments; what `az ml` does without a key is stated where the stack does otherwise."""
    found: dict[str, Any] = {"auth": "Key"}
    if source is None:
        name = behind[0].endpoint
        text = (
            "no file describes the endpoint: these are the defaults of `az ml`. Give its file too, or what this prints;"
            " or set existing: true for an endpoint outside this stack"
        )
        behind[0].note("endpoint_name", About.CHANGED, text, f"az ml online-endpoint show --name {name} --output yaml")
    else:
        simple = ("auth_mode", "description", "public_network_access", "mirror_traffic", "tags")
        named = {each.path: each.key for each in KINDS["endpoint"].fields}
        found |= {named[path]: source.get(path) for path in simple if source.get(path)}
        found |= _identity(source) | own_entries(source)
    found["contentSafety"] = False
    entries = {each.name: deployment(each, catalog) for each in behind}
    for name, percentage in _traffic(source, behind).items():
        set_at(entries[name], ("traffic",), percentage)
    return {**found, "deployments": {name: tidy(entry) for name, entry in entries.items()}}


def _identity(source: Source) -> dict[str, Any]:
    type_, ids = source.get("identity.type"), source.get("identity.user_assigned_identities") or []
    if type_ == "":
        text = "the endpoint gets a system-assigned identity: Azure reads model and image with it"
        source.note("identity.type", About.DROPPED, text)
    if type_ != "UserAssigned":
        return {}
    if len(ids) > 1:
        source.note(
            "identity.user_assigned_identities", About.DROPPED, "an endpoint has one identity: the first is kept"
        )
    first = ids[0].get("resource_id") if ids and isinstance(ids[0], dict) else None
    return {"identity": {"type": "UserAssigned", "id": first or "<ARM id of the identity>"}}


def _traffic(source: Source | None, behind: Sequence[Source]) -> dict[str, Any]:
    """The percentage of each deployment that gets one in the stack's configuration."""
    names = [each.name for each in behind]
    stated = source.get("traffic") if source else None
    if source is not None and stated:
        absent = [name for name, percentage in stated.items() if name not in names and percentage]
        if absent:
            text = f"no file describes {listed([show(name) for name in absent])}: give it, or move its traffic"
            source.note("traffic", About.DROPPED, text)
        return {name: stated.get(name, 0) for name in names}
    if len(names) < 2:
        return {}
    command = f"az ml online-endpoint show --name {behind[0].endpoint} --query traffic"
    for each in behind:
        each.ask("endpoint_name", "traffic", "no file states it: set a percentage for each, 100 in all", command)
    return dict.fromkeys(names, "<percentage>")


def _placeholders(config: dict[str, Any]) -> Iterator[Note]:
    """What nothing else says: the place of the stack."""
    for key, place in ((LOCATION, LOCATION), (WORKSPACE, f"{WORKSPACE}.id")):
        value = config[key]["id"] if key == WORKSPACE else config[key]
        if PLACEHOLDER.fullmatch(value):
            option = "--workspace" if key == WORKSPACE else "--location"
            yield Note(About.FILL, f"no file states it: set it, or give {option}", key=place)


def _defaults(deployments: Sequence[Source]) -> Iterator[Note]:
    """What the stack does where the files say nothing, and Azure does otherwise."""
    if not deployments:
        return
    text = "false, since `az ml` sets up no filter: remove it for an Azure AI Content Safety account of the stack"
    yield Note(About.CHANGED, text, key="contentSafety")
    for path, (key, ours, theirs) in DEFAULTS.items():
        names = [f"{each.endpoint}/{each.name}" for each in deployments if each.get(path) is None]
        if names:
            text = f"a file says nothing ({listed(names)}): the stack's default is {ours}, that of `az ml` {theirs}"
            yield Note(About.CHANGED, text, key=key)


def _refused(config: dict[str, Any], catalog: Catalog) -> Iterator[Note]:
    """What the settings refuse, other than placeholders."""
    try:
        load({key: raw_text(value) for key, value in config.items()}, catalog)
    except SettingsError as error:
        for problem in error.problems:
            if problem.value is None or not PLACEHOLDER.search(problem.value):
                subject = problem.rule if problem.value is None else f"{problem.value} {problem.rule}"
                yield Note(About.REFUSED, f"{subject}; {problem.remedy}", key=problem.path)
