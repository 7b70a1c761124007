from __future__ import annotations

import runpy

import pytest

from tests.conftest import ROOT

SCRIPT = runpy.run_path(str(ROOT / "scripts" / "sync_client.py"))


def test_the_synchronous_client_follows_the_asynchronous_one() -> None:
    source, target = SCRIPT["SOURCE"].read_text(encoding="utf-8"), SCRIPT["TARGET"].read_text(encoding="utf-8")
    assert target == SCRIPT["synchronous"](source), "run python scripts/sync_client.py"


def test_a_passage_that_is_gone_is_named() -> None:
    with pytest.raises(ValueError, match=r"stands in async_client\.py 0 times; adapt PASSAGES"):
        SCRIPT["synchronous"]("class AsyncClient: ...\n")
