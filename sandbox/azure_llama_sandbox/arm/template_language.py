"""ARM templates as the sandbox reads them: parameters, variables, expressions, resources in their order, outputs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from azure_llama_sandbox.arm.errors import ArmError, bad_request
from azure_llama_sandbox.arm.template_expressions import ExpressionError, evaluate, is_expression, resource_id
from azure_llama_sandbox.world import SUBSCRIPTION, TENANT

_TOP = frozenset(
    {
        "$schema",
        "contentVersion",
        "languageVersion",
        "metadata",
        "parameters",
        "variables",
        "resources",
        "outputs",
        "definitions",
    }
)
_ENVELOPE = frozenset({"type", "apiVersion", "name", "dependsOn", "comments", "condition", "resources", "metadata"})
_UNSUPPORTED = frozenset({"copy", "resourceGroup", "subscriptionId", "import", "extension"})
_SUBSCRIPTION_ID = f"/subscriptions/{SUBSCRIPTION}"
_GUID_LENGTH = 36

Read = Callable[[str], Mapping[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Step:
    """A resource of a template.

    Attributes:
        id: Required. Its ARM id.
        api_version: Required.
        body: Required. What is put.
        after: Required. Ids, names or symbols of the template's resources that come first.
        symbol: Optional. Its name in the template, with language version 2.0.
    """

    id: str
    api_version: str
    body: dict[str, Any]
    after: frozenset[str]
    symbol: str = ""


def invalid(message: str) -> ArmError:
    """A template that cannot be deployed."""
    return bad_request(f"Deployment template validation failed: '{message}'", code="InvalidTemplate")


class Template:
    """A template with its parameters, in a resource group.

    Args:
        template: Required. The JSON document.
        parameters: Required. `{name: {"value": ...}}`.
        group: Required. The group's body.
        read: Optional. GET of a resource by its id, for `reference()`; None before the resources are there.

    Raises:
        ArmError: 400 `InvalidTemplate`, here or from any method.
    """

    def __init__(
        self, template: Any, parameters: Mapping[str, Any], group: Mapping[str, Any], read: Read | None = None
    ) -> None:
        if not isinstance(template, dict) or not isinstance(template.get("resources"), (list, dict)):
            raise invalid("The template must be an object whose 'resources' are a list or, by symbol, an object.")
        for key in ("$schema", "contentVersion"):
            if not isinstance(template.get(key), str):
                raise invalid(f"The template property '{key}' is required and is a text.")
        unknown = sorted(set(template) - _TOP)
        if unknown:
            raise invalid(f"The sandbox does not emulate the template property '{unknown[0]}'.")
        self._template = template
        self._group = group
        self._read = read
        self._variables: dict[str, Any] = {}
        self._skipped: set[str] = set()
        self.parameters: dict[str, Any] = {}
        """Values of the parameters, by name."""
        self._resolve(parameters)

    def _resolve(self, given: Mapping[str, Any]) -> None:
        declared: dict[str, Any] = self._template.get("parameters") or {}
        for name, value in given.items():
            if name not in declared:
                raise invalid(f"The template parameter '{name}' is not declared in the template.")
            if "value" not in value:
                raise invalid(f"The template parameter '{name}' has no value; the sandbox reads no key vault for it.")
        for name, declaration in declared.items():
            if given.get(name, {}).get("value") is not None:
                self.parameters[name] = given[name]["value"]
            elif "defaultValue" in declaration:
                self.parameters[name] = self._value(declaration["defaultValue"])
            elif declaration.get("nullable") or name in given:
                self.parameters[name] = None
            else:
                raise invalid(f"The value for the template parameter '{name}' is not provided.")
            allowed = declaration.get("allowedValues")
            if allowed and str(self.parameters[name]).lower() not in {str(each).lower() for each in allowed}:
                raise invalid(
                    f"The provided value for the template parameter '{name}' is not valid. The value"
                    f" '{self.parameters[name]}' is not part of the allowed value(s): '{','.join(map(str, allowed))}'."
                )

    def shown_parameters(self) -> dict[str, Any]:
        """The parameters as a deployment's GET shows them: secure ones without a value."""
        shown = {}
        for name, declaration in (self._template.get("parameters") or {}).items():
            type_ = str(declaration.get("type", "string"))
            secure = type_.lower().startswith("secure")
            shown[name] = {"type": _TYPES.get(type_.lower(), type_)} | (
                {} if secure else {"value": self.parameters[name]}
            )
        return shown

    def _value(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {self._value(key): self._value(each) for key, each in value.items()}
        if isinstance(value, list):
            return [self._value(each) for each in value]
        if isinstance(value, str) and value.startswith("[["):
            return value[1:]
        if not isinstance(value, str) or not is_expression(value):
            return value
        try:
            return evaluate(value, self._functions())
        except ExpressionError as error:
            raise invalid(f"Unable to evaluate the template language expression '{value}': {error}.") from None

    def _functions(self) -> dict[str, Callable[..., Any]]:
        group = str(self._group["id"])
        return {
            "parameters": lambda name: _named_value(self.parameters, name, "parameter"),
            "variables": self._variable,
            "resourcegroup": lambda: self._group,
            "subscription": lambda: {
                "id": _SUBSCRIPTION_ID,
                "subscriptionId": SUBSCRIPTION,
                "tenantId": TENANT,
                "displayName": "azure-llama sandbox",
            },
            "tenant": lambda: {"tenantId": TENANT},
            "environment": lambda: _ENVIRONMENT,
            "deployment": lambda: {"name": "", "properties": {}},
            "resourceid": lambda *parts: _scoped_id(group, parts),
            "subscriptionresourceid": lambda types, *names: resource_id(_SUBSCRIPTION_ID, types, names),
            "tenantresourceid": lambda types, *names: resource_id("", types, names),
            "extensionresourceid": lambda scope, types, *names: resource_id(scope, types, names),
            "reference": self._reference,
        }

    def _variable(self, name: str) -> Any:
        """Variables are evaluated when they are used: one that nobody uses may be anything."""
        if name not in self._variables:
            declared = _named_value(self._template.get("variables") or {}, name, "variable")
            self._variables[name] = self._value(declared)
        return self._variables[name]

    def _reference(self, what: str, _version: str = "", full: str = "") -> Any:
        if self._read is None:
            raise ExpressionError("the sandbox evaluates the function 'reference' in outputs alone")
        ids = {step.symbol: step.id for step in self.steps() if step.symbol}
        found = self._read(ids.get(what, what))
        if found is None:
            raise ExpressionError(f"the resource '{what}' of 'reference' was not found")
        return found if full.lower() == "full" else found.get("properties", {})

    def outputs(self) -> dict[str, Any]:
        """The template's outputs."""
        declared: dict[str, Any] = self._template.get("outputs") or {}
        return {
            name: {
                "type": _TYPES.get(str(output["type"]).lower(), output["type"]),
                "value": self._value(output["value"]),
            }
            for name, output in declared.items()
            if self._value(output.get("condition", True)) is True
        }

    def steps(self) -> list[Step]:
        """The resources in an order that respects `dependsOn`."""
        found: list[Step] = []
        resources = self._template["resources"]
        named = resources.items() if isinstance(resources, dict) else [("", each) for each in resources]
        for symbol, resource in named:
            self._collect(resource, symbol, "", "", found)
        return _ordered(found, self._skipped)

    def _collect(self, raw: Any, symbol: str, parent_type: str, parent_name: str, found: list[Step]) -> None:
        if not isinstance(raw, dict):
            raise invalid("Each of the template's resources must be an object.")
        for key in ("type", "apiVersion", "name"):
            if not isinstance(raw.get(key), str):
                raise invalid(f"Every resource of a template needs '{key}', a text.")
        type_ = "/".join(part for part in (parent_type, self._value(raw["type"])) if part)
        name = "/".join(part for part in (parent_name, self._value(raw["name"])) if part)
        id_ = self._id(type_, name, self._value(raw["scope"]) if "scope" in raw else str(self._group["id"]))
        if raw.get("existing") or self._value(raw.get("condition", True)) is not True:
            self._skipped |= {id_.lower(), symbol.lower()}
            return
        for key in sorted(_UNSUPPORTED & set(raw)):
            raise invalid(f"The sandbox does not emulate '{key}' of a template's resource.")
        nested = raw.get("resources") or []
        own = {key: value for key, value in raw.items() if key not in ("resources", "scope", "existing")}
        resource: dict[str, Any] = self._value(own)
        after = set(map(str, resource.get("dependsOn") or []))
        if parent_name:
            after.add(id_.rsplit("/", 2)[0])
        body = {key: value for key, value in resource.items() if key not in _ENVELOPE}
        found.append(Step(id_, resource["apiVersion"], body, frozenset(after), symbol))
        children = nested.items() if isinstance(nested, dict) else [("", each) for each in nested]
        for child, each in children:
            self._collect(each, child, type_, name, found)

    def _id(self, type_: str, name: str, scope: str) -> str:
        try:
            return resource_id(scope, type_, tuple(name.split("/")))
        except ExpressionError:
            raise invalid(
                f"The resource '{name}' of type '{type_}' has incorrect segment lengths: a nested resource type must"
                " have as many segments as its name, and the namespace."
            ) from None


_TYPES = {
    "string": "String",
    "securestring": "SecureString",
    "int": "Int",
    "bool": "Bool",
    "object": "Object",
    "secureobject": "SecureObject",
    "array": "Array",
}
"""Types of parameters and outputs, as ARM spells them in answers."""
_ENVIRONMENT = {
    "name": "AzureCloud",
    "resourceManager": "https://management.azure.com/",
    "authentication": {"loginEndpoint": "https://login.microsoftonline.com/", "tenant": "common"},
    "suffixes": {"keyvaultDns": ".vault.azure.net", "storage": "core.windows.net"},
}


def _named_value(values: Mapping[str, Any], name: str, what: str) -> Any:
    for key, value in values.items():
        if key.lower() == name.lower():
            return value
    raise ExpressionError(f"the template {what} '{name}' is not found")


def _scoped_id(group: str, parts: tuple[str, ...]) -> str:
    """`resourceId([subscription], [group], types, names...)`."""
    at = next((index for index, part in enumerate(parts) if "/" in part), 0)
    before = parts[:at]
    scope = group
    if before:
        subscription = before[0] if len(before[0]) == _GUID_LENGTH else SUBSCRIPTION
        scope = f"/subscriptions/{subscription}"
        named = before[1:] if len(before[0]) == _GUID_LENGTH else before
        scope += f"/resourceGroups/{named[0]}" if named else ""
    return resource_id(scope, parts[at], parts[at + 1 :])


def _ordered(steps: list[Step], skipped: set[str]) -> list[Step]:
    ids = {step.id.lower() for step in steps}
    if len(ids) < len(steps):
        raise invalid("A resource is defined more than once in the template.")
    symbols = {step.symbol.lower(): step.id.lower() for step in steps if step.symbol}
    waiting = [(step, {_named(word, ids, symbols, skipped) for word in step.after} - {""}) for step in steps]
    ordered: list[Step] = []
    while waiting:
        done = {step.id.lower() for step in ordered}
        ready = next((pair for pair in waiting if pair[1] <= done), None)
        if ready is None:
            raise invalid("Circular dependency detected between the template's resources.")
        ordered.append(ready[0])
        waiting.remove(ready)
    return ordered


def _named(word: str, ids: set[str], symbols: Mapping[str, str], skipped: set[str]) -> str:
    """The id that an entry of `dependsOn` means: an id, a name or a symbol; empty for a resource that is not put."""
    wanted = word.lower()
    if wanted in symbols:
        return symbols[wanted]
    for known, result in ((ids, True), (skipped, False)):
        for id_ in known:
            names = "/".join(id_.rsplit("/providers/", 1)[-1].split("/")[2::2])
            if wanted in (id_, names):
                return id_ if result else ""
    raise invalid(f"The resource '{word}' of a dependsOn is not defined in the template.")
