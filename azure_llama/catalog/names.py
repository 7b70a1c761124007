"""Naming rules of Azure ML resources and of the dependencies of a workspace."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class NameRule:
    """The rule for the names of one resource type.

    Attributes:
        what: The resource, as a sentence calls it.
        pattern: What the whole name must match, length apart.
        shortest: Characters.
        longest: Characters.
        rule: The pattern in words.
        source: Key of the source.
        as_of: Its date.
    """

    what: str
    pattern: str
    shortest: int
    longest: int
    rule: str
    source: str
    as_of: str

    def problem(self, name: str) -> str | None:
        """The error in a name, as the end of a sentence that begins with it; None when it is valid."""
        if not self.shortest <= len(name) <= self.longest:
            characters = "1 character" if len(name) == 1 else f"{len(name)} characters"
            return f"has {characters}, and the name of {self.what} has {self.shortest} to {self.longest}"
        if re.fullmatch(self.pattern, name) is None:
            return f"breaks the rule for the name of {self.what} ({self.rule})"
        return None

    def suggestion(self, name: str) -> str | None:
        """The legal name that is most like an illegal one; None when hardly anything of it could stay."""
        candidate = re.sub(r"[^a-zA-Z0-9]+", "-", name).strip("-")
        candidate = re.sub(r"^[^a-zA-Z]+", "", candidate)[: self.longest].rstrip("-")
        return candidate if self.problem(candidate) is None else None


_WIDE = "letters, digits, dashes and underscores, beginning with a letter or digit"
_ONLINE = "letters, digits and single dashes, beginning with a letter and ending with a letter or digit"

WORKSPACE = NameRule("a workspace", r"[a-zA-Z0-9][a-zA-Z0-9_-]*", 3, 33, _WIDE, "azure-ai-ml-1.26", "2025")
CONNECTION = NameRule("a workspace connection", r"[a-zA-Z0-9][a-zA-Z0-9_-]*", 3, 33, _WIDE, "azure-ai-ml-1.26", "2025")
MARKETPLACE_SUBSCRIPTION = NameRule(
    "a marketplace subscription",
    r"[a-zA-Z0-9][a-zA-Z0-9_-]*",
    1,
    255,
    _WIDE + "; no dots",
    "serverless-doc-2026-01",
    "2026-01-26",
)
SERVERLESS_ENDPOINT = NameRule(
    "a serverless endpoint",
    r"[a-zA-Z][a-zA-Z0-9-]*",
    1,
    52,
    "letters, digits and dashes, beginning with a letter; no dots and no underscores",
    "azure-ai-ml-1.26",
    "2025",
)
ONLINE_ENDPOINT = NameRule(
    "a managed endpoint", r"[a-zA-Z](-?[a-zA-Z0-9])*", 3, 32, _ONLINE, "quotas-2026-01", "2026-01-27"
)
ONLINE_DEPLOYMENT = NameRule(
    "a managed deployment", r"[a-zA-Z](-?[a-zA-Z0-9])*", 3, 32, _ONLINE, "quotas-2026-01", "2026-01-27"
)
COMPUTE = NameRule(
    "a compute",
    r"[a-zA-Z](?![a-zA-Z0-9-]*-\d+$)[a-zA-Z0-9-]*",
    3,
    24,
    "letters, digits and dashes, beginning with a letter and not ending with a dash and digits",
    "azure-ai-ml-1.26",
    "2025",
)

_DOCUMENT = ("azure-names-2020-02", "2020-02-11")

RESOURCE_GROUP = NameRule(
    "a resource group",
    r"[\w().-]*[\w()-]",
    1,
    90,
    "letters, digits, underscores, brackets, dots and dashes, not ending with a dot",
    *_DOCUMENT,
)
STORAGE_ACCOUNT = NameRule("a storage account", r"[a-z0-9]*", 3, 24, "lower-case letters and digits", *_DOCUMENT)
KEY_VAULT = NameRule("a key vault", r"[a-zA-Z](-?[a-zA-Z0-9])*", 3, 24, _ONLINE, *_DOCUMENT)
LOG_ANALYTICS = NameRule(
    "a Log Analytics workspace",
    r"[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?",
    4,
    63,
    "letters, digits and dashes, beginning and ending with a letter or digit",
    *_DOCUMENT,
)
APPLICATION_INSIGHTS = NameRule(
    "an Application Insights component",
    r"[^%&\\?/]*[^%&\\?/ .]",
    1,
    260,
    "anything but % & \\ ? /, not ending with a space or dot",
    *_DOCUMENT,
)
CONTAINER_REGISTRY = NameRule("a container registry", r"[a-zA-Z0-9]*", 5, 50, "letters and digits", *_DOCUMENT)
VIRTUAL_NETWORK = NameRule(
    "a virtual network",
    r"[a-zA-Z0-9]([a-zA-Z0-9_.-]*[a-zA-Z0-9_])?",
    2,
    64,
    "letters, digits, underscores, dots and dashes, beginning with a letter or digit, ending with one or an underscore",
    *_DOCUMENT,
)
USER_ASSIGNED_IDENTITY = NameRule("a user-assigned identity", r"[a-zA-Z0-9][a-zA-Z0-9_-]*", 3, 128, _WIDE, *_DOCUMENT)
COGNITIVE_ACCOUNT = NameRule(
    "an Azure AI services account",
    r"[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?",
    2,
    64,
    "letters, digits and dashes, beginning and ending with a letter or digit",
    *_DOCUMENT,
)
_TYPES = ("azure-types-2026-08", "2026-08-20")

FOUNDRY_ACCOUNT = NameRule(
    "a Foundry account",
    r"[a-z0-9]([a-z0-9-]*[a-z0-9])?",
    2,
    63,
    "lower-case letters, digits and dashes, beginning and ending with a letter or digit, since it is a host name too",
    *_TYPES,
)
FOUNDRY_CHILD = NameRule(
    "a deployment, project or content filter of a Foundry account",
    r"[a-zA-Z0-9][a-zA-Z0-9_.-]*",
    2,
    64,
    "letters, digits, underscores, dots and dashes, beginning with a letter or digit",
    *_TYPES,
)
API_MANAGEMENT = NameRule(
    "an API Management service",
    r"[a-zA-Z]([a-zA-Z0-9-]*[a-zA-Z0-9])?",
    1,
    50,
    "letters, digits and dashes, beginning with a letter and ending with a letter or digit",
    *_TYPES,
)
OUTBOUND_RULE = NameRule("an outbound rule", r"[a-zA-Z0-9][a-zA-Z0-9_-]*", 3, 33, _WIDE, "upstream", "2026-11-22")
ASSET = NameRule(
    "an asset or its version",
    r"[a-zA-Z0-9][a-zA-Z0-9_.-]*",
    1,
    255,
    "letters, digits, dots, dashes and underscores, beginning with a letter or digit",
    "azure-ai-ml-1.26",
    "2025",
)
