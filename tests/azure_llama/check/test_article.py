"""The article of November 2024, judged: on its day the rules say what the sandbox says, today they name the end."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from azure_llama.check.checking import check
from azure_llama.check.judging import Terms
from azure_llama.stack import project
from tests.catalogs import PACKAGE
from tests.sandbox.arm.machine_learning.test_article import (
    MANAGED,
    NOT_THERE,
    PUBLISHED,
    REGIONS,
    SERVERLESS,
    TODAY,
)

ROOT = Path(__file__).resolve().parents[3]


def endpoint_name(model: str) -> str:
    return model.lower().replace(".", "-")[:32].strip("-")


def article(region: str) -> dict[str, Any]:
    """A stack with every model of the article: each serverless endpoint, and a deployment of each managed one."""
    # The settings know GPU sizes alone; the article's one model that needs none is Prompt Guard.
    sized = {
        model: next(iter(PACKAGE.smallest_sizes(PACKAGE.model(model))), "Standard_NC4as_T4_v3") for model in MANAGED
    }
    return {
        "azure-native:location": region,
        "azure-llama:workspace": {"name": "llama-article"},
        "azure-llama:serverless": {endpoint_name(model): {"model": model} for model in SERVERLESS},
        "azure-llama:managed": {
            endpoint_name(f"m-{model}"): {
                "deployments": {
                    "blue": {
                        "model": model,
                        "vmSize": size,
                        **({} if PACKAGE.model(model).latest_version else {"modelVersion": "1"}),
                    }
                }
            }
            for model, size in sized.items()
        },
    }


def violated(folder: Path, region: str, day: date) -> set[tuple[str, str, str]]:
    """Rule, resource and message of what makes the check of the article's stack fail."""
    file = folder / "Pulumi.article.yaml"
    file.write_text(yaml.safe_dump({"config": article(region)}))
    report = check(project.load(ROOT, "article", file), Terms(day))
    return {
        (item.finding.rule.id, item.resource.name, item.finding.verdict.message)
        for item in report.violations
        if item.failing
    }


@pytest.mark.parametrize("region", REGIONS)
def test_on_its_day(tmp_path: Path, region: str) -> None:
    found = {(rule, name) for rule, name, _ in violated(tmp_path, region, PUBLISHED)}
    missing = {model for model, where in NOT_THERE if where == region}
    assert found == {("serverless-region", endpoint_name(model)) for model in missing}


def test_today(tmp_path: Path) -> None:
    found = violated(tmp_path, "eastus2", TODAY)
    for model in SERVERLESS:
        said = [
            text for rule, name, text in found if (rule, name) == ("serverless-model-retired", endpoint_name(model))
        ]
        assert said, model
        assert str(PACKAGE.model(model).lifecycle.retired) in said[0]
        assert str(PACKAGE.model(model).lifecycle.retired_source) in said[0]
        assert PACKAGE.instead(PACKAGE.model(model), "eastus2", TODAY) in said[0]
    assert not [name for _, name, _ in found if name.startswith("m-")]
