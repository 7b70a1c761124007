"""Shapes of a resource's objects: in the program, in ARM, in the state, in a preview.

A shape is written as text, one word a property, nested ones in brackets:

    kind! resourceGroupName!+ sku!{name! tier-} networkRuleSet=networkAcls{ipRules[iPAddressOrRange=value! action]}

| mark | meaning |
|---|---|
| `name=wire` | ARM calls the property `wire`; `name=a.b` is a member `b` of ARM's object `a`, `name='a.b'` a name |
| `!` | required input |
| `+` | input only: ARM never returns it |
| `-` | output only |
| `#` | the program gives a list of names, ARM holds an object with these names as keys |
| `&` | part of what identifies an item of a list, whose order then does not matter (`x-ms-identifiers`) |
| `:bool` | the type of an input: `bool`, `int`, `number`, `list`, `map` or `any`; text without it |
| `{...}` `[...]` | an object, a list of objects, of the shape in brackets |
| `*` in the brackets | open: properties that are not listed pass as they are |
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from azure_llama_sandbox.provider.values import UNKNOWN

TYPES: Final = {"bool": "boolean", "int": "integer", "number": "number", "list": "array", "map": "object", "any": ""}
"""JSON schema's names of the types in the notation."""
_WORD = re.compile(
    r"\s*(?:(?P<close>[}\]])|(?P<star>\*)|(?P<name>\w+)(?:=(?:(?P<wire>[\w.]+)|'(?P<literal>[^']+)'))?(?P<marks>[!+#&-]*)"
    rf"(?::(?P<type>{'|'.join(TYPES)})\b)?(?P<open>[{{\[]?))"
)


@dataclass(frozen=True)
class Property:
    """One property of a shape.

    Attributes:
        name: Required. As the program writes it.
        wire: Required. Where ARM has it, e.g. `("properties", "supportsHttpsTrafficOnly")`.
        required: Required. The program must give it.
        readable: Required. ARM returns it.
        writable: Required. The program may give it.
        keys: Required. A list of names for the program, an object with these keys for ARM.
        many: Required. A list of objects of the shape.
        identifies: Required. Identifies an item of the list that it is part of.
        type: Required. JSON schema's name; empty when any value is accepted.
        shape: Optional. Of the object; None when the value is a leaf or free-form.
    """

    name: str
    wire: tuple[str, ...]
    required: bool = False
    readable: bool = True
    writable: bool = True
    keys: bool = False
    many: bool = False
    identifies: bool = False
    type: str = "string"
    shape: Shape | None = None


@dataclass(frozen=True)
class Shape:
    """The properties of an object; an `open` one allows additional properties."""

    properties: Mapping[str, Property]
    open: bool = False

    @property
    def identifiers(self) -> tuple[str, ...]:
        """The properties that together identify an item of a list of these objects."""
        return tuple(sorted(p.name for p in self.properties.values() if p.identifies))

    def body(self, inputs: Mapping[str, Any], previous: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The inputs of the program that are sent to ARM.

        Args:
            inputs: Required. The program's.
            previous: Optional. Those of the last deployment. A name that left a list of names is sent as null.
        """
        body = self._others(inputs, set(self.properties))
        for p in self.properties.values():
            if p.writable and p.name in inputs:
                place(body, p.wire, _sent(p, inputs[p.name], (previous or {}).get(p.name)))
        return body

    def outputs(self, response: Mapping[str, Any]) -> dict[str, Any]:
        """The program's view of what ARM answered; nulls and unknown properties are dropped."""
        outputs = self._others(response, {p.wire[0] for p in self.properties.values()})
        for p in self.properties.values():
            if p.readable and (value := find(response, p.wire)) is not None:
                outputs[p.name] = _each(p, value, Shape.outputs)
        return outputs

    def inputs(self, outputs: Mapping[str, Any]) -> dict[str, Any]:
        """The part of the outputs that a program could have given."""
        inputs = self._others(outputs, set(self.properties))
        for p in self.properties.values():
            if p.readable and p.writable and p.name in outputs:
                inputs[p.name] = _each(p, outputs[p.name], Shape.inputs)
                if p.keys and isinstance(outputs[p.name], Mapping):
                    inputs[p.name] = sorted(outputs[p.name])
        return inputs

    def preview(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """The outputs before the deployment: the inputs, and `UNKNOWN` for all else that ARM will return.

        An open shape stands for one of several; azure-native then takes the inputs for the outputs, and so does this.
        """
        if self.open:
            hidden = {p.name for p in self.properties.values() if not p.readable}
            return {name: value for name, value in inputs.items() if name not in hidden}
        return {
            p.name: _each(p, inputs[p.name], Shape.preview)
            if p.name in inputs and p.writable and not p.keys
            else UNKNOWN
            for p in self.properties.values()
            if p.readable
        }

    def _others(self, values: Mapping[str, Any], known: set[str]) -> dict[str, Any]:
        if not self.open:
            return {}
        others = {name: value for name, value in values.items() if name not in known}
        return dict(_without_nulls(others))


def _without_nulls(value: Any) -> Any:
    """A value as it comes back from the engine, which drops nulls."""
    if isinstance(value, Mapping):
        return {name: _without_nulls(each) for name, each in value.items() if each is not None}
    return [_without_nulls(each) for each in value] if isinstance(value, list) else value


def find(values: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    """The value at a path of member names; None when there is none."""
    found: Any = values
    for step in path:
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


def place(values: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    """Put a value at a path of member names, with the objects on the way."""
    for step in path[:-1]:
        values = values.setdefault(step, {})
    values[path[-1]] = value


def remove(values: dict[str, Any], path: tuple[str, ...]) -> None:
    """Take away the value at a path of member names, if there is one."""
    parent = find(values, path[:-1])
    if isinstance(parent, dict):
        parent.pop(path[-1], None)


def _sent(p: Property, value: Any, previous: Any) -> Any:
    if p.keys and isinstance(value, list):
        removed = [name for name in previous if name not in value] if isinstance(previous, list) else []
        return {**{name: {} for name in value}, **dict.fromkeys(removed)}
    if p.shape is not None and isinstance(value, Mapping):
        return p.shape.body(value, previous if isinstance(previous, Mapping) else None)
    return _each(p, value, Shape.body)


def _each(p: Property, value: Any, convert: Callable[[Shape, Mapping[str, Any]], dict[str, Any]]) -> Any:
    if p.shape is None or not isinstance(value, (Mapping, list)):
        return value
    if isinstance(value, list):
        return [convert(p.shape, item) if isinstance(item, Mapping) else item for item in value]
    return convert(p.shape, value)


def shape(text: str) -> Shape:
    """Read the notation.

    Raises:
        ValueError: the text is not in the notation; the message shows where.
    """
    parsed, end = _parse(text, 0, closing="")
    if text[end:].strip():
        raise ValueError(f"shape {text[:40]!r}...: cannot read {text[end : end + 20]!r} at {end}")
    return parsed


def _parse(text: str, at: int, closing: str) -> tuple[Shape, int]:
    properties: dict[str, Property] = {}
    is_open = False
    while word := _WORD.match(text, at):
        if word["close"]:
            if word["close"] != closing:
                break
            return Shape(properties, is_open), word.end()
        at = word.end()
        if word["star"]:
            is_open = True
            continue
        nested = None
        if word["open"]:
            nested, at = _parse(text, at, "}" if word["open"] == "{" else "]")
        name, marks = word["name"], word["marks"]
        properties[name] = Property(
            name=name,
            wire=(word["literal"],) if word["literal"] else tuple((word["wire"] or name).split(".")),
            required="!" in marks,
            readable="+" not in marks,
            writable="-" not in marks,
            keys="#" in marks,
            many=word["open"] == "[",
            identifies="&" in marks,
            type="array" if word["open"] == "[" or "#" in marks else "object" if nested else _type(word["type"]),
            shape=nested,
        )
    if closing:
        raise ValueError(f"shape {text[:40]!r}...: {closing!r} is missing at {at}, before {text[at : at + 20]!r}")
    return Shape(properties, is_open), at


def _type(name: str | None) -> str:
    return "string" if name is None else TYPES[name]
