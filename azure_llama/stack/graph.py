"""Draws the resources of a stack as a Mermaid flowchart, and marks differences from an earlier state."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from itertools import count
from typing import Any

from azure_llama.documents.text import line
from azure_llama.stack.program import Program
from azure_llama_policies.resource_types import STACK
from azure_llama_policies.rule import Resource

_DETAILS = (
    ("instanceType",),
    ("model",),
    ("modelId",),
    ("modelSettings", "modelId"),
)
"""Where a resource says what makes it different from its like, in its `properties`."""

_WHOLE = "LlamaStack"
_BREAK = "<br/>"
_MARKS = {"added": "+ ", "changed": "~ ", "removed": "- ", "same": ""}
_STYLES = """  classDef same fill:#eef2f7,stroke:#57606a,color:#1f2328
  classDef added fill:#d2f4d9,stroke:#1a7f37,color:#0b3d18,stroke-width:3px
  classDef changed fill:#fff3c4,stroke:#9a6700,color:#4a3200,stroke-width:3px
  classDef removed fill:#ffdcd7,stroke:#b42318,color:#6b150d,stroke-width:3px,stroke-dasharray:6 4
  classDef group fill:transparent,stroke:#8b949e"""
"""Fill and text of every box are stated, so that both are readable on a light and on a dark page."""
_MOST_ARROWS = 6
"""Arrows into a box; one with more has none, since nobody can follow them."""


@dataclass(frozen=True)
class _Node:
    """A box: a resource, or several of one type and state in one component.

    Attributes:
        resources: Required. At least one.
        state: Required. `same`, `added`, `changed` or `removed`.
    """

    resources: tuple[Resource, ...]
    state: str

    @property
    def label(self) -> str:
        """The text of the box."""
        first = self.resources[0]
        short = first.type.rpartition(":")[2]
        if len(self.resources) > 1:
            return f"{_MARKS[self.state]}{len(self.resources)} x {short}"
        return _BREAK.join([f"{_MARKS[self.state]}{short}", first.name, *_details(first)])


@dataclass(frozen=True)
class Graph:
    """The picture.

    Attributes:
        text: Required. The Mermaid flowchart.
        counts: Required. Number of resources by state: `added`, `changed`, `removed`, `same`.
    """

    text: str
    counts: Mapping[str, int]


def draw(program: Program, base: Program | None = None) -> Graph:
    """Draw what a program makes.

    Args:
        program: Required. What it asks for.
        base: Optional. What it asked for earlier; the boxes are marked with what differs.
    """
    states = dict(_states(program, base))
    parents = {**(base.parents if base else {}), **program.parents}
    known = {resource.urn: resource for each in (base, program) if each for resource in each.resources}
    groups: dict[str, list[Resource]] = {}
    for urn in states:
        groups.setdefault(_component(urn, parents), []).append(known[urn])
    # A lock waits for nearly everything, which makes nothing special.
    needed = {each for urn in states for each in _needs(known[urn]) if len(_needs(known[urn])) * 2 <= len(states)}
    out, ids, numbers = ["flowchart LR"], dict[str, str](), count()
    for number, (component, resources) in enumerate(groups.items()):
        out.append(f"  subgraph g{number}[{_quoted(_title(component, known))}]")
        for node in _nodes(resources, states, needed):
            name = f"n{next(numbers)}"
            ids.update(dict.fromkeys((each.urn for each in node.resources), name))
            out.append(f"    {name}[{_quoted(node.label)}]:::{node.state}")
        out.append("  end")
    out += [f"  {one} --> {other}" for one, other in _edges(known, ids)]
    out += [*_STYLES.splitlines(), f"  class {','.join(f'g{number}' for number in range(len(groups)))} group"]
    return Graph("\n".join(out if groups else [out[0], '  empty["nothing"]']), Counter(states.values()))


def _states(program: Program, base: Program | None) -> Iterator[tuple[str, str]]:
    """The state of every resource, by URN, in the order in which they are declared; those that are gone come last."""
    before = {each.urn: each for each in _made(base)} if base else None
    for resource in _made(program):
        earlier = before.get(resource.urn) if before is not None else resource
        yield resource.urn, "added" if earlier is None else "same" if earlier.props == resource.props else "changed"
    now = {each.urn for each in _made(program)}
    yield from ((urn, "removed") for urn in before or () if urn not in now)


def _made(program: Program) -> Iterator[Resource]:
    apart = program.components | program.read
    for resource in program.resources:
        if resource.urn not in apart and resource.type != STACK and not resource.type.startswith("pulumi:providers:"):
            yield resource


def _component(urn: str, parents: Mapping[str, str]) -> str:
    """The outermost component of a resource below that of the whole stack; empty for one without."""
    found = ""
    while (urn := parents.get(urn, "")) and STACK not in urn:
        found = found if found and f":{_WHOLE}::" in urn else urn
    return found


def _title(component: str, known: Mapping[str, Resource]) -> str:
    if component not in known:
        return "Without a component"
    return f"{known[component].type.rpartition(':')[2]} {known[component].name}"


def _nodes(resources: Iterable[Resource], states: Mapping[str, str], needed: Set[str]) -> Iterator[_Node]:
    """The boxes of a component; settings that nothing else needs, such as diagnostics, share a box."""
    alike: dict[tuple[str, str], list[Resource]] = {}
    for resource in resources:
        alike.setdefault((resource.type, states[resource.urn]), []).append(resource)
    for (_, state), same in alike.items():
        if len(same) > 1 and not any(each.urn in needed or _details(each) for each in same):
            yield _Node(tuple(same), state)
        else:
            yield from (_Node((each,), state) for each in same)


def _details(resource: Resource) -> list[str]:
    found = []
    for path in _DETAILS:
        value: Any = resource.props.get("properties")
        for key in path:
            value = value.get(key) if isinstance(value, Mapping) else None
        if isinstance(value, str):
            found.append(re.sub(r"^azureml://.*/models/([^/]+).*$", r"\1", value))
    return found


def _needs(resource: Resource) -> set[str]:
    """URNs of the resources that one depends on."""
    return {*resource.depends_on, *(each for many in resource.dependencies.values() for each in many)}


def _edges(known: Mapping[str, Resource], ids: Mapping[str, str]) -> list[tuple[str, str]]:
    """From a box to those that need it, without the arrows that other arrows imply."""
    needs: dict[str, set[str]] = {}
    for urn, name in ids.items():
        urns = _needs(known[urn])
        needs.setdefault(name, set()).update(ids[each] for each in urns if each in ids and ids[each] != name)
    reach: dict[str, set[str]] = {}

    def reached(name: str) -> set[str]:
        if name not in reach:
            reach[name] = set()
            reach[name] = needs[name].union(*(reached(each) for each in needs[name]))
        return reach[name]

    for name in needs:
        reached(name)
    return [(other, name) for name, direct in needs.items() for other in _direct(direct, reach)]


def _direct(direct: Set[str], reach: Mapping[str, Set[str]]) -> list[str]:
    """The boxes whose arrow no other arrow implies; none where they are too many to follow."""
    found = [other for other in direct if not any(other in reach[via] for via in direct - {other})]
    return sorted(found, key=lambda each: int(each[1:])) if len(found) <= _MOST_ARROWS else []


def _quoted(text: str) -> str:
    """A label that Mermaid shows as it is."""
    rows = [line(row) for row in text.split(_BREAK)]
    for sign, code in (("&", "#amp;"), ('"', "#quot;"), ("<", "#lt;"), (">", "#gt;"), ("`", "#96;")):
        rows = [row.replace(sign, code) for row in rows]
    return f'"{_BREAK.join(rows)}"'
