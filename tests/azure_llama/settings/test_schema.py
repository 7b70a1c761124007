"""The JSON Schema of a stack's file: valid, complete, and in a listed relation to what the settings accept."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from azure_llama.settings import Settings, problems
from azure_llama.settings.loading import full_key
from azure_llama.settings.schema import FILE, MODELINE, stack_schema, text
from azure_llama.settings.wire import options
from tests.catalogs import PACKAGE
from tests.conftest import ROOT

SCHEMA = stack_schema(PACKAGE)
VALIDATOR = jsonschema.Draft7Validator(SCHEMA)
EXAMPLES = [ROOT / "Pulumi.dev.yaml", *sorted((ROOT / "examples").glob("*/Pulumi.*.yaml"))]
Where = tuple[str | int, ...]

CATALOGUE, FORMAT = "names of the catalogue", "formats that JSON Schema has no words for"
SETTINGS_ONLY = {
    CATALOGUE: (
        r"^is not the name of a Llama model in the catalogue",
        r"^is not the ARM name of an Azure region",
        r"^is not a GPU size Azure ML serves",
        r"^may mean",
        r"^has a version",
        r"^is not spelt as asset ids are",
    ),
    FORMAT: (
        r"^is not the ARM id of",
        r"^is the ARM id of a",
        r"^is not the asset id of an environment's version",
        r"^is not the id of (a|an) ",
        r"^is not an absolute path",
        r"^is not an IPv4 address or a range",
        r"^is not a date",
        r"^is not a list of ports",
        r"^is not a range of",
        r"^is not the first address of its range",
        r"^is too small for a subnet",
        r"^is not a Windows time zone",
        r"^has \d+ characters, and a role name",
        r"^has no time zone",
    ),
}
"""Why the settings refuse a single value that the schema accepts: its rules, as patterns.

Beside these, the settings refuse every violated relation between values, a stack without region or workspace (which
another file of the project may set), and a number with a fraction of zero where an integer must be.
"""

SCHEMA_ONLY = (
    r"^'(20261201|.*T00:00:00.*)' does not match '\^\[0-9\]\{4\}",
    r"^None is not valid under any",
)
"""Why the schema refuses what the settings accept: its messages, as patterns. Other forms of dates in ISO 8601, and a
null in place of a map, which Pulumi cannot pass."""

VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, 1, 2, 50, 101, 10**10, -1, 0.5, 1.0, 2.5),
    *("", " ", "x", "A" * 300, "a/b", "1", "eastus2", "East US 2", "Key", "Disabled", "workspace"),
    *("2026-12-01", "2026-12-02", "20261201", "2026-11-25T18:00:00Z", "2026-11-25 18:00", "08:30", "25:00", "PT1S"),
    *("Llama-3.3-70B-Instruct", "llama3.1:8b", "Standard_NC24ads_A100_v4", "nc24ads a100 v4", "10.40.0.0/16", "443"),
    *("someone@example.com", "11111111-1111-1111-1111-111111111111", "azureml://registries/azureml/models/Phi-4"),
    *("/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v"),
    *([], ["x"], [1], ["x", "x"], {}, {"x": "y"}, {"blue": 10}, {"name": "llama-dev"}),
)

NAMES = ("x", "azure-llama:x", "tags", "auth", "id", "A_b", "a" * 60)


def _plain(value: Any) -> Any:
    """YAML as an editor reads it: dates are strings."""
    if isinstance(value, dict):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_plain(entry) for entry in value]
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%dT%H:%M:%SZ}"
    return value.isoformat() if isinstance(value, date) else value


def _config(path: Path) -> dict[str, Any]:
    config: dict[str, Any] = _plain(yaml.safe_load(path.read_text())["config"])
    return config


CONFIGS = [_config(path) for path in EXAMPLES]


def _places(value: Any, where: Where = ()) -> Iterator[Where]:
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, entry in entries:
        yield (*where, key)
        yield from _places(entry, (*where, key))


@st.composite
def stacks(draw: st.DrawFn) -> dict[str, Any]:
    """A stack of the examples with up to three changes."""
    config: dict[str, Any] = copy.deepcopy(draw(st.sampled_from(CONFIGS)))
    for _ in range(draw(st.integers(1, 3))):
        *above, last = draw(st.sampled_from(list(_places(config)) or [("azure-llama:workspace",)]))
        holder: Any = config
        for key in above:
            holder = holder[key]
        change = draw(st.sampled_from(["replace", "replace", "remove", "add", "rename"]))
        if change == "remove" or (change == "rename" and isinstance(holder, list)):
            del holder[last]
        elif change == "rename":
            holder[draw(st.sampled_from(["x", "azure-llama:x", "tags", "auth", "id", "A_b", "a" * 60]))] = holder.pop(
                last
            )
        elif change == "add" and isinstance(holder.get(last) if isinstance(holder, dict) else None, dict):
            added = draw(st.sampled_from(["colour", "tags", "kind", "hub"]))
            holder[last][added] = copy.deepcopy(draw(st.sampled_from(VALUES)))
        else:
            holder[last] = copy.deepcopy(draw(st.sampled_from(VALUES)))
    return config


def _unlisted(error: ErrorDetails) -> bool:
    """Whether the settings refuse a value for a reason that is not listed."""
    rule = error["msg"].partition("; ")[0]
    match error["type"]:
        case "missing":
            return error["loc"] not in (("location",), ("workspace",))
        case "int_type":
            return not isinstance(error["input"], float) or error["input"] != int(error["input"])
        case problems.VALUE:
            return not any(re.search(pattern, rule) for patterns in SETTINGS_ONLY.values() for pattern in patterns)
    return error["type"] != problems.RELATION


def _ours(key: str) -> bool:
    return key.startswith("azure-llama:")


def _settings_errors(config: dict[str, Any]) -> list[ErrorDetails]:
    """What the settings refuse. Keys of other namespaces are not theirs."""
    short = {"azure-native:location": "location"}
    keys = {key: short.get(key, key.removeprefix("azure-llama:")) for key in config if key in short or _ours(key)}
    raw = {name: config[key] for key, name in keys.items()}
    try:
        Settings.model_validate(raw, by_alias=True, by_name=False, context=PACKAGE)
    except ValidationError as error:
        return error.errors(include_url=False)
    return []


@settings(max_examples=500, deadline=None, derandomize=True)
@given(stacks())
def test_schema_and_settings_accept_the_same_but_for_the_listed_rules(config: dict[str, Any]) -> None:
    refused = _settings_errors(config)
    errors = [error.message for error in VALIDATOR.iter_errors({"config": config})]
    if not errors:
        assert [error for error in refused if _unlisted(error)] == []
    if not refused:
        assert [each for each in errors if not any(re.search(pattern, each) for pattern in SCHEMA_ONLY)] == []


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_each_example_is_valid_and_names_the_schema(path: Path) -> None:
    VALIDATOR.validate({"config": _config(path)})
    first = path.read_text(encoding="utf-8").splitlines()[0]
    reference = first.removeprefix(MODELINE.format(path=""))
    assert (path.parent / reference).resolve() == ROOT / FILE


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("workspace", {"nmae": "llama-dev"}),
        ("workspace", None),
        ("serverless", {"a.b": {"model": "Llama-3.3-70B-Instruct"}}),
        ("budget", {"amount": 0, "startDate": "2026-12-01"}),
    ],
)
def test_an_error_has_its_place(key: str, value: Any) -> None:
    (error,) = VALIDATOR.iter_errors({"config": {f"azure-llama:{key}": value}})
    assert list(error.absolute_path)[:2] == ["config", f"azure-llama:{key}"]


def test_a_key_of_ours_that_is_none_is_an_error_and_one_of_others_is_not() -> None:
    assert not VALIDATOR.is_valid({"config": {"azure-llama:workspase": {}}})
    VALIDATOR.validate({"config": {"azure-native:clientId": "x", "own": [1], "azure-llama:tags": {}}})


def test_a_secret_of_the_stack_s_file_is_valid_as_an_environment_variable() -> None:
    config = copy.deepcopy(CONFIGS[0])
    blue = config["azure-llama:managed"]["llama-8b"]["deployments"]["blue"]
    blue["environmentVariables"] = {"TOKEN": {"secure": "v1:abc"}, "MODE": "fast"}
    VALIDATOR.validate({"config": config, "encryptionsalt": "v1:abc"})


def test_every_setting_is_in_the_schema_with_its_description() -> None:
    for option in options(Settings):
        owner = SCHEMA["definitions"].get(option.owner.__name__)
        properties = owner["properties"] if owner else SCHEMA["properties"]["config"]["properties"]
        key = option.keys[-1] if owner else full_key(option.keys[-1])
        assert properties[key]["description"], option.keys


def test_patterns_are_valid_in_the_strict_mode_of_javascript() -> None:
    """There, a backslash goes only before a character of the syntax or a letter that means a class."""
    patterns = re.findall(r'"pattern": "((?:[^"\\\\]|\\\\.)*)"', json.dumps(SCHEMA))
    assert patterns
    for pattern in (json.loads(f'"{each}"') for each in patterns):
        assert re.findall(r"\\[^\^$\\.*+?()\[\]{}|/sSdDwW]", pattern) == [], pattern


def test_the_schema_is_one() -> None:
    jsonschema.Draft7Validator.check_schema(SCHEMA)
    assert (ROOT / FILE).read_text(encoding="utf-8") == text(PACKAGE)
