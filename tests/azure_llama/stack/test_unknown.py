"""Unknown values: what depends on them is unknown, and a value can be supplied."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from azure_llama.check.checking import check
from azure_llama.check.judging import Terms
from azure_llama.documents.errors import InputError
from azure_llama.documents.unknown import NOBODY, same_subscription
from azure_llama.stack import project
from azure_llama.stack.planned import plan_stack
from azure_llama.stack.program import plan
from azure_llama.stack.settings import load_known
from azure_llama_policies.rule import UNKNOWN, Resource
from tests.workspaces import workspace_of

TODAY = date(2026, 11, 25)

ROOT = Path(__file__).parents[3]
SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"
ID = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-ml/providers/Microsoft.MachineLearningServices/workspaces/ml"
MANAGED = """
  azure-llama:managed:
    llama-8b:
      deployments:
        blue:
          model: Meta-Llama-3.1-8B-Instruct
          vmSize: {size}
          requestTimeoutSeconds: {timeout}
          environmentVariables:
            HF_TOKEN: {{secure: v1:abcdef}}
"""
WORKSPACE = "config:\n  azure-native:location: eastus2\n  azure-llama:workspace: {name: llama}\n"


def stack(tmp_path: Path, text: str, **given: Any) -> project.Project:
    """This project with a stack of its own."""
    file = tmp_path / "Pulumi.test.yaml"
    file.write_text(text)
    return project.load(ROOT, "test", file, {key.replace("__", ":"): value for key, value in given.items()})


def managed(size: str = "Standard_NC24ads_A100_v4", timeout: str = "120") -> str:
    """A stack with a managed deployment that has a secret environment variable."""
    return WORKSPACE + MANAGED.format(size=size, timeout=timeout).lstrip("\n")


def resource(found: project.Project, type_: str, name: str) -> Resource:
    """A resource of a project's program."""
    return next(each for each in plan(found).resources if each.type.endswith(type_) and each.name == name)


def test_a_secret_environment_variable_is_unknown_and_never_shown(tmp_path: Path) -> None:
    found = stack(tmp_path, managed())
    variables = resource(found, "OnlineDeployment", "llama-8b.blue").props["properties"]["environmentVariables"]
    assert variables["HF_TOKEN"] is UNKNOWN
    report = check(found, Terms(TODAY))
    assert any("blue.environmentVariables.HF_TOKEN" in note for note in report.notes)
    assert "abcdef" not in repr(report)


def test_what_depends_on_a_secret_number_is_unknown(tmp_path: Path) -> None:
    found = stack(tmp_path, managed(timeout="{secure: v1:abcdef}"))
    settings = resource(found, "OnlineDeployment", "llama-8b.blue").props["properties"]["requestSettings"]
    assert settings["requestTimeout"] is UNKNOWN
    report = check(found, Terms(TODAY))
    assert "managed-llm-timeout" in {item.finding.rule.id for item in report.unseen}
    assert "managed-llm-timeout" not in {item.finding.rule.id for item in report.violations}


def test_a_supplied_value_is_evaluated(tmp_path: Path) -> None:
    place = "azure-llama__managed.llama-8b.deployments.blue.requestTimeoutSeconds"
    found = stack(tmp_path, managed(timeout="{secure: v1:abcdef}"), **{place: 5})
    report = check(found, Terms(TODAY))
    assert "managed-llm-timeout" in {item.finding.rule.id for item in report.violations}
    assert found.secret_keys == ("azure-llama:managed",)


def test_a_deployment_of_an_unknown_size_is_not_estimated(tmp_path: Path) -> None:
    settings, notes = load_known(stack(tmp_path, managed(size="{secure: v1:abcdef}")))
    assert settings.managed["llama-8b"].deployments == {}
    assert any("managed.llama-8b.deployments.blue depends on unknown values" in note for note in notes)


def test_values_of_an_environment_are_unknown(tmp_path: Path) -> None:
    found = stack(tmp_path, "environment: [shared]\nconfig: {}\n")
    assert {"azure-native:location", "azure-llama:workspace", "azure-llama:tags"} <= set(found.unknown)
    assert check(found, Terms(TODAY)).ok
    with pytest.raises(InputError, match="azure-native:location: is unknown"):
        load_known(found)
    supplied = stack(
        tmp_path,
        "environment: [shared]\nconfig: {}\n",
        **{"azure-native__location": "eastus2", "workspace.name": "llama"},
    )
    assert workspace_of(load_known(supplied)[0]).name == "llama"


def test_the_names_of_an_unknown_workspace_are_not_asked_for(tmp_path: Path) -> None:
    text = "config:\n  azure-native:location: eastus2\n  azure-llama:workspace: {name: {secure: v1:abcdef}}\n"
    with pytest.raises(InputError, match=r"azure-llama:workspace\.name: is unknown"):
        plan_stack(stack(tmp_path, text), SUBSCRIPTION)


def test_a_workspace_of_any_subscription_is_accepted_where_none_is_named(tmp_path: Path) -> None:
    text = f"config:\n  azure-native:location: eastus2\n  azure-llama:workspace: {{id: {ID}}}\n"
    assert check(stack(tmp_path, text), Terms(TODAY)).ok
    assert workspace_of(plan_stack(stack(tmp_path, text), "").settings).id == ID


def test_unknown_subscriptions_can_be_any() -> None:
    assert same_subscription(NOBODY, SUBSCRIPTION)
    assert same_subscription("A" + SUBSCRIPTION[1:], "a" + SUBSCRIPTION[1:])
    assert not same_subscription("A" + SUBSCRIPTION[1:], SUBSCRIPTION)
