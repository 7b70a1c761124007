"""`budget`: a budget notifies a contact when a stack exceeds its planned cost."""

from __future__ import annotations

from collections.abc import Iterator

from azure_llama_policies import resource_types as types
from azure_llama_policies.example import Example
from azure_llama_policies.kinds import endpoint_resources
from azure_llama_policies.resources import NotApplicableError, NotSeenError, Resource, Stack
from azure_llama_policies.rule import Accepted, Context, Finding, Level, Severity, StackRule, Violation

_COSTLY = (*(type_ for type_, resource in endpoint_resources() if resource.is_billed), types.COMPUTE)


def check(stack: Stack, _context: Context) -> Iterator[Finding]:
    """One violation when a stack that costs has no budget."""
    for root in stack.of(types.STACK):
        if not stack.of(*_COSTLY):
            yield root, NotApplicableError("nothing in it is paid for by use")
        else:
            yield from _told(root, stack)


def _told(root: Resource, stack: Stack) -> Iterator[Finding]:
    budgets = stack.of(*types.BUDGETS)
    if not budgets:
        yield root, Violation("the stack has endpoints or computes, and no budget; set azure-llama:budget")
        return
    try:
        if any(budget.mapping("notifications") for budget in budgets):
            return
    except NotSeenError as unseen:
        yield root, NotSeenError(f"whom a budget notifies is unknown: {unseen}")
        return
    yield root, Violation("the stack's budget notifies nobody; set azure-llama:budget contacts or contactRoles")


RULE = StackRule(
    id="budget",
    title="A stack with endpoints or computes has a budget.",
    what="Whether a stack that has managed deployments, serverless endpoints or computes has a budget, too, and "
    "whether that tells anybody.",
    why="A GPU machine that is forgotten costs thousands a month, and the invoice is the first to say so.",
    fix="Set azure-llama:budget with an amount and the people to tell.",
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,
    sources=("article-2024-11",),
    types=frozenset({types.STACK}),
    reads=frozenset({*_COSTLY, *types.BUDGETS}),
    azure=Accepted.COST,
    check=check,
    example=Example(
        noncompliant="""\
azure-llama:serverless:                   # violated: there is no azure-llama:budget
  llama-33-70b:
    model: Llama-3.3-70B-Instruct
""",
        compliant="""\
azure-llama:serverless:
  llama-33-70b:
    model: Llama-3.3-70B-Instruct
azure-llama:budget:
  amount: 500
  startDate: "2027-06-01"
  contacts: [finance@example.com]
""",
    ),
    notes="A budget tells; it stops nothing. One that another stack has for the whole subscription is beyond this "
    "rule's sight: exempt the stack.",
)
