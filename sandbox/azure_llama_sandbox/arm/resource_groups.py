"""Microsoft.Resources/resourceGroups (contract 2024-03-01), and the resources that are in one."""

from __future__ import annotations

from azure_llama.catalog.names import NameRule
from azure_llama_sandbox.arm import access, guards, verbs
from azure_llama_sandbox.arm.calls import Answer, Call, timestamp
from azure_llama_sandbox.arm.contract import ABSENT, Empty, Located
from azure_llama_sandbox.arm.errors import group_not_found
from azure_llama_sandbox.arm.filters import equalities
from azure_llama_sandbox.arm.kinds import HEALTHY, Kind, Style, location_of
from azure_llama_sandbox.store import Resource

GROUP = "Microsoft.Resources/subscriptions/resourceGroups"


class GroupBody(Located):
    """A PUT's body."""

    managed_by: str = ABSENT
    properties: Empty = ABSENT


class ResourceGroup(Kind):
    """A resource group: deleting it deletes its resources."""

    type = GROUP
    contract = GroupBody
    names = NameRule(
        "a resource group",
        r"[\w().-]*[\w()-]",
        1,
        90,
        "letters, digits, dots, underscores, dashes and parentheses, not ending with a dot",
        "upstream",
        "2026-11-22",
    )
    name_code = "InvalidResourceGroupName"
    location_code = "LocationNotAvailableForResourceGroup"
    moved_code = "InvalidResourceGroupLocation"
    delete = Style.ACCEPTED
    patchable = frozenset({"tags", "managedBy"})
    waits_for_children = False

    def build(self, call: Call, existing: Resource | None) -> Resource:
        """The group."""
        group = self.new(call, existing, {}, managedBy=call.body.get("managedBy"))
        group.body["type"] = "Microsoft.Resources/resourceGroups"
        return group

    def delete_absent(self, call: Call) -> Answer:
        """Groups are the exception: one that is not there is an error."""
        raise group_not_found(call.id.name)


def list_resources(call: Call) -> Answer:
    """GET of all tracked resources of a group or of the subscription."""
    container = call.id.parent
    where = container.text if container is not None and container.names else call.id.scope
    readable = access.readable(call, where)
    if container is not None and container.type == GROUP:
        guards.require_group(call)
    wanted = equalities(call.query.get("$filter", ""), _FILTERS)
    expanded = {each.strip().lower() for each in call.query.get("$expand", "").split(",")}
    found = [r for r in call.store.below(where) if _tracked(r) and _matches(r, wanted) and readable(r)]
    return verbs.value([_brief(each, expanded) for each in found])


_FILTERS = ("resourceType", "resourceGroup", "name", "location", "tagName", "tagValue")


def _tracked(resource: Resource) -> bool:
    kind = verbs.KINDS.get(resource.type.lower())
    return kind is not None and kind.located and kind.type != GROUP


def _matches(resource: Resource, wanted: dict[str, str]) -> bool:
    tags: dict[str, str] = resource.body.get("tags") or {}
    facts = {
        "resourcetype": resource.type,
        "resourcegroup": resource.id.split("/")[4],
        "name": _full_name(resource),
        "location": location_of(resource.body),
    }
    named = wanted | ({"location": location_of(wanted)} if "location" in wanted else {})
    if any(facts[key].lower() != value.lower() for key, value in named.items() if key in facts):
        return False
    name, value = wanted.get("tagname"), wanted.get("tagvalue")
    return name is None or (name in tags and value in (None, tags[name]))


def _full_name(resource: Resource) -> str:
    return "/".join(resource.id.split("/providers/")[-1].split("/")[2::2])


def _brief(resource: Resource, expanded: set[str]) -> dict[str, object]:
    keys = ("id", "name", "type", "kind", "location", "tags", "identity", "sku", "managedBy")
    brief = {key: resource.body[key] for key in keys if key in resource.body}
    more = {
        "createdTime": timestamp(resource.created),
        "changedTime": timestamp(resource.modified),
        "provisioningState": resource.properties.get("provisioningState", HEALTHY),
    }
    return brief | {"name": _full_name(resource)} | {k: v for k, v in more.items() if k.lower() in expanded}
