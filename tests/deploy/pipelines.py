"""The pipelines of deploy/ taken apart: their jobs in order, and each step with what it runs."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
GITHUB = sorted((DEPLOY / "github").glob("*.yml"))
DEVOPS = sorted((DEPLOY / "azure-devops").glob("*.yml"))

COPIED = (
    "components",
    "policies",
    "deploy",
    "scripts",
    "Makefile",
    "Pulumi.yaml",
    "__main__.py",
)


@dataclass(frozen=True)
class Step:
    """One step that runs a script.

    Attributes:
        job: Its job.
        name: Its name.
        script: What it runs.
        condition: When, as it is written; None for always.
        environment: Its variables, its job's and its pipeline's among them, expressions and all.
    """

    job: str
    name: str
    script: str
    condition: str | None
    environment: dict[str, str]


def parsed(path: Path) -> Any:
    """The YAML, without YAML 1.1's idea that `on` is a boolean."""
    return yaml.safe_load(re.sub(r"^on:", '"on":', path.read_text(), flags=re.MULTILINE))


def github_steps(path: Path) -> list[Step]:
    """The steps of a workflow, those of a job once for each stack of its matrix."""
    whole = parsed(path)
    return [
        Step(
            key,
            step["name"],
            step["run"],
            step.get("if"),
            {
                name: text.replace("${{ matrix.stack }}", stack)
                for name, text in {**whole.get("env", {}), **job.get("env", {}), **step.get("env", {})}.items()
            },
        )
        for key, job in whole["jobs"].items()
        for stack in job.get("strategy", {}).get("matrix", {}).get("stack", [""])
        for step in job["steps"]
        if "run" in step
    ]


def devops_jobs(path: Path) -> list[tuple[str, dict[str, Any], list[dict[str, Any]]]]:
    """The jobs of a pipeline: name, what it says of itself, steps."""
    whole = parsed(path)
    jobs = whole.get("jobs") or [job for stage in whole["stages"] for job in stage["jobs"]]
    return [
        (
            job.get("job") or job["deployment"],
            job,
            job["steps"] if "steps" in job else job["strategy"]["runOnce"]["deploy"]["steps"],
        )
        for job in jobs
    ]


def devops_steps(path: Path) -> list[Step]:
    """The steps of a pipeline, those that run in the Azure CLI's task among them."""
    return list(_devops(path))


def _devops(path: Path) -> Iterator[Step]:
    for name, job, steps in devops_jobs(path):
        for variables in job.get("strategy", {}).get("matrix", {"": job.get("variables", {})}).values():
            for step in steps:
                script = step.get("script") or step.get("bash") or step.get("inputs", {}).get("inlineScript")
                if script:
                    environment = {**variables, **step.get("env", {})}
                    yield Step(name, step["displayName"], script, step.get("condition"), environment)


def copied(folder: Path) -> Path:
    """A copy of the project in a new folder, with this checkout's virtual environment and no stack."""
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            folder.mkdir(exist_ok=True)
            shutil.copy(source, folder)
    (folder / ".venv").symlink_to(Path(sys.executable).parents[1])
    return folder
