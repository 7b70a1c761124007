"""`serverless-name`: a serverless endpoint has a valid name."""

from __future__ import annotations

from collections.abc import Iterator

from azure_llama.catalog.names import SERVERLESS_ENDPOINT as NAME
from azure_llama_policies import resource_types as types
from azure_llama_policies.example import Example
from azure_llama_policies.resources import Resource
from azure_llama_policies.rule import Context, Refused, ResourceRule, Severity, Violation


def check(endpoint: Resource, _context: Context) -> Iterator[Violation]:
    """One violation when the name breaks the rule."""
    name = endpoint.text("name")
    problem = NAME.problem(name)
    if problem:
        suggestion = NAME.suggestion(name)
        way_out = f"; call it '{suggestion}', for instance" if suggestion else "; give it another"
        yield Violation(f"endpoint '{name}': the name {problem}{way_out}", "name")


RULE = ResourceRule(
    id="serverless-name",
    title="A serverless endpoint has a name that Azure accepts.",
    what="The name of each serverless endpoint.",
    why="Azure refuses a name with a dot, an underscore or more than 52 characters, after the subscription to the "
    "model has been bought.",
    fix="Give the endpoint a name of 1-52 letters, digits and dashes that begins with a letter.",
    severity=Severity.HIGH,
    sources=("azure-ai-ml-1.26",),
    types=frozenset({types.SERVERLESS_ENDPOINT}),
    azure=Refused(("UserError",), assumed=True),
    check=check,
    example=Example(
        noncompliant="""\
azure-llama:serverless:
  llama_33.70b:                           # violated: an underscore and a dot
    model: Llama-3.3-70B-Instruct
""",
        compliant="""\
azure-llama:serverless:
  llama-33-70b:
    model: Llama-3.3-70B-Instruct
""",
        rejected_at='azure-llama:serverless["llama_33.70b"]',
    ),
    notes="The name must also be free in the region, which only Azure can tell. Settings refuse the same names "
    "earlier, and `azure-native` rejects them before it asks Azure.",
)
