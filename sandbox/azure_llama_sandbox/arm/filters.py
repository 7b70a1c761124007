"""`$filter` as clients of ARM write it: `name eq 'value'`, joined by `and`."""

from __future__ import annotations

import re

from azure_llama_sandbox.arm.errors import bad_request

_CLAUSE = re.compile(r"\s*(?P<name>\w+)\s+eq\s+'(?P<value>(?:[^']|'')*)'\s*", re.IGNORECASE)
_AND = re.compile(r"\s+and\s+(?=(?:[^']*'[^']*')*[^']*$)", re.IGNORECASE)


def equalities(text: str, known: tuple[str, ...]) -> dict[str, str]:
    """The values that a filter asks for, by name in lower case.

    Args:
        text: Required. The filter; an empty one asks for nothing.
        known: Required. Names that may be compared.

    Raises:
        ArmError: 400 `InvalidFilterInQueryString`, for anything else.
    """
    wanted: dict[str, str] = {}
    for clause in _AND.split(text.strip().removeprefix("(").removesuffix(")")) if text.strip() else ():
        match = _CLAUSE.fullmatch(clause)
        if match is None or match["name"].lower() not in {name.lower() for name in known}:
            raise bad_request(
                f"The filter '{text}' is not emulated by the sandbox: write \"<name> eq '<value>'\", joined by 'and';"
                f" names are {', '.join(known)}.",
                target="$filter",
                code="InvalidFilterInQueryString",
            )
        wanted[match["name"].lower()] = match["value"].replace("''", "'")
    return wanted
