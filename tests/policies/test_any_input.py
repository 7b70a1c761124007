"""Whatever a program gives, a rule has a verdict: programs are typed by hand, and so are the values in them."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from azure_llama_policies.registry import rules
from azure_llama_policies.rule import Outcome, ResourceRule, StackRule
from tests.policies.cases import UNKNOWN, Given, judge
from tests.policies.messages import cases_of

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8) | st.just(UNKNOWN),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
    max_leaves=4,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Each place of a value, the value itself included."""
    yield path
    items = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from places(inner, (*path, key))


def with_value(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """A copy of a value with something else at a place."""
    if not path:
        return new if isinstance(new, dict) else {}
    changed = copy.deepcopy(value)
    inner = changed
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = new
    return changed


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.id)
@settings(max_examples=20)
@given(data=st.data())
def test_any_value_anywhere_has_a_verdict(rule: ResourceRule | StackRule, data: st.DataObject) -> None:
    case = data.draw(st.sampled_from(cases_of(rule)))
    given = list(case.given)
    index = data.draw(st.integers(0, len(given) - 1))
    changed = given[index]
    values = changed.outputs if changed.inputs is None else changed.inputs
    path = data.draw(st.sampled_from(list(places(dict(values)))))
    new = with_value(dict(values), path, data.draw(VALUES))
    given[index] = replace(changed, outputs=new) if changed.inputs is None else replace(changed, inputs=new)
    for verdict in judge(rule, given, case.config, case.project):
        assert (verdict.outcome in (Outcome.VIOLATED, Outcome.NOT_SEEN)) <= bool(verdict.message)


def test_a_value_is_put_in_its_place() -> None:
    assert with_value({"a": [{"b": 1}]}, ("a", 0, "b"), 2) == {"a": [{"b": 2}]}
    assert ("a", 0, "b") in set(places({"a": [{"b": 1}]}))
    assert isinstance(Given("t", "n", {}).urn, str)
