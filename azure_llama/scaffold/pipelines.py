"""Generates the pipelines of a project from those in `deploy/`, with their tools."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Final

import yaml

from azure_llama.documents.errors import InputError

_CHECKOUT: Final = Path(__file__).resolve().parents[2] / "deploy"
_SHARED: Final = "share/azure-llama/deploy/"
_STACK: Final = "dev"
"""The stack that the pipelines of `deploy/` are for."""
_VENV: Final = "python -m venv .venv && .venv/bin/python -m pip install --requirement requirements.txt"
_SETUP: Final = {
    "make venv": _VENV,
    "make setup": f"{_VENV} && .venv/bin/python -m azure_llama.engine",
}
"""What sets up a project that has no Makefile, such as one that `azure-llama init` wrote."""
_NAME: Final = re.compile(r"[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+){0,2}")


def pipelines(forge: str, stacks: Sequence[str], *, makefile: bool = False) -> dict[str, str]:
    """The pipelines of a forge: check and preview of a pull request, deployment, drift; text by path in the project.

    The first stack is the canary: the others are deployed together, once it is.

    Args:
        forge: Required. A key of `FORGES`.
        stacks: Required. The stacks, each once; the canary first.
        makefile: Optional. Whether the project has a Makefile with the targets `venv` and `setup`, as this one.

    Raises:
        InputError: a stack is given twice, or its name is none.
    """
    problems = [f"stack {name!r}: must be STACK or ORGANIZATION/STACK" for name in stacks if not _NAME.fullmatch(name)]
    keys = [_key(name) for name in stacks]
    alike = {name for name, key in zip(stacks, keys, strict=True) if keys.count(key) > 1}
    problems += [f"stack {name!r}: is given twice, or its job has the name of another's" for name in sorted(alike)]
    if problems:
        raise InputError(problems)
    folder, expand = FORGES[forge]
    texts = {}
    for path, text in _sources().items():
        kind, _, name = path.partition("/")
        if kind == "tools":
            texts[f"deploy/{path}"] = text
        elif kind == forge:
            written = expand(text, stacks)
            for target, steps in {} if makefile else _SETUP.items():
                written = written.replace(target, steps)
            texts[f"{folder}/{name}"] = written
    return texts


def has_setup(folder: Path) -> bool:
    """Whether a project's Makefile has the target `setup`."""
    makefile = folder / "Makefile"
    return makefile.is_file() and re.search(r"(?m)^setup:", makefile.read_text(encoding="utf-8")) is not None


def _sources() -> Mapping[str, str]:
    """The files of `deploy/`: of the checkout, or of the installed package."""
    if _CHECKOUT.is_dir():
        files = (file for part in ("github", "azure-devops", "tools") for file in sorted((_CHECKOUT / part).iterdir()))
        found = {file.relative_to(_CHECKOUT).as_posix(): file for file in files if file.suffix in (".yml", ".py")}
    else:
        recorded = {str(path): Path(path.locate()) for path in metadata.files("azure-llama") or ()}
        found = {name.partition(_SHARED)[2]: path for name, path in recorded.items() if _SHARED in name}
    return {name: path.read_text(encoding="utf-8") for name, path in sorted(found.items())}


def _github(text: str, stacks: Sequence[str]) -> str:
    """A workflow for other stacks. A matrix has all of them, save that of the deployment."""
    whole, separator, canary = text.partition("  up:\n")
    written = (
        _matrix(whole, stacks)
        + separator
        + canary.replace(f"PULUMI_STACK: {_STACK}", f"PULUMI_STACK: {_plain(stacks[0])}")
    )
    if separator and len(stacks) > 1:
        rest = canary.replace(f"PULUMI_STACK: {_STACK}", "PULUMI_STACK: ${{ matrix.stack }}")
        cut = "    # None is cut short when another one fails: what Azure began would go on.\n"
        strategy = f"{cut}    strategy:\n      fail-fast: false\n      matrix:\n        stack: [{_STACK}]\n"
        rest = rest.replace("    name: Deploy\n", "    name: Deploy the rest\n")
        rest = rest.replace("    needs: preview\n", f"    needs: up\n{strategy}")
        written += "\n  rest:\n" + _matrix(rest, stacks[1:])
    return written


def _matrix(text: str, stacks: Sequence[str]) -> str:
    return text.replace(f"stack: [{_STACK}]", f"stack: [{', '.join(map(_plain, stacks))}]")


def _azure_devops(text: str, stacks: Sequence[str]) -> str:
    """A pipeline for other stacks. A deployment job has no matrix in Azure DevOps: there is one for each stack."""
    leg = re.compile(rf"(?m)^( +){_STACK}: {{PULUMI_STACK: {_STACK}}}\n")
    legs = [f"{_key(name)}: {{PULUMI_STACK: {_plain(name)}}}\n" for name in stacks]
    text = leg.sub(lambda found: "".join(f"{found[1]}{each}" for each in legs), text)
    whole, separator, stage = text.partition("  - stage: up\n")
    if not separator:
        return text
    head, jobs, job = stage.partition("    jobs:\n")
    written = whole + separator + head + jobs + _job(job, stacks[0])
    if len(stacks) > 1:
        head = head.replace("displayName: Deploy\n", "displayName: Deploy the rest\n")
        head = head.replace("dependsOn: preview\n", "dependsOn: up\n")
        written += "\n  - stage: rest\n" + head + jobs + "".join(_job(job, name) for name in stacks[1:])
    return written


def _job(text: str, stack: str) -> str:
    text = text.replace(f"deployment: up_{_STACK}\n", f"deployment: up_{_key(stack)}\n")
    return re.sub(rf"(Deploy|PULUMI_STACK:) {_STACK}\n", lambda found: f"{found[1]} {_plain(stack)}\n", text)


def _plain(stack: str) -> str:
    """A stack's name in YAML, which reads some names as numbers or truth values."""
    return stack if yaml.safe_load(stack) == stack else json.dumps(stack)


def _key(stack: str) -> str:
    """A stack's name as Azure DevOps takes it for a job."""
    key = re.sub(r"\W", "_", stack)
    return key if key[0].isalpha() else f"s_{key}"


FORGES: Final[Mapping[str, tuple[str, Callable[[str, Sequence[str]], str]]]] = {
    "github": (".github/workflows", _github),
    "azure-devops": ("azure-pipelines", _azure_devops),
}
"""By forge: the folder of its pipelines, and the function that writes one for other stacks."""
