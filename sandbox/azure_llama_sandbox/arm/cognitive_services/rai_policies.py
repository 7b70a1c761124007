"""Microsoft.CognitiveServices/accounts/raiPolicies (contract 2025-06-01): content filters."""

from __future__ import annotations

from http import HTTPStatus

from azure_llama.catalog.names import NameRule
from azure_llama_sandbox.arm import access, verbs
from azure_llama_sandbox.arm.calls import Answer, Call
from azure_llama_sandbox.arm.cognitive_services.common import DEPLOYMENT, RAI_POLICY, AccountWriter, account_of
from azure_llama_sandbox.arm.contract import ABSENT, Strict, Tagged, one_of
from azure_llama_sandbox.arm.errors import bad_request
from azure_llama_sandbox.arm.kinds import Body, Style
from azure_llama_sandbox.store import Resource, Store

BUILT_IN = ("Microsoft.DefaultV2", "Microsoft.Default")
"""Content filters that every account has; the first is that of a deployment that names none."""
CATEGORIES = ("Hate", "Sexual", "Violence", "Selfharm")
_MODES = ("Default", "Deferred", "Blocking", "Asynchronous_filter")
_SOURCES = ("Prompt", "Completion")
_SEVERITIES = ("Low", "Medium", "High")


class CustomBlocklist(Strict):
    """`customBlocklists[]`."""

    blocking: bool = ABSENT
    blocklist_name: str = ABSENT
    source: str = ABSENT


class ContentFilter(Strict):
    """`contentFilters[]`."""

    blocking: bool = ABSENT
    enabled: bool = ABSENT
    name: str = ABSENT
    severity_threshold: str = ABSENT
    source: str = ABSENT


class RaiPolicyProperties(Strict):
    """`properties`."""

    base_policy_name: str = ABSENT
    content_filters: list[ContentFilter] = ABSENT
    custom_blocklists: list[CustomBlocklist] = ABSENT
    mode: str = ABSENT


class RaiPolicyBody(Tagged):
    """A PUT's body."""

    properties: RaiPolicyProperties = ABSENT


class RaiPolicy(AccountWriter):
    """A content filter of an account's own."""

    type = RAI_POLICY
    contract = RaiPolicyBody
    names = NameRule(
        "a content filter", r"[a-zA-Z0-9][\w.-]*", 1, 64, "letters, digits, _, . and -", "upstream", "2026"
    )
    located = False
    stateful = False
    delete = Style.ACCEPTED
    patchable = frozenset()

    def build(self, call: Call, existing: Resource | None) -> Resource:
        """The content filter."""
        account = account_of(call.store, call.id.text)
        given = call.properties
        base = given.get("basePolicyName", BUILT_IN[0])
        if call.id.name in BUILT_IN or find(call.store, account, base) is None:
            # Azure's code for both is unknown; this one is the sandbox's.
            raise bad_request(
                f"The content filter '{call.id.name}' must have a name of its own, and a base that exists; its base is"
                f" '{base}'.",
                target="properties.basePolicyName",
                code="InvalidResourceProperties",
            )
        one_of(given.get("mode"), "properties.mode", _MODES, machine_learning=False)
        for index, each in enumerate(given.get("contentFilters") or ()):
            path = f"properties.contentFilters[{index}]"
            one_of(each.get("source"), f"{path}.source", _SOURCES, machine_learning=False)
            one_of(each.get("severityThreshold"), f"{path}.severityThreshold", _SEVERITIES, machine_learning=False)
        properties = {"mode": _MODES[0], "type": "UserManaged", **given, "basePolicyName": base}
        return self.new(call, existing, properties, tags=call.body.get("tags"))

    def check_delete(self, call: Call, resource: Resource) -> None:
        """Refuse while a deployment has it."""
        account = account_of(call.store, resource.id)
        deployments = call.store.below(account.id, DEPLOYMENT)
        users = [each.name for each in deployments if each.properties.get("raiPolicyName") == resource.name]
        if users:
            # Azure's code for it is unknown; this one is the sandbox's.
            raise bad_request(
                f"The content filter '{resource.name}' is used by the deployments {', '.join(users)}.",
                code="RaiPolicyInUse",
            )


def list_policies(call: Call) -> Answer:
    """GET the content filters of an account, those that every account has first."""
    answer = verbs.list_(call, verbs.KINDS[RAI_POLICY.lower()])
    account = call.id.parent
    assert account is not None
    return verbs.value([*(_built_in(f"{account.text}/raiPolicies/{name}") for name in BUILT_IN), *answer.body["value"]])


def get_policy(call: Call) -> Answer:
    """GET a content filter."""
    if call.id.name not in BUILT_IN:
        return verbs.get(call, verbs.KINDS[RAI_POLICY.lower()])
    access.require(call, *access.actions_for(call))
    return Answer(HTTPStatus.OK, _built_in(call.id.text))


def _built_in(id_: str) -> Body:
    name = id_.rsplit("/", 1)[-1]
    filters = [
        {"name": category, "severityThreshold": "Medium", "blocking": True, "enabled": True, "source": source}
        for category in CATEGORIES
        for source in _SOURCES
    ]
    mode = _MODES[1] if name == BUILT_IN[0] else _MODES[0]
    properties = {"mode": mode, "type": "SystemManaged", "contentFilters": filters}
    return {"id": id_, "type": RAI_POLICY, "name": name, "properties": properties}


def find(store: Store, account: Resource, name: str) -> Body | None:
    """The properties of a content filter of an account; None when it does not exist."""
    if name in BUILT_IN:
        properties: Body = _built_in(f"{account.id}/raiPolicies/{name}")["properties"]
        return properties
    policy = store.get(f"{account.id}/raiPolicies/{name}")
    return policy.properties if policy is not None else None
