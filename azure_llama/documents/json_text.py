"""Reads JSON strictly: input that other readers silently accept is an error."""

from __future__ import annotations

import json
from typing import Any

from azure_llama.documents.errors import InputError
from azure_llama.documents.problems import FileProblem, ValueProblem, show


def parse(text: str, name: str) -> Any:
    """Read JSON.

    Args:
        text: Required. The JSON.
        name: Required. What reports call the file.

    Raises:
        InputError: it is not JSON, has a key twice, or a number that is none or too long.
    """
    problems: list[FileProblem] = []

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        entries = dict(pairs)
        if len(entries) < len(pairs):
            keys = [key for key, _ in pairs]
            twice = (key for key in entries if keys.count(key) > 1)
            problems.extend(FileProblem(name, ValueProblem("is here twice", "remove one", show(key))) for key in twice)
        return entries

    def no_number(word: str) -> None:
        problems.append(FileProblem(name, ValueProblem("is not a number in JSON", "write a number", word)))

    try:
        data = json.loads(text, object_pairs_hook=once, parse_constant=no_number)
    except json.JSONDecodeError as error:
        problem = ValueProblem(f"is not JSON: {error.msg}", "correct it")
        raise InputError(FileProblem(name, problem, line=error.lineno, column=error.colno)) from None
    except RecursionError:
        raise InputError(FileProblem(name, ValueProblem("is nested too deeply", "write fewer levels"))) from None
    except ValueError:
        problem = ValueProblem("has a number of thousands of digits", "write a smaller one")
        raise InputError(FileProblem(name, problem)) from None
    if problems:
        raise InputError(problems)
    return data
