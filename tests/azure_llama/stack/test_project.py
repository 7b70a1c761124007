"""The configuration that the program gets is the one that the Pulumi CLI hands over."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pulumi.runtime import rpc

from azure_llama.documents.errors import InputError
from azure_llama.documents.unknown import HIDDEN
from azure_llama.stack import project


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "Pulumi.yaml").write_text("name: sample\nruntime: python\n")
    (tmp_path / "Pulumi.dev.yaml").write_text("config: {}\n")
    (tmp_path / "__main__.py").write_text("")
    return tmp_path


def test_values_are_texts_and_objects_are_json(root: Path) -> None:
    (root / "Pulumi.dev.yaml").write_text(
        "encryptionsalt: v1:x\nconfig:\n  azure-native:location: eastus2\n  plain: 1.50\n  on: True\n  none:\n"
        "  sample:config:old: x\n  sample:map: {b: 012, a: [1, 2.0], c: 2026-11-01}\n"
    )
    found = project.load(root)
    assert found.config == {
        "azure-native:location": "eastus2",
        "sample:plain": "1.5",
        "sample:on": "true",
        "sample:none": "",
        "sample:old": "x",
        "sample:map": '{"a":[1,2],"b":10,"c":"2026-11-01 00:00:00 +0000 UTC"}',
    }
    assert list(found.config) == sorted(found.config)
    assert found.written["sample:plain"] == "plain"


def test_secrets_are_hidden_wherever_they_are(root: Path) -> None:
    (root / "Pulumi.dev.yaml").write_text(
        "config:\n  key: {secure: v1:abc}\n  map: {in: [{secure: v1:def}], out: 1}\n  open: {secure: x, more: y}\n"
    )
    found = project.load(root)
    assert found.secret_keys == ("sample:key", "sample:map")
    assert found.config["sample:key"] == HIDDEN
    assert json.loads(found.config["sample:map"]) == {"in": [HIDDEN], "out": 1}
    assert "v1:" not in str(found.config)


def test_what_hides_a_secret_is_what_the_sdk_takes_for_unknown() -> None:
    assert HIDDEN == rpc.UNKNOWN


def test_the_project_gives_values_and_defaults(root: Path) -> None:
    (root / "Pulumi.yaml").write_text(
        "name: sample\nruntime: {name: python, options: {toolchain: pip}}\n"
        "config:\n  size: {default: 5}\n  sample:kept: {default: no}\n"
        "  azure-native:location: {value: westus}\n  x: 1\n"
    )
    (root / "Pulumi.dev.yaml").write_text("config: {kept: mine}\n")
    assert project.load(root).config == {
        "sample:size": "5",
        "sample:kept": "mine",
        "azure-native:location": "westus",
        "sample:x": "1",
    }


def test_the_only_stack_is_taken_and_a_folder_below_will_do(root: Path) -> None:
    (root / "below").mkdir()
    assert project.load(root / "below").stack == "dev"
    assert project.load(root, "organization/sample/dev").stack == "dev"


def test_a_stack_file_elsewhere(root: Path, tmp_path: Path) -> None:
    other = root / "below"
    other.mkdir()
    (other / "Pulumi.test.yaml").write_text("config: {a: b}\n")
    found = project.load(root, config_file=other / "Pulumi.test.yaml")
    assert (found.stack, found.config) == ("test", {"sample:a": "b"})
    assert found.file is not None
    assert found.file.shown == "below/Pulumi.test.yaml"
    (root / "Pulumi.yaml").write_text("name: sample\nruntime: python\nstackConfigDir: below\n")
    assert project.load(root).stack == "test"


def test_an_empty_stack_file_is_a_stack(root: Path) -> None:
    (root / "Pulumi.dev.yaml").write_text("")
    assert project.load(root).config == {}


def test_esc_environments_are_noted(root: Path) -> None:
    (root / "Pulumi.dev.yaml").write_text("environment: [shared, {other: x}]\nconfig: {}\n")
    assert project.load(root).environments[0] == "shared"


MISTAKES: dict[str, tuple[dict[str, str | None], str | None, str]] = {
    "no project": ({"Pulumi.yaml": None}, None, "there is no Pulumi.yaml here or above"),
    "no name": ({"Pulumi.yaml": "runtime: python\n"}, None, "Pulumi.yaml: has no 'name'"),
    "another language": (
        {"Pulumi.yaml": "name: x\nruntime: nodejs\n"},
        None,
        "Pulumi.yaml:2:10: the runtime is 'nodejs'",
    ),
    "a project that is a list": ({"Pulumi.yaml": "- 1\n"}, None, "the project is a list, not a map"),
    "no program": ({"__main__.py": None}, None, "there is no such program"),
    "no such stack": (
        {},
        "prod",
        "there is no such file, so no stack 'prod'; the stacks here are dev",
    ),
    "several stacks": ({"Pulumi.prod.yaml": ""}, None, "there are several stacks (dev, prod); give --stack"),
    "no stack at all": ({"Pulumi.dev.yaml": None}, None, "there is no Pulumi.<stack>.yaml"),
    "broken YAML": ({"Pulumi.dev.yaml": "config: {a: [}\n"}, None, "Pulumi.dev.yaml:1:14: is broken YAML"),
    "a key twice": (
        {"Pulumi.dev.yaml": "config:\n  a: 1\n  a: 2\n"},
        None,
        "3: config.a: is here twice",
    ),
    "one key in two forms": (
        {"Pulumi.dev.yaml": "config:\n  a: 1\n  sample:a: 2\n"},
        None,
        "Pulumi.dev.yaml:3:3: 'sample:a' and 'a' are one key; remove one",
    ),
    "a configuration that is a list": (
        {"Pulumi.dev.yaml": "config: [1]\n"},
        None,
        "1:9: config is a list",
    ),
    "a stack that is a text": ({"Pulumi.dev.yaml": "hello\n"}, None, "the stack's file is a text, not a map"),
    "no value": (
        {"Pulumi.yaml": "name: sample\nruntime: python\nconfig:\n  needed: {type: string}\n"},
        None,
        "Pulumi.yaml:4:3: the stack has no value for 'sample:needed', and it has no default",
    ),
}


@pytest.mark.parametrize(("files", "stack", "said"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_one_line(root: Path, files: dict[str, str | None], stack: str | None, said: str) -> None:
    for name, text in files.items():
        if text is None:
            (root / name).unlink()
        else:
            (root / name).write_text(text)
    with pytest.raises(InputError) as caught:
        project.load(root, stack)
    assert said in str(caught.value)
    assert len(caught.value.problems) == 1


def test_a_folder_that_is_none(root: Path) -> None:
    with pytest.raises(InputError, match="is no folder"):
        project.load(root / "none")


def test_every_missing_value_is_told(root: Path) -> None:
    config: Any = "config:\n  one: {type: string}\n  two: {type: string}\n"
    (root / "Pulumi.yaml").write_text(f"name: sample\nruntime: python\n{config}")
    with pytest.raises(InputError) as caught:
        project.load(root)
    assert len(caught.value.problems) == 2
