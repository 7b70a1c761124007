"""Reports the rules that could not be evaluated for a resource."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from azure_llama_policies.resources import NotApplicableError, NotSeenError, Resource
from azure_llama_policies.rule import Finding, Found
from azure_llama_policies.subjects import called


def unseen_of(resource: Resource, unseen: NotSeenError) -> NotSeenError:
    """The same, with the resource before it."""
    return NotSeenError(f"{called(resource)}: {unseen}", unseen.path)


@contextmanager
def naming(resource: Resource) -> Iterator[None]:
    """A context manager that reports values that cannot be evaluated for a resource."""
    try:
        yield
    except NotSeenError as unseen:
        raise unseen_of(resource, unseen) from None


def each_of(resources: Iterable[Resource], judge: Callable[[Resource], Iterator[Found]]) -> Iterator[Finding]:
    """The findings of a stack rule that applies a function to each resource."""
    for resource in resources:
        try:
            for found in judge(resource):
                yield resource, found
        except NotSeenError as unseen:
            yield resource, unseen_of(resource, unseen)
        except NotApplicableError as stop:
            yield resource, stop
