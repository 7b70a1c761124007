"""What commands know of a stack before they ask Azure: secrets by the Pulumi CLI alone, the state when it is there."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from azure_llama.arm import ConfigurationError
from azure_llama.documents.errors import InputError
from azure_llama.stack import state
from azure_llama.stack.planned import plan_stack, project_of
from azure_llama.stack.project import Project
from azure_llama.stack.sign_in import sign_in_of
from azure_llama.stack.state import deployed_ids
from tests.sandbox.harness import ROOT

SECRET = "a-secret-that-nobody-may-see"
IDS = {
    "azure-native:subscriptionId": "5a0d80c5-11a3-4a5d-9b0e-000000000001",
    "azure-native:tenantId": "5a0d80c5-11a3-4a5d-9b0e-000000000002",
    "azure-native:clientId": "5a0d80c5-11a3-4a5d-9b0e-000000000003",
}
Said = tuple[str | None, str]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A stack whose client secret is encrypted."""
    config = {**IDS, "azure-native:location": "eastus2", "azure-native:clientSecret": {"secure": "v1:xxxx"}}
    config |= {"azure-llama:workspace": {"name": "llama"}}
    path = tmp_path / "Pulumi.cli.yaml"
    path.write_text(yaml.safe_dump({"config": config}))
    return project_of(ROOT, None, path)


def says(monkeypatch: pytest.MonkeyPatch, answer: Said) -> None:
    monkeypatch.setattr(state, "_ask", lambda *_: answer)


def test_a_secret_of_the_stack_is_opened_by_the_pulumi_cli(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    values = {"azure-native:clientSecret": {"value": SECRET, "secret": True}, "azure-llama:workspace": {"value": "{}"}}
    says(monkeypatch, (json.dumps(values), ""))
    found = sign_in_of(project)
    assert (found.method, found.secrets) == ("a client secret", frozenset({SECRET}))
    assert SECRET not in repr(found)


@pytest.mark.parametrize("answer", [(None, "there is no Pulumi CLI"), ("no json", ""), ("[]", "")])
def test_one_that_cannot_be_opened_has_a_way_out(
    project: Project, monkeypatch: pytest.MonkeyPatch, answer: Said
) -> None:
    says(monkeypatch, answer)
    with pytest.raises(InputError, match="set ARM_CLIENT_SECRET instead"):
        sign_in_of(project)


def test_credentials_that_are_not_whole_are_a_mistake(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    says(monkeypatch, (json.dumps({"azure-native:clientSecret": {"value": SECRET}}), ""))
    del project.config["azure-native:tenantId"]  # type: ignore[attr-defined]  # a dict, shown as a Mapping
    monkeypatch.delenv("ARM_TENANT_ID", raising=False)
    with pytest.raises(ConfigurationError, match="ARM_TENANT_ID") as raised:
        sign_in_of(project)
    assert SECRET not in str(raised.value)


def test_what_environments_say_of_azure_native_is_read_too(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project = replace(project, environments=("team",), secret_keys=())
    says(monkeypatch, (json.dumps({"azure-native:useMsi": {"value": "true"}, "aws:region": {"value": "x"}}), ""))
    assert sign_in_of(replace(project, config=dict(IDS))).method == "a managed identity"


STATE = {
    "deployment": {"resources": [{"urn": "u", "type": "pulumi:pulumi:Stack"}, {"urn": "v", "id": "/subscriptions/s"}]}
}


@pytest.mark.parametrize(
    ("answer", "held"),
    [
        ((json.dumps(STATE), ""), {"/subscriptions/s"}),
        ((json.dumps({"deployment": {}}), ""), set()),
        ((json.dumps({"deployment": None}), ""), set()),
        (("no json", ""), None),
        (("{}", ""), None),
        ((None, "error: no stack named 'cli' found"), set()),
        ((None, "there is no Pulumi CLI"), None),
        ((None, "error: getting secrets manager: passphrase must be set"), None),
    ],
)
def test_the_state_is_read_where_it_can_be(
    project: Project, monkeypatch: pytest.MonkeyPatch, answer: Said, held: set[str] | None
) -> None:
    says(monkeypatch, answer)
    assert deployed_ids(project) == held


def test_names_follow_the_subscription(project: Project) -> None:
    one, other = (
        {each.name for each in plan_stack(project, f"5a0d80c5-11a3-4a5d-9b0e-00000000000{n}").resources} for n in (1, 2)
    )
    assert "llama-hub" in one & other
    assert one != other
