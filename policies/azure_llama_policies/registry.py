"""The registry of rules: all modules in `rules/`."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from azure_llama_policies import rules as package
from azure_llama_policies.rule import ResourceRule, StackRule


@cache
def rules() -> tuple[ResourceRule | StackRule, ...]:
    """All rules, by id.

    Raises:
        TypeError: a file of `rules/` holds no `RULE`, or one whose id is not the file's name.
    """
    found = []
    for module in pkgutil.iter_modules(package.__path__):
        rule = getattr(import_module(f"{package.__name__}.{module.name}"), "RULE", None)
        expected = module.name.replace("_", "-")
        if not isinstance(rule, ResourceRule | StackRule) or rule.id != expected:
            raise TypeError(
                f"rules/{module.name}.py must define RULE, a ResourceRule or StackRule with id {expected!r}"
            )
        found.append(rule)
    return tuple(sorted(found, key=lambda rule: rule.id))
