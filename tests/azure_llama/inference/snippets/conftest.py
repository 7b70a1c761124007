"""A sandbox with one endpoint of each kind, and a stack's outputs that describe them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from azure_llama_sandbox import control, environment
from azure_llama_sandbox.home import Home
from azure_llama_sandbox.identity import OWNER, read_identity
from azure_llama_sandbox.store import Store
from tests.azure_llama.inference.snippets.harness import Stage, deploy, grant_caller

PULUMI = """#!/bin/sh
[ "$*" = 'stack output keys --stack dev --show-secrets --json' ] || exit 1
printf '{"%s": {"primary": "%s"}}' shown-key "$STAGE_KEY"
"""
"""A `pulumi` that has one key, and shows it to who asks for it as the programs do."""


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The running sandbox."""
    folder = tmp_path_factory.mktemp("stage")
    home = Home(folder / "home")
    home.prepare()
    with closing(Store(home.database)) as store:
        outputs = deploy(store)
    status = control.start(home.path)
    identity = read_identity(home)
    assert identity is not None
    with closing(Store(home.database)) as store:
        grant_caller(store, identity.named(OWNER).object_id)
    bin_ = folder / "bin"
    bin_.mkdir()
    (bin_ / "pulumi").write_text(PULUMI)
    (bin_ / "pulumi").chmod(0o755)
    env: dict[str, Any] = {**environment.scrubbed(os.environ), **status["environment"]}
    env["PATH"] = os.pathsep.join([str(bin_), env["PATH"]])
    yield Stage(outputs, env, Path(folder))
    control.stop(home.path)
