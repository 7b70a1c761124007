"""Converts files for `az ml` to the configuration of one stack."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from azure_llama.catalog import Catalog
from azure_llama.catalog.arm_ids import parse_arm_id
from azure_llama.catalog.kinds import MANAGED, SERVERLESS
from azure_llama.conversion import managed, serverless
from azure_llama.conversion.kinds import KINDS, MARKETPLACE_SUBSCRIPTION
from azure_llama.conversion.notes import About, Note
from azure_llama.conversion.reading import Source, read_source
from azure_llama.documents.errors import InputError
from azure_llama.documents.positions import Document
from azure_llama.documents.problems import FileProblem, ValueProblem, listed, show
from azure_llama.settings import SettingsError, load
from azure_llama.stack.values import raw_text

LOCATION, WORKSPACE = "azure-native:location", "azure-llama:workspace"
BUILDERS: Mapping[str, Callable[[Sequence[Source], Catalog], dict[str, Any]]] = {
    SERVERLESS.setting: serverless.endpoints,
    MANAGED.setting: managed.endpoints,
}
"""Makes the endpoints that files describe, by the key of the configuration that has them."""
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
        """Whether it has values, other than placeholders, that the stack's configuration rejects."""
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
    if all(source.kind == MARKETPLACE_SUBSCRIPTION for source in sources):
        names = listed([document.shown for document in documents])
        why = [str(each) for each in found if isinstance(each, Note)]
        raise InputError([*why, f"{names}: no file describes an endpoint or a deployment; give one that does"])
    result = Conversion(files=[document.shown for document in documents])
    result.config = _place(sources, workspace, location)
    for key, build in BUILDERS.items():
        if endpoints := build(sources, catalog):
            result.config[key] = endpoints
    result.notes = [each for each in found if isinstance(each, Note)]
    result.notes += [note for source in sources for note in source.notes]
    result.notes += [*_placeholders(result.config), *managed.defaults(sources), *_refused(result.config, catalog)]
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


def _placeholders(config: dict[str, Any]) -> Iterator[Note]:
    """What nothing else says: the place of the stack."""
    for key, place in ((LOCATION, LOCATION), (WORKSPACE, f"{WORKSPACE}.id")):
        value = config[key]["id"] if key == WORKSPACE else config[key]
        if PLACEHOLDER.fullmatch(value):
            option = "--workspace" if key == WORKSPACE else "--location"
            yield Note(About.FILL, f"no file states it: set it, or give {option}", key=place)


def _refused(config: dict[str, Any], catalog: Catalog) -> Iterator[Note]:
    """What the settings refuse, other than placeholders."""
    try:
        load({key: raw_text(value) for key, value in config.items()}, catalog)
    except SettingsError as error:
        for problem in error.problems:
            if problem.value is None or not PLACEHOLDER.search(problem.value):
                subject = problem.rule if problem.value is None else f"{problem.value} {problem.rule}"
                yield Note(About.REFUSED, f"{subject}; {problem.remedy}", key=problem.path)
