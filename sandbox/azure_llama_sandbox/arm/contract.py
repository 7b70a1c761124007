"""Strict models of request bodies, and ARM's errors for invalid bodies.

The models check; nothing is read from them. The names, types and required properties of each are those of Azure's
own contract of the api-version named in the module that defines it, which the tests compare.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from azure_llama_sandbox.arm.errors import ArmError, bad_request, user_error

ABSENT: Any = None
"""Default of a property that may be left out. (It may not be null: the default is never checked, a given null is.)"""

Tags = dict[str, str]


class Strict(BaseModel):
    """An object without unknown properties and without conversions."""

    model_config = ConfigDict(extra="forbid", strict=True, alias_generator=to_camel, protected_namespaces=())


class Empty(Strict):
    """An object that has no properties to send."""


class Identity(Strict):
    """A managed identity."""

    type: str
    user_assigned_identities: dict[str, Empty] = ABSENT


class NarrowIdentity(Identity):
    """A managed identity of a resource that takes one kind at a time."""

    type: Literal["SystemAssigned", "UserAssigned", "None"]


class ExtendedLocation(Strict):
    """`extendedLocation`."""

    name: str = ABSENT
    type: str = ABSENT


class Comparison(Strict):
    """A dimension or tag that a filter compares."""

    name: str
    operator: str
    values: list[str]


class Sku(Strict):
    """The SKU of a resource of Azure ML."""

    name: str
    capacity: int = ABSENT
    family: str = ABSENT
    size: str = ABSENT
    tier: Literal["Free", "Basic", "Standard", "Premium"] = ABSENT


class Tagged(Strict):
    """The common fields of tracked resources."""

    tags: Tags = ABSENT


class Located(Tagged):
    """A tracked resource."""

    location: str


class Tracked(Tagged):
    """A tracked resource whose contract leaves it to ARM to ask for the location."""

    location: str = ABSENT


class MachineLearning(Located):
    """The envelope of a tracked resource below a workspace."""

    identity: Identity = ABSENT
    kind: str = ABSENT
    sku: Sku = ABSENT


def _path(location: tuple[int | str, ...], body: Any) -> str:
    """The JSON path of an error; leaves out the tags by which unions are distinguished."""
    path, here = "", body
    for index, part in enumerate(location):
        known = isinstance(part, int) or (isinstance(here, dict) and part in here)
        if not known and index < len(location) - 1:
            continue
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else str(part)
        here = here[part] if known else None
    return path


_TEXTS = {
    "extra_forbidden": "is not a property of this object",
    "missing": "is required",
}


def problems(contract: type[Strict], body: Any, *, partial: bool = False) -> list[tuple[str, str]]:
    """Paths and messages of all errors in a body.

    Args:
        contract: Required. The model.
        body: Required. The JSON.
        partial: Optional. Whether required properties may be missing, as in a PATCH.
    """
    if not isinstance(body, dict):
        return [("", "the request needs a JSON object as its body")]
    try:
        contract.model_validate(body)
    except ValidationError as error:
        found = [
            (_path(each["loc"], body), _TEXTS.get(each["type"], each["msg"]))
            for each in error.errors(include_url=False, include_input=False)
            if not (partial and each["type"] == "missing")
        ]
        return list(dict.fromkeys(found))
    return []


def check(contract: type[Strict], body: Any, *, partial: bool = False, machine_learning: bool = False) -> None:
    """Refuse a body that breaks its contract.

    Raises:
        ArmError: 400, naming the path of every error.
    """
    found = problems(contract, body, partial=partial)
    if not found:
        return
    text = "; ".join(f"'{path}' {text}" if path else text for path, text in found)
    message = f"The request content was invalid and could not be deserialized: {text}."
    if machine_learning:
        raise user_error(message, "BadArgument", target=found[0][0])
    refused = bad_request(message, target=found[0][0], code="InvalidRequestContent")
    refused.details = [{"code": "InvalidRequestContent", "target": path, "message": text} for path, text in found]
    raise refused


def one_of(value: Any, path: str, allowed: tuple[str, ...], *, machine_learning: bool = True) -> None:
    """Refuse a value of an open enumeration that Azure does not know.

    Raises:
        ArmError: 400.
    """
    if value is None or str(value).lower() in {each.lower() for each in allowed}:
        return
    message = f"'{path}' is '{value}'; it must be one of {', '.join(allowed)}."
    raise _refusal(message, path, machine_learning)


def _refusal(message: str, path: str, machine_learning: bool) -> ArmError:
    return user_error(message, "BadArgument", target=path) if machine_learning else bad_request(message, target=path)
