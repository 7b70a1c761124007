"""`required-tags`: every resource has the tags that the organisation requires."""

from __future__ import annotations

from collections.abc import Iterator

from azure_llama_policies import frameworks
from azure_llama_policies import resource_types as types
from azure_llama_policies.example import Example
from azure_llama_policies.kinds import endpoint_resources
from azure_llama_policies.resources import NotApplicableError, Resource
from azure_llama_policies.rule import Accepted, Context, ResourceRule, Severity, Violation
from azure_llama_policies.subjects import called
from azure_llama_policies.unseen import naming

_TAGGED = frozenset(
    {
        types.WORKSPACE,
        *(type_ for type_, resource in endpoint_resources() if resource.has_tags),
        types.COMPUTE,
        types.RESOURCE_GROUP,
        types.STORAGE_ACCOUNT,
        types.VAULT,
        types.REGISTRY,
        types.COGNITIVE_ACCOUNT,
        types.LOG_ANALYTICS,
        types.APPLICATION_INSIGHTS,
    }
)


def check(resource: Resource, context: Context) -> Iterator[Violation]:
    """One violation for all the tags that a resource lacks."""
    wanted = context.config["tags"]
    if not wanted:
        raise NotApplicableError("no tags are required; the setting 'tags' names them")
    with naming(resource):
        given = resource.mapping("tags")
    # Azure keeps the letter case of a tag's name, and does not look at it.
    names = {name.casefold() for name, value in given.items() if value != ""}
    missing = [name for name in wanted if name.casefold() not in names]
    if missing:
        yield Violation(
            f"{called(resource)}: it lacks {', '.join(missing)} among its tags; set azure-llama:tags", "tags"
        )


RULE = ResourceRule(
    id="required-tags",
    title="Every resource has the required tags.",
    what="The tags of each resource that takes tags, against the list in the rule's settings.",
    why="Without an owner and a cost centre, a resource cannot be assigned to a team or a budget.",
    fix="Set azure-llama:tags, which go to every resource.",
    severity=Severity.MEDIUM,
    sources=("azure-policy-2026-04", "azure-tags-2024-09"),
    types=_TAGGED,
    mirrors=("871b6d14-10aa-478d-b590-94f262ecfa99", "96670d01-0a4d-4649-9c89-2d3abc0a5025"),
    frameworks=frameworks.INVENTORY,
    config={
        "tags": {
            "type": "array",
            "items": {"type": "string", "minLength": 1},
            "default": [],
            "description": "Names of the tags that every resource must have.",
        }
    },
    azure=Accepted.SAFETY,
    check=check,
    example=Example(
        noncompliant="""\
azure-llama:tags:                         # violated: there is no tag owner
  environment: dev
""",
        compliant="""\
azure-llama:tags:
  environment: dev
  owner: ml-platform
""",
        settings={"tags": ["environment", "owner"]},
    ),
    notes="It judges nothing until its setting `tags` names some; then it is mandatory. An empty tag is none.",
)
