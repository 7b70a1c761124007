"""ARM templates as far as the sandbox reads them: literal values, parameters and variables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from azure_llama_sandbox.arm.errors import ArmError, bad_request

_TOP = frozenset(
    {"$schema", "contentVersion", "languageVersion", "metadata", "parameters", "variables", "resources", "outputs"}
)
_ENVELOPE = frozenset({"type", "apiVersion", "name", "dependsOn", "comments", "condition", "resources", "metadata"})
_UNSUPPORTED = frozenset({"copy", "scope", "resourceGroup", "subscriptionId", "existing", "import", "extension"})
_EXPRESSION = re.compile(
    r"\[\s*(?:(?P<function>parameters|variables)\(\s*'(?P<name>[^']+)'\s*\)|resourceGroup\(\)\.(?P<group>\w+))\s*\]"
)


@dataclass(frozen=True, slots=True)
class Step:
    """A resource of a template.

    Attributes:
        id: Required. Its ARM id.
        api_version: Required.
        body: Required. What is put.
        after: Required. Ids of the template's resources that come first.
    """

    id: str
    api_version: str
    body: dict[str, Any]
    after: frozenset[str]


def invalid(message: str) -> ArmError:
    """A template that cannot be deployed."""
    return bad_request(f"Deployment template validation failed: '{message}'", code="InvalidTemplate")


class Template:
    """A template with its parameters, in a resource group.

    Args:
        template: Required. The JSON document.
        parameters: Required. `{name: {"value": ...}}`.
        group: Required. The group's body.

    Raises:
        ArmError: 400 `InvalidTemplate`, here or from any method.
    """

    def __init__(self, template: Any, parameters: Mapping[str, Any], group: Mapping[str, Any]) -> None:
        if not isinstance(template, dict) or not isinstance(template.get("resources"), list):
            raise invalid("The template must be an object whose 'resources' are a list.")
        for key in ("$schema", "contentVersion"):
            if not isinstance(template.get(key), str):
                raise invalid(f"The template property '{key}' is required and is a text.")
        unknown = sorted(set(template) - _TOP)
        if unknown:
            raise invalid(f"The sandbox does not play the template property '{unknown[0]}'.")
        self._template = template
        self._group = group
        self._scope: dict[str, dict[str, Any]] = {"parameters": self._parameters(parameters), "variables": {}}
        self._scope["variables"] = self._value(template.get("variables") or {})

    def _parameters(self, given: Mapping[str, Any]) -> dict[str, Any]:
        declared: dict[str, Any] = self._template.get("parameters") or {}
        for name, value in given.items():
            if name not in declared:
                raise invalid(f"The template parameter '{name}' is not declared in the template.")
            if "value" not in value:
                raise invalid(f"The template parameter '{name}' has no value; the sandbox reads no key vault for it.")
        values = {}
        for name, declaration in declared.items():
            if name in given:
                values[name] = given[name]["value"]
            elif "defaultValue" in declaration:
                self._scope = {"parameters": values, "variables": {}}
                values[name] = self._value(declaration["defaultValue"])
            else:
                raise invalid(f"The value for the template parameter '{name}' is not provided.")
        return values

    def _value(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self._value(each) for key, each in value.items()}
        if isinstance(value, list):
            return [self._value(each) for each in value]
        if not isinstance(value, str) or not value.startswith("["):
            return value
        if value.startswith("[["):
            return value[1:]
        return self._evaluate(value)

    def _evaluate(self, expression: str) -> Any:
        match = _EXPRESSION.fullmatch(expression)
        if match and match["function"]:
            scope = self._scope[match["function"]]
            if match["name"] in scope:
                return scope[match["name"]]
            raise invalid(f"'{expression}' names nothing in the template's {match['function']}.")
        if match and match["group"] in self._group:
            return self._group[match["group"]]
        raise invalid(
            f"The sandbox does not evaluate '{expression}'. It knows parameters('name'), variables('name') and"
            " resourceGroup().location, .id and .name, each alone; give other values literally."
        )

    def outputs(self) -> dict[str, Any]:
        """The template's outputs."""
        outputs: dict[str, Any] = self._value(self._template.get("outputs") or {})
        return outputs

    def steps(self) -> list[Step]:
        """The resources in an order that respects `dependsOn`."""
        found: list[Step] = []
        for resource in self._template["resources"]:
            self._collect(resource, "", "", found)
        return _ordered(found)

    def _collect(self, raw: Any, parent_type: str, parent_name: str, found: list[Step]) -> None:
        if not isinstance(raw, dict):
            raise invalid("Each of the template's resources must be an object.")
        nested = raw.get("resources") or []
        resource: dict[str, Any] = self._value({key: value for key, value in raw.items() if key != "resources"})
        for key in sorted(_UNSUPPORTED & set(resource)):
            raise invalid(f"The sandbox does not play '{key}' of a template's resource.")
        for key in ("type", "apiVersion", "name"):
            if not isinstance(resource.get(key), str):
                raise invalid(f"Every resource of a template needs '{key}', a text.")
        if resource.get("condition", True) is not True:
            return
        type_ = "/".join(part for part in (parent_type, resource["type"]) if part)
        name = "/".join(part for part in (parent_name, resource["name"]) if part)
        namespace, *types = type_.split("/")
        names = name.split("/")
        if len(types) != len(names):
            raise invalid(
                f"The resource '{name}' of type '{type_}' has incorrect segment lengths: a nested resource type must"
                " have as many segments as its name, and the namespace."
            )
        id_ = "/".join(
            (self._group["id"], "providers", namespace, *(p for pair in zip(types, names, strict=True) for p in pair))
        )
        after = set(map(str, resource.get("dependsOn") or []))
        if parent_name:
            after.add(id_.rsplit("/", 2)[0])
        body = {key: value for key, value in resource.items() if key not in _ENVELOPE}
        found.append(Step(id_, resource["apiVersion"], body, frozenset(after)))
        for each in nested:
            self._collect(each, type_, name, found)


def _ordered(steps: list[Step]) -> list[Step]:
    ids = {step.id.lower() for step in steps}
    if len(ids) < len(steps):
        raise invalid("A resource is defined more than once in the template.")
    waiting = [(step, {_named(word, ids) for word in step.after}) for step in steps]
    ordered: list[Step] = []
    while waiting:
        done = {step.id.lower() for step in ordered}
        ready = next((pair for pair in waiting if pair[1] <= done), None)
        if ready is None:
            raise invalid("Circular dependency detected between the template's resources.")
        ordered.append(ready[0])
        waiting.remove(ready)
    return ordered


def _named(word: str, ids: set[str]) -> str:
    """The id that an entry of `dependsOn` means: an id, or a name."""
    wanted = word.lower()
    for id_ in ids:
        names = "/".join(id_.rsplit("/providers/", 1)[1].split("/")[2::2])
        if wanted in (id_, names):
            return id_
    raise invalid(f"The resource '{word}' of a dependsOn is not defined in the template.")
