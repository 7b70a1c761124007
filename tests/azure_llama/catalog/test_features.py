"""What is known of tools, JSON, images and long answers: agreement, contradiction, nothing."""

from __future__ import annotations

import pytest

from azure_llama.catalog.features import Feature, Reading, Support
from azure_llama.catalog.kinds import KINDS
from tests.catalogs import PACKAGE

L33, MAVERICK = "Llama-3.3-70B-Instruct", "Llama-4-Maverick-17B-128E-Instruct-FP8"


@pytest.mark.parametrize(
    ("model", "kind", "feature", "words"),
    [
        (L33, "foundry", Feature.TOOLS, "no (disputed)"),
        (L33, "serverless", Feature.TOOLS, "ignored"),
        ("llama-3.2-90b-vision-instruct", "serverless", Feature.TOOLS, "refused"),
        (MAVERICK, "foundry", Feature.IMAGES, "1"),
        (MAVERICK, "foundry", Feature.JSON_SCHEMA, "refused"),
        (MAVERICK, "foundry", Feature.OUTPUT_TOKENS, "1000000 (disputed)"),
        (L33, "foundry", Feature.OUTPUT_TOKENS, "8192"),
        (L33, "serverless", Feature.JSON_OBJECT, "unknown"),
        ("Mistral-Nemo", "serverless", Feature.TOOLS, "unknown"),
    ],
)
def test_what_the_package_knows(model: str, kind: str, feature: Feature, words: str) -> None:
    assert PACKAGE.features.support(model, kind, feature).words() == words


@pytest.mark.parametrize(
    ("values", "supported", "disputed"),
    [
        ((), None, False),
        (("ignored", "no", "refused"), False, False),
        (("yes", "no"), True, True),
        (("1", "yes"), True, False),
        (("1", "several"), True, True),
        (("0", "yes"), False, True),
        (("8192", "8192"), True, False),
        (("8192", "4096"), True, True),
    ],
)
def test_readings_agree_or_contradict(values: tuple[str, ...], supported: bool | None, disputed: bool) -> None:
    support = Support(tuple(Reading(value, "source", "2026-11-30") for value in values))
    assert (support.supported, support.disputed) == (supported, disputed)


def test_every_row_names_models_and_kinds_that_there_are() -> None:
    kinds = {kind.name for kind in KINDS}
    for row in PACKAGE.rows("features"):
        assert row["route"] in kinds
        assert row["value"]
        assert all(PACKAGE.find_model(name) for name in row["models"])
