"""Normalizes request bodies: read-only names that a GET shows, nulls, and the letter case of enumerations.

Azure requires of its services that the body of a PUT and of its answer have one schema, so that clients can read a
resource, change it and put it back. The contracts describe requests alone, hence this step before they are checked.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from azure_llama_sandbox.arm.contract import Strict

_READ_ONLY = frozenset(
    {
        "apiVersion",
        "clientId",
        "etag",
        "id",
        "name",
        "principalId",
        "provisioningState",
        "resourceGuid",
        "systemData",
        "tenantId",
        "type",
    }
)
"""Names that many types show and none takes: no client can be wrong about them."""

Location = Sequence[int | str]
_QUOTED = re.compile(r"'([^']*)'")


def normalize(contract: type[Strict], body: Any, shown: Any, *, strict: bool) -> Any:
    """A body as the contract describes it.

    Removes nulls that the contract does not take, names that the resource's GET shows and its PUT does not take, and
    spells the values of closed enumerations as the contract does. Of another API version than the contract's, texts
    that stand for truth values and whole numbers are converted.

    Args:
        contract: Required. The model of the request.
        body: Required. The JSON; not changed.
        shown: Required. The resource's GET, or None before it exists.
        strict: Required. Whether other unknown names stay, so that the contract refuses them: the contract describes
            the API version of the request.
    """
    if not isinstance(body, dict):
        return body
    result = copy.deepcopy(body)
    for _ in range(_DEPTH):
        changed = [_repair(result, error, shown, strict) for error in _errors(contract, result)]
        if not any(changed):
            break
    return result


_DEPTH = 10
"""Rounds: an object that was read as another variant of a union is checked again once its tag is right."""


def _errors(contract: type[Strict], body: Any) -> list[Any]:
    try:
        contract.model_validate(body)
    except ValidationError as error:
        # The last items of a list first: removing one moves those behind it.
        return list(reversed(error.errors(include_url=False)))
    return []


def _repair(body: Any, error: Any, shown: Any, strict: bool) -> bool:
    holder, key = _find(body, error["loc"])
    if holder is None:
        return False
    if error["type"] == "missing":
        return False
    value = holder[key]
    extra = error["type"] == "extra_forbidden"
    # Clients send an empty `properties` to types that take none.
    if (
        value is None
        or (error["loc"] == ("properties",) and value == {})
        or (extra and not (strict and _unknown(_real(body, error["loc"]), shown)))
    ):
        del holder[key]
        return True
    if not strict and error["type"] in _SCALARS and isinstance(value, str):
        return _convert(holder, key, error["type"])
    if error["type"] == "literal_error":
        return _respell(holder, key, error["ctx"]["expected"])
    if error["type"] == "union_tag_invalid" and isinstance(value, dict):
        return _respell(value, error["ctx"]["discriminator"].strip("'"), error["ctx"]["expected_tags"])
    return False


_SCALARS = {"bool_type": {"true": True, "false": False}, "int_type": {}}


def _convert(holder: Any, key: Any, wanted: str) -> bool:
    """Azure ML reads `"false"` as false: azure-ai-ml writes its templates so."""
    text = holder[key].strip().lower()
    if wanted == "int_type" and text.lstrip("-").isdigit():
        holder[key] = int(text)
    elif text in _SCALARS[wanted]:
        holder[key] = _SCALARS[wanted][text]
    else:
        return False
    return True


def _respell(holder: Any, key: Any, expected: str) -> bool:
    value = str(holder.get(key) if isinstance(holder, dict) else holder[key])
    right = next((each for each in _QUOTED.findall(expected) if each.lower() == value.lower()), None)
    if right is None:
        return False
    holder[key] = right
    return True


def _real(body: Any, location: Location) -> list[int | str]:
    """A location without the tags by which pydantic tells the variants of a union apart."""
    path: list[int | str] = []
    here = body
    for part in location:
        inside = isinstance(here, dict) and part in here
        inside = inside or (isinstance(here, list) and isinstance(part, int) and part < len(here))
        if not inside:
            continue
        path.append(part)
        here = here[part]
    return path


def _find(body: Any, location: Location) -> tuple[Any, Any]:
    """The object or list that holds what a location names, and its key there; None when there is nothing."""
    path = _real(body, location)
    if not path:
        return None, None
    holder = body
    for part in path[:-1]:
        holder = holder[part]
    return holder, path[-1]


def _unknown(path: Location, shown: Any) -> bool:
    return path[-1] not in _READ_ONLY and not _shows(shown, path)


def _shows(shown: Any, path: Location) -> bool:
    """Whether a resource's GET has a name; the items of a list count as one."""
    if not path:
        return True
    if isinstance(shown, list):
        return any(_shows(item, path[1:] if isinstance(path[0], int) else path) for item in shown)
    return isinstance(shown, dict) and path[0] in shown and _shows(shown[path[0]], path[1:])
