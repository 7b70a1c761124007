"""The files of a new project, and how they are written: none is ever replaced."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from azure_llama import __version__
from azure_llama.catalog import Catalog
from azure_llama.documents.errors import InputError
from azure_llama.documents.problems import FileProblem, ValueProblem
from azure_llama.scaffold.configuration import Answers
from azure_llama.scaffold.pipelines import pipelines
from azure_llama.settings import schema

SCHEMA = "stack.schema.json"
"""The schema that the stack's file names."""
_EMPTY = "name an empty folder with --directory: init replaces no file"
_PROJECT = """\
name: {name}
description: Meta Llama on Azure Machine Learning
# The Python on PATH runs the program: activate the environment in which azure-llama is installed.
runtime: python
"""
_PROGRAM = '''\
"""The stack. Another model is a change of Pulumi.{stack}.yaml, not of this file."""

from azure_llama_components import make_stack

make_stack()
'''


def files(answers: Answers, config: Mapping[str, Any], catalog: Catalog, pipeline: str | None = None) -> dict[str, str]:
    """The files of the project: text by path.

    Args:
        answers: Required. What the stack is to be.
        config: Required. Its configuration.
        catalog: Required. The catalogue whose names an editor proposes.
        pipeline: Optional. The forge of its pipelines; no pipelines when None.
    """
    stack = yaml.safe_dump({"config": dict(config)}, sort_keys=False, allow_unicode=True)
    found = {
        "Pulumi.yaml": _PROJECT.format(name=answers.project),
        f"Pulumi.{answers.stack}.yaml": f"{schema.MODELINE.format(path=f'./{SCHEMA}')}\n{stack}",
        "__main__.py": _PROGRAM.format(stack=answers.stack),
        "requirements.txt": f"azure-llama=={__version__}\n",
        SCHEMA: schema.text(catalog),
    }
    if pipeline is not None:
        found |= pipelines(pipeline, [answers.stack])
    return found


def write(folder: Path, texts: Mapping[str, str]) -> None:
    """Write the files of a new project.

    Args:
        folder: Required. The project's folder; made where there is none.
        texts: Required. Text by path in the folder.

    Raises:
        InputError: one of them exists, and nothing is written; or a file cannot be written.
    """
    present = [folder / path for path in texts if (folder / path).exists() or (folder / path).is_symlink()]
    if present:
        raise InputError([_problem(file, "exists already", _EMPTY) for file in present])
    for path, text in texts.items():
        file = folder / path
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("x", encoding="utf-8") as new:
                new.write(text)
        except OSError as error:
            raise InputError(
                _problem(file, f"cannot be written: {error.strerror or error}", "check its folder")
            ) from None


def _problem(file: Path, rule: str, remedy: str) -> FileProblem:
    return FileProblem(str(file), ValueProblem(rule, remedy))
