"""Microsoft.Resources/resourceGroups (contract 2024-03-01), and the resources that are in one."""

from __future__ import annotations

from azure_llama.catalog.names import NameRule
from azure_llama_sandbox.arm import access, guards, verbs
from azure_llama_sandbox.arm.calls import Answer, Call
from azure_llama_sandbox.arm.contract import ABSENT, Empty, Located
from azure_llama_sandbox.arm.errors import bad_request, group_not_found
from azure_llama_sandbox.arm.kinds import Kind, Style
from azure_llama_sandbox.store import Resource
from azure_llama_sandbox.world import World

GROUP = "Microsoft.Resources/subscriptions/resourceGroups"


class GroupBody(Located):
    """A PUT's body."""

    managed_by: str = ABSENT
    properties: Empty = ABSENT


class ResourceGroup(Kind):
    """A resource group: deleting it deletes what is in it."""

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
    """GET of all tracked resources of a group or of the subscription; `$filter=resourceType eq '...'` is understood."""
    container = call.id.parent
    where = container.text if container is not None and container.names else call.id.scope
    access.require(call, *access.actions_for(call), scope=where)
    if container is not None and container.type == GROUP:
        guards.require_group(call)
    wanted = _resource_type(call.query.get("$filter", ""))
    return verbs.value([_brief(r) for r in call.store.below(where) if _tracked(call.world, r, wanted)])


def _resource_type(text: str) -> str | None:
    if not text:
        return None
    words = text.split()
    if len(words) == 3 and words[0].lower() == "resourcetype" and words[1].lower() == "eq":
        return words[2].strip("'").lower()
    raise bad_request(
        f"The filter '{text}' is not played by the sandbox; it knows \"resourceType eq '<type>'\".",
        target="$filter",
        code="InvalidFilterInQueryString",
    )


def _tracked(world: World, resource: Resource, wanted: str | None) -> bool:
    kind = verbs.KINDS.get(resource.type.lower())
    if kind is None or not kind.located or kind.type == GROUP:
        return False
    return wanted is None or resource.type.lower() == wanted


def _brief(resource: Resource) -> dict[str, object]:
    keys = ("id", "name", "type", "kind", "location", "tags", "identity", "sku", "managedBy")
    brief = {key: resource.body[key] for key in keys if key in resource.body}
    names = resource.id.split("/providers/")[-1].split("/")[2::2]
    return brief | {"name": "/".join(names)}
