"""What pydantic refuses is a rule and a remedy, at its place."""

from __future__ import annotations

from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from azure_llama.documents.validation import translate


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, alias_generator=to_camel)

    task: Literal["chat", "completion"] = "chat"
    max_tokens: Annotated[int, Field(gt=0)] | None = Field(default=None, description="a number of tokens")
    on: bool = True


class Outer(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, alias_generator=to_camel)

    models: dict[str, Inner] = Field(default_factory=dict)
    as_of: str = Field(description="the day of the fact")


@pytest.mark.parametrize(
    ("data", "place", "text"),
    [
        ({}, "asOf", "is missing; set the day of the fact"),
        ({"asOf": 1}, "asOf", "1 must be a string, not an integer; put it in quotes"),
        ({"asOf": "x", "as_Of": "secret"}, "as_Of", "is not a key here; did you mean 'asOf'?"),
        ({"asOf": "x", "models": []}, "models", "[] must be a map, not a list; set a map"),
        ({"asOf": "x", "models": {1: {}}}, "models.1", "1 is not a name; put it in quotes"),
        (
            {"asOf": "x", "models": {"m": {"task": "chatt"}}},
            "models.m.task",
            "'chatt' is not 'chat' or 'completion'; did you mean 'chat'?",
        ),
        (
            {"asOf": "x", "models": {"m": {"maxTokens": "5"}}},
            "models.m.maxTokens",
            "'5' must be an integer, not a string; remove the quotes",
        ),
        (
            {"asOf": "x", "models": {"m": {"maxTokens": 0}}},
            "models.m.maxTokens",
            "0 must be greater than 0; set its value, or remove the key",
        ),
        (
            {"asOf": "x", "models": {"m": {"on": "true"}}},
            "models.m.on",
            "'true' must be a boolean, not a string; remove the quotes",
        ),
        (
            {"asOf": "x", "models": {"m": {"colour": "blue"}}},
            "models.m.colour",
            "is not a key here; the keys here are task, maxTokens, on",
        ),
    ],
)
def test_an_error_is_a_rule_and_a_remedy(data: object, place: str, text: str) -> None:
    with pytest.raises(ValidationError) as raised:
        Outer.model_validate(data)
    (error,) = raised.value.errors(include_url=False)
    where, problem = translate(error, Outer, "the example")
    assert (".".join(where), str(problem)) == (place, text)
