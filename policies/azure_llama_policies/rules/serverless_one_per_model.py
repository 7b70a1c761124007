"""`serverless-one-per-model`: a workspace deploys a model as a serverless endpoint once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from azure_llama.catalog import ModelReference
from azure_llama_policies import resource_types as types
from azure_llama_policies.example import Example
from azure_llama_policies.rule import (
    Context,
    Finding,
    NotSeenError,
    Refused,
    Resource,
    Severity,
    Stack,
    StackRule,
    Violation,
)
from azure_llama_policies.serverless import MODEL_ID, Workspace, workspace_of
from azure_llama_policies.subjects import azure_name
from azure_llama_policies.unseen import unseen_of

_Deployed = tuple[Resource, ModelReference]


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    """One message for each endpoint whose model its workspace deploys already.

    What cannot be seen matters only where it could hide a second one.
    """
    endpoints = stack.of(types.SERVERLESS_ENDPOINT)
    of_model: dict[str, list[_Deployed]] = defaultdict(list)
    for endpoint in endpoints:
        try:
            model = context.catalog.reference(endpoint.text(MODEL_ID))
            of_model[model.key].append((endpoint, model))
        except NotSeenError as unseen:
            if len(endpoints) > 1:
                yield endpoint, unseen_of(endpoint, unseen)
    for twins in of_model.values():
        if len(twins) > 1:
            yield from _in_one_workspace(twins, stack)


def _in_one_workspace(deployed: Sequence[_Deployed], stack: Stack) -> Iterator[Finding]:
    taken: dict[tuple[str, str], list[tuple[Workspace, Resource]]] = defaultdict(list)
    for endpoint, model in deployed:
        try:
            workspace = workspace_of(endpoint, stack)
        except NotSeenError as unseen:
            yield endpoint, unseen_of(endpoint, unseen)
            continue
        neighbours = taken[workspace.key]
        first = next((other for place, other in neighbours if workspace.shares_subscription(place)), None)
        if first is None:
            neighbours.append((workspace, endpoint))
        else:
            yield (
                endpoint,
                Violation(
                    f"endpoints '{azure_name(first)}' and '{azure_name(endpoint)}' both deploy "
                    f"{model.name} in workspace '{workspace.name}' (resource group "
                    f"'{workspace.group}'), which takes one serverless endpoint of a model. Let their callers share "
                    "one, or give the other a workspace of its own (another stack)",
                    MODEL_ID,
                ),
            )


RULE = StackRule(
    id="serverless-one-per-model",
    title="A workspace has at most one serverless endpoint per model.",
    what="The workspace and the model id of all serverless endpoints of the stack, compared with one another.",
    why="Azure allows one deployment of a model per workspace (or project), and refuses the second.",
    fix="Let the callers share one endpoint, or give the other a workspace of its own (another stack).",
    severity=Severity.HIGH,
    sources=("serverless-doc-2026-01", "article-2024-11"),
    types=frozenset({types.SERVERLESS_ENDPOINT}),
    reads=frozenset({types.WORKSPACE, types.RESOURCE_GROUP}),
    azure=Refused(("UserError",), assumed=True),
    check=check,
    example=Example(
        noncompliant="""\
azure-llama:serverless:
  llama-33-70b:
    model: Llama-3.3-70B-Instruct
  llama-again:                            # violated: the workspace deploys this model already
    model: Llama-3.3-70B-Instruct
""",
        compliant="""\
azure-llama:serverless:
  llama-33-70b:
    model: Llama-3.3-70B-Instruct
""",
    ),
    notes="""\
Letter case and a version in the id make no other model. A workspace whose name is an output still counts as the one
that it is, in a first preview too. Endpoints in other stacks are beyond this rule's sight; Azure refuses them all the
same. So does it when an endpoint is renamed: Pulumi makes the new one before it deletes the old one, so remove it in
one `up` and add it in the next.

The verdict falls at the end of a run. A preview has touched nothing by then; `pulumi up --skip-preview` has.
""",
)
