"""Converts pydantic's errors to violations in the terms of YAML."""

from __future__ import annotations

from dataclasses import replace
from typing import get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from azure_llama.documents import validation
from azure_llama.documents.problems import ValueProblem
from azure_llama.settings import problems
from azure_llama.settings.problems import Violation, Where, show

_VARIABLES = "environmentVariables"
"""The key below which a value may be a secret, which does not belong there."""
_TIMES = ("date_type", "datetime_type", "time_type")
"""Types that Pulumi hands over as strings."""


def wanted_at(model: type[BaseModel], where: Where) -> str:
    """The expected type of a place that has children: a map or a list."""
    return "a list" if get_origin(validation.type_at(model, where)) is list else "a map"


def translate(error: ErrorDetails, model: type[BaseModel]) -> tuple[Where, Violation]:
    """The place of an error that pydantic reports, from the settings' own key on, and the violation there.

    Args:
        error: Required. The error.
        model: Required. The model of the settings that was validated.
    """
    about_key = error["loc"][-1:] == (validation.KEY,)
    if error["type"] == problems.VALUE:
        where = tuple(str(part) for part in error["loc"] if part != validation.KEY)
        violation: Violation = error["ctx"]["violation"]
    else:
        where, problem = _problem(error, model)
        violation = Violation(problem.rule, problem.remedy, problem.nearest, shown=problem.value or "")
        if error["type"] == "extra_forbidden":
            violation = replace(violation, shown=show(where[-1]))
    if about_key:
        return where, replace(violation, shown=show(error["input"]))
    return where, replace(violation, shown="it") if _VARIABLES in where else violation


def _problem(error: ErrorDetails, model: type[BaseModel]) -> tuple[Where, ValueProblem]:
    where, problem = validation.translate(error, model, "Pulumi.dev.yaml")
    return where, validation.wrong_type("a string", error["input"]) if error["type"] in _TIMES else problem
