"""The pages say what the program does: their programs run, their YAML loads, and every key is on them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import BaseModel

from azure_llama.settings import (
    AccessSettings,
    AutoscaleSettings,
    BudgetSettings,
    ComputeInstanceSettings,
    ConnectionSettings,
    CustomRoleSettings,
    DataCollectionSettings,
    DeploymentSettings,
    EncryptionSettings,
    EndpointIdentitySettings,
    IdentitySettings,
    ManagedSettings,
    NamesSettings,
    NetworkSettings,
    OutboundRuleSettings,
    PrincipalSettings,
    PrivateEndpointSettings,
    ProbeSettings,
    ProbesSettings,
    ScalingRuleSettings,
    ScheduleSettings,
    SecretsSettings,
    ServerlessSettings,
    SharedQuotaSettings,
    WorkspaceSettings,
    load,
)
from azure_llama.settings.compute import AssignedUserSettings
from tests.catalogs import PACKAGE
from tests.components.mocked import run

DOCS = Path(__file__).resolve().parents[2] / "docs"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LONGEST = 10


def blocks(language: str) -> list[Any]:
    """The code blocks of a language on all pages that are about components or settings."""
    found = []
    for page in sorted(DOCS.glob("*.md")):
        for number, (kind, text) in enumerate(BLOCK.findall(page.read_text(encoding="utf-8")), start=1):
            if kind == language:
                found.append(pytest.param(text, id=f"{page.stem}-{number}"))
    return found


PROGRAMS = [each for each in blocks("python") if "from azure_llama_components import" in each.values[0]]
STACKS = [each for each in blocks("yaml") if re.search(r"^config:", each.values[0], re.MULTILINE)]


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_component_alone_is_ten_lines(program: str) -> None:
    lines = [line for line in program.splitlines() if line.strip()]
    assert len(lines) <= LONGEST
    recorded = run(lambda: exec(compile(program, "page", "exec"), {}))  # noqa: S102  # what the page shows, as it stands
    assert recorded.error is None
    assert any(each.type.startswith("azure-native:") for each in recorded.resources)


@pytest.mark.parametrize("text", STACKS)
def test_the_stacks_on_the_pages_load(text: str) -> None:
    config = yaml.safe_load(text)["config"]
    texts = {key: value if isinstance(value, str) else json.dumps(value, default=str) for key, value in config.items()}
    load(texts, PACKAGE)


PAGES: dict[str, tuple[type[BaseModel], ...]] = {
    "workspace": (
        WorkspaceSettings,
        NamesSettings,
        NetworkSettings,
        OutboundRuleSettings,
        PrivateEndpointSettings,
        EncryptionSettings,
        IdentitySettings,
        ComputeInstanceSettings,
        AssignedUserSettings,
    ),
    "access": (AccessSettings, CustomRoleSettings, PrincipalSettings),
    "money": (BudgetSettings,),
    "serverless": (ServerlessSettings, ConnectionSettings, SecretsSettings),
    "managed": (
        ManagedSettings,
        EndpointIdentitySettings,
        SharedQuotaSettings,
        DeploymentSettings,
        DataCollectionSettings,
        ProbesSettings,
        ProbeSettings,
        AutoscaleSettings,
        ScalingRuleSettings,
        ScheduleSettings,
    ),
}


@pytest.mark.parametrize(("page", "settings"), [(page, each) for page, all_ in PAGES.items() for each in all_])
def test_every_key_is_on_its_page(page: str, settings: type[BaseModel]) -> None:
    tables = "\n".join(line for line in (DOCS / f"{page}.md").read_text().splitlines() if line.startswith("|"))
    said = set(re.findall(r"[A-Za-z]+", "".join(re.findall(r"`[^`]+`", tables))))
    keys = {field.alias or name for name, field in settings.model_fields.items()}
    assert keys <= said, keys - said


def test_there_are_programs_and_stacks_on_the_pages() -> None:
    assert len(PROGRAMS) >= 7
    assert len(STACKS) >= 6
