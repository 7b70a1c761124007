"""The pack's configuration, read strictly."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azure_llama_policies import pages
from azure_llama_policies.configuration import Configuration, ConfigurationError, load, parse
from azure_llama_policies.registry import rules
from azure_llama_policies.reports import REPORTS
from azure_llama_policies.rule import Level

CONFIGS = Path(__file__).resolve().parents[2] / pages.CONFIGS


def errors(text: str) -> list[str]:
    """What is wrong with a configuration."""
    with pytest.raises(ConfigurationError) as raised:
        parse(text, "config.json")
    assert str(raised.value) == "\n".join(raised.value.lines)
    return list(raised.value.lines)


def test_levels_and_settings_are_read() -> None:
    given = {
        "serverless-region": "advisory",
        "not-seen": "mandatory",
        "budget": "disabled",
        "serverless-model-retiring": {"enforcementLevel": "mandatory", "warnDays": 180, "asOf": "2026-11-25"},
        "required-tags": {"tags": ["owner"]},
    }
    assert parse(json.dumps(given)) == Configuration(
        {
            "serverless-region": Level.ADVISORY,
            "not-seen": Level.MANDATORY,
            "budget": None,
            "serverless-model-retiring": Level.MANDATORY,
        },
        {"serverless-model-retiring": {"warnDays": 180, "asOf": "2026-11-25"}, "required-tags": {"tags": ["owner"]}},
    )


def test_nothing_changes_nothing() -> None:
    assert parse("{}") == Configuration()


def test_all_is_the_level_of_those_that_are_not_named() -> None:
    found = parse('{"budget": "disabled", "all": "mandatory"}')
    assert found.levels.keys() == {rule.id for rule in rules()} | set(REPORTS)
    assert found.levels.pop("budget", "?") is None  # type: ignore[attr-defined]  # a dict, for now
    assert set(found.levels.values()) == {Level.MANDATORY}


def test_every_mistake_is_said_in_one_report() -> None:
    given = {
        "serverless-regoin": "advisory",
        "zzz": "advisory",
        "budget": "madatory",
        "vault-rbac": 5,
        "storage-tls": "remediate",
        "all": "never",
        "serverless-model-retiring": {"warnDays": 0, "asOf": "2026-13-01", "warndays": 5},
        "managed-llm-timeout": {"enforcementLevel": "advisory", "minimumSeconds": "60"},
        "managed-quota": {"snapshot": "", "maxAgeDays": 1.5},
        "required-tags": {"tags": ["owner", 5]},
        "not-seen": {"asOf": "2026-11-25"},
    }
    said = errors(json.dumps(given))
    assert [line.replace("config.json: ", "", 1) for line in said if "there are" not in line] == [
        "all: 'never' is not a level; write advisory, mandatory, disabled",
        "serverless-regoin: is not a policy of this pack; did you mean 'serverless-region'?",
        "budget: 'madatory' is not a level; write advisory, mandatory, disabled",
        "vault-rbac: 5 is not a level; write advisory, mandatory, disabled",
        "storage-tls: 'remediate' is not a level; no rule of this pack repairs anything; "
        "write advisory, mandatory, disabled",
        "serverless-model-retiring: asOf: '2026-13-01' will not do: write a day as YYYY-MM-DD",
        "serverless-model-retiring: warnDays: 0 will not do: Input should be greater than or equal to 1",
        "serverless-model-retiring: 'warndays' is not a setting of it; did you mean 'warnDays'?",
        "managed-llm-timeout: minimumSeconds: '60' will not do: Input should be a valid number",
        "managed-quota: snapshot: '' will not do: String should have at least 1 character",
        "managed-quota: maxAgeDays: 1.5 will not do: Input should be a valid integer",
        "required-tags: tags.1: 5 will not do: Input should be a valid string",
    ]
    assert [line.partition(": there are")[0] for line in said if "there are" in line] == [
        "config.json: zzz: is not a policy of this pack; there are "
        + ", ".join(sorted({rule.id for rule in rules()} | set(REPORTS))),
        "config.json: not-seen: 'asOf' is not a setting of it; there are enforcementLevel",
    ]


def test_a_whole_number_does_where_a_number_is_asked_for() -> None:
    assert parse('{"managed-llm-timeout": {"minimumSeconds": 90}}').settings["managed-llm-timeout"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[]", "config.json: it is not an object; write the policies as its keys"),
        ("{\n{", "config.json:2:1: is not JSON: Expecting property name enclosed in double quotes; correct it"),
        ("[" * 100_000, "config.json: is nested too deeply; write fewer levels"),
        (
            '{"budget": ' + "9" * 5000 + "}",
            "config.json: has a number of thousands of digits; write a smaller one",
        ),
        ('{"budget": "advisory", "budget": "mandatory"}', "config.json: 'budget' is here twice; remove one"),
    ],
)
def test_another_shape_is_refused(text: str, said: str) -> None:
    assert errors(text) == [said]


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"^missing\.json: cannot be read: No such file"):
        load(tmp_path / "missing.json")
    (tmp_path / "bytes.json").write_bytes(b"\xff")
    with pytest.raises(ConfigurationError, match=r"^bytes\.json: is not UTF-8"):
        load(tmp_path / "bytes.json")


@pytest.mark.parametrize("name", ["default.json", "hardened.json"])
def test_the_ready_made_ones_are_fresh_and_valid(name: str) -> None:
    assert load(CONFIGS / name).levels.keys() == {rule.id for rule in rules()} | set(REPORTS)


def test_the_default_is_what_holds_without_any() -> None:
    found = load(CONFIGS / "default.json")
    assert found.levels == {rule.id: rule.level for rule in rules()} | dict(REPORTS)
    for rule in rules():
        defaults = {key: schema["default"] for key, schema in rule.config.items() if "default" in schema}
        assert found.settings.get(rule.id, {}) == defaults


def test_the_hardened_one_is_never_softer() -> None:
    found = load(CONFIGS / "hardened.json")
    soft = {rule.id for rule in rules() if found.levels[rule.id] is Level.ADVISORY}
    assert soft == {rule.id for rule in rules() if rule.advice}
    assert all(rule.level is Level.ADVISORY for rule in rules() if rule.id in soft)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["asOf", "warnDays", "x"]), inner, max_size=2)
    ),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from([*(rule.id for rule in rules()), "all", "x"]), JSON, max_size=3))
def test_whatever_stands_there_is_read_or_refused_line_by_line(data: dict[str, Any]) -> None:
    said: tuple[str, ...] = ()
    try:
        parse(json.dumps(data), "config.json")
    except ConfigurationError as error:
        said = error.lines
    assert all(each.startswith("config.json: ") for each in said)
