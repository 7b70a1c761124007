"""`secret-outputs`: no stack output contains a secret in plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import accumulate
from typing import Any

from azure_llama_policies import frameworks
from azure_llama_policies import resource_types as types
from azure_llama_policies.example import Example
from azure_llama_policies.resources import UNKNOWN, NotSeenError, Stack
from azure_llama_policies.rule import Accepted, Context, Finding, Severity, StackRule, Violation

_NAMES = re.compile(r"(^|[^a-z])(keys?|secrets?|tokens?|passwords?|credentials?|connection ?strings?)$")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def check(stack: Stack, _context: Context) -> Iterator[Finding]:
    """One violation for each output that is named like a secret and is none."""
    for root in stack.of(types.STACK):
        for path in filter(_sounds_secret, sorted(map(".".join, _texts(root.props)))):
            if root.secrets is None:
                yield (
                    root,
                    NotSeenError(f"output '{path}' is named like a secret; whether it is one cannot be seen", path),
                )
            elif not _marked(path, root.secrets):
                yield (
                    root,
                    Violation(
                        f"output '{path}' is named like a secret and is plain text, in the state and on the console; "
                        "wrap it where it is made (Output.secret)",
                        path,
                    ),
                )


def _texts(value: Any) -> Iterator[tuple[str, ...]]:
    """The keys to each text, and to each value that may be one."""
    if value is UNKNOWN or (isinstance(value, str) and value):
        yield ()
    items = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        for rest in _texts(inner):
            yield str(key), *rest


def _sounds_secret(path: str) -> bool:
    # primaryKey, primary_key and PRIMARY-KEY are one to this rule; authHeader and monkey are none. Above the value, a
    # name with a dash is somebody's own, of an endpoint say: the uri of `max-token` is no secret.
    *above, last = path.split(".")
    return any(_NAMES.search(_HUMP.sub(" ", part).casefold()) for part in (last, *(p for p in above if "-" not in p)))


def _marked(path: str, secrets: frozenset[str]) -> bool:
    return not secrets.isdisjoint(accumulate(path.split("."), "{}.{}".format))


RULE = StackRule(
    id="secret-outputs",
    title="Stack outputs contain no secret in plain text.",
    what="The outputs of the stack that are named like a secret: key, token, password, secret, credential.",
    why="The keys that azure-native lists are not marked as secrets: once they are plain, they stand in the state, in "
    "the preview and in every log of it.",
    fix="Wrap the whole result where it is made, Output.secret(...), before anything is read of it.",
    severity=Severity.CRITICAL,
    sources=("azure-native-3.29",),
    types=frozenset({types.STACK}),
    frameworks=frameworks.CREDENTIALS,
    azure=Accepted.SECURITY,
    check=check,
    example=Example(
        noncompliant="""\
import pulumi
from pulumi_azure_native import machinelearningservices as ml

keys = ml.list_serverless_endpoint_keys_output(
    name="llama-33-70b", resource_group_name="rg-llama", workspace_name="llama-dev"
)
pulumi.export("keys", keys)               # violated
""",
        compliant="""\
import pulumi
from pulumi_azure_native import machinelearningservices as ml

keys = ml.list_serverless_endpoint_keys_output(
    name="llama-33-70b", resource_group_name="rg-llama", workspace_name="llama-dev"
)
pulumi.export("keys", pulumi.Output.secret(keys))
""",
    ),
    notes="It goes by names, of the value and of what it is in; above the value, a name with a dash counts as a name "
    "of yours. A secret called otherwise is beyond its sight, and so is one inside a resource.",
)
