"""Names of VM sizes as people and tools write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.catalogs import PACKAGE, gpu_size

A100 = "Standard_NC24ads_A100_v4"
RECOGNISED = {
    "nc24ads a100 v4": A100,
    "NC24ads_A100_v4": A100,
    "standard-nc24ads-a100-v4": A100,
    "STANDARD_NC24ADS_A100_V4": A100,
    "Standard NC24ads A100 v4": A100,
    "Standard_NC24ads_A100v4": A100,
    "NC4as T4 v3": "Standard_NC4as_T4_v3",
    "nv36ads-a10-v5": "Standard_NV36ads_A10_v5",
    "ND96isrH100v5": "Standard_ND96isr_H100_v5",
    "ND96amsr A100 v4": "Standard_ND96amsr_A100_v4",
    "NC24s v3": "Standard_NC24s_v3",
}
SUGGESTED = {
    "Standard_NC24ads_A100_v5": [A100],
    "Standard_NC24ads_A100": [A100],
    "Standard_NC24asd_A100_v4": [A100],
    "Standrd_NC24ads_A100_v4": [A100],
    "NC24": [A100],
    "Standard_NC24s_v4": [A100],
    "NC40ads H100": ["Standard_NC40ads_H100_v5"],
    "Standard_ND96isr_H100_v4": ["Standard_ND96isr_H100_v5"],
    "Standard_ND96asr_A100_v4": ["Standard_ND96asr_v4"],
}
NONE = [
    "",
    "x",
    "Standard_NC24ads_H100_v5",
    "Standard_F4s_v2",
    "Standard_NC25ads_A100_v4",
    "p4d.24xlarge",
    "a2-highgpu-1g",
]


@pytest.mark.parametrize(("text", "name"), RECOGNISED.items())
def test_a_spelling_of_a_size_is_recognised(text: str, name: str) -> None:
    assert PACKAGE.recognise_size(text).found == name


@pytest.mark.parametrize(("text", "names"), SUGGESTED.items())
def test_a_wrong_version_or_feature_is_answered_with_sizes_of_the_same_cores_and_gpu(
    text: str, names: list[str]
) -> None:
    recognition = PACKAGE.recognise_size(text)
    assert recognition.found is None
    assert list(recognition.suggestions) == names
    assert all(gpu_size(name).serves for name in names)


@pytest.mark.parametrize("text", NONE)
def test_another_size_has_no_suggestion(text: str) -> None:
    assert PACKAGE.recognise_size(text).names == ()


def test_there_are_20_spellings() -> None:
    assert len(RECOGNISED) + len(SUGGESTED) >= 20


@given(st.sampled_from(PACKAGE.gpu_sizes), st.sampled_from("-_ ."), st.booleans(), st.booleans())
def test_case_separators_and_prefix_do_not_matter(size: object, separator: str, upper: bool, prefix: bool) -> None:
    name = str(getattr(size, "name", ""))
    text = (name if prefix else name.removeprefix("Standard_")).replace("_", separator)
    assert PACKAGE.recognise_size(text.upper() if upper else text.lower()).found == name


@given(st.text())
def test_any_text_has_an_answer(text: str) -> None:
    PACKAGE.recognise_size(text)
