"""The result of a comparison, and the command that restores the declared state."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from azure_llama.documents.positions import Place
from azure_llama.drift import templates
from azure_llama.drift.changes import Change, changes
from azure_llama.drift.refresh import Step
from azure_llama.drift.templates import DEPLOYMENT, Stated


@dataclass(frozen=True)
class DriftedResource:
    """A resource that Azure has otherwise than the stack states, or does not have.

    Attributes:
        urn: Required. URN of the resource; of the template when a template states it.
        type: Required. Its Pulumi type; its ARM type when a template states it.
        name: Required. Its Pulumi name.
        id: Required. Its ARM id.
        place: Required. The line of the project that declares it.
        changes: Optional. What differs; empty when Azure does not have the resource.
        in_template: Optional. Whether a template states it.
    """

    urn: str
    type: str
    name: str
    id: str
    place: Place
    changes: tuple[Change, ...] = ()
    in_template: bool = False

    @property
    def missing(self) -> bool:
        """Whether Azure does not have it."""
        return not self.changes


@dataclass(frozen=True)
class Report:
    """The result of a comparison.

    Attributes:
        project: Required. The project's name.
        stack: Required. The stack's name.
        compared: Required. Number of resources that were compared.
        resources: Required. Those that drifted.
        config_file: Optional. The configuration that was given instead of the stack's file.
    """

    project: str
    stack: str
    compared: int
    resources: tuple[DriftedResource, ...]
    config_file: str | None = None

    @property
    def restore(self) -> str | None:
        """The command that restores what the stack states; None without drift.

        A template's inputs are what they were, so Pulumi sees nothing to do: its deployment has to be replaced, which
        sends the template again. What else drifted is refreshed first, so that Pulumi sees the difference.
        """
        if not self.resources:
            return None
        own = sorted({each.urn for each in self.resources if not each.in_template})
        again = sorted({each.urn for each in self.resources if each.in_template})
        return shlex.join(
            [
                *("pulumi", "up", "--stack", self.stack),
                *(("--config-file", self.config_file) if self.config_file else ()),
                *(("--refresh",) if own else ()),
                *(part for urn in own for part in ("--target", urn)),
                *(part for urn in again for part in ("--target-replace", urn)),
            ]
        )


def drifted(steps: Iterable[Step], live: Mapping[str, Mapping[str, Any] | None]) -> tuple[DriftedResource, ...]:
    """The resources that drifted.

    Args:
        steps: Required. The refresh.
        live: Required. What Azure has of the resources that templates state, by ARM id; None where it has nothing.
    """
    steps = list(steps)
    own = [found for step in steps if (found := _own(step))]
    stated = [found for each in templates.stated(steps) if (found := _stated(each, live[each.id]))]
    return tuple(sorted((*own, *stated), key=lambda each: each.urn))


def _own(step: Step) -> DriftedResource | None:
    found = tuple(changes(step)) if step.operation == "update" else ()
    # Azure deletes old deployments from a group's history by itself; what their templates state is compared anyway.
    gone = step.operation == "delete" and step.type != DEPLOYMENT
    return DriftedResource(step.urn, step.type, step.name, step.id, step.place, found) if found or gone else None


def _stated(resource: Stated, live: Mapping[str, Any] | None) -> DriftedResource | None:
    step = resource.step
    found = () if live is None else tuple(templates.compare(resource, live))
    if live is not None and not found:
        return None
    return DriftedResource(step.urn, resource.type, step.name, resource.id, step.place, found, in_template=True)
