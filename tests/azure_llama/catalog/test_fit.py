from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azure_llama.catalog import GpuSize, Model
from azure_llama.catalog import fit as rule
from azure_llama.catalog.architectures import Architecture, build
from azure_llama.catalog.fit import (
    MAX_MODEL_LEN,
    OVERHEAD_GIB,
    UTILISATION,
    Fit,
    needed_bytes,
    usable_bytes,
)
from tests.catalogs import PACKAGE, gpu_size, overlaid

LLAMA_8B, LLAMA_70B = "Meta-Llama-3.1-8B-Instruct", "Llama-3.3-70B-Instruct"
A10, A100, A100S, A100_4 = (
    "Standard_NV36ads_A10_v5",
    "Standard_NC24ads_A100_v4",
    "Standard_NC48ads_A100_v4",
    "Standard_NC96ads_A100_v4",
)
H100, H100S, H100_8 = "Standard_NC40ads_H100_v5", "Standard_NC80adis_H100_v5", "Standard_ND96isr_H100_v5"
T4, H200 = "Standard_NC64as_T4_v3", "Standard_ND96isr_H200_v5"


ARCHITECTURES = build(PACKAGE.rows("architectures"))


def fits(model: Model | str, size: GpuSize | str, **asked: Any) -> Fit:
    named = PACKAGE.model(model) if isinstance(model, str) else model
    return rule.fits(named, gpu_size(size) if isinstance(size, str) else size, **asked)


def smallest_sizes(model: str) -> tuple[str, ...]:
    return PACKAGE.smallest_sizes(PACKAGE.model(model))


def architecture_of(model: str) -> Architecture:
    found = PACKAGE.model(model).architecture
    assert found is not None
    return found


def cheapest(model: str, **asked: Any) -> str | None:
    current = [each for each in PACKAGE.gpu_sizes if each.lifecycle == "current" and "eastus" in each.prices]
    holding = [each for each in current if fits(model, each, **asked).fits]
    return min(holding, key=lambda each: each.prices["eastus"].low).name if holding else None


@pytest.mark.parametrize(
    ("model", "short", "long", "fp8"),
    [
        ("Llama-3.2-1B", A10, A10, H100),
        ("Llama-Guard-3-1B", A10, A10, H100),
        ("Llama-3.2-3B-Instruct", A10, A100, H100),
        (LLAMA_8B, A10, A100, H100),
        ("Llama-Guard-3-8B", A10, A100, H100),
        ("Llama-3.2-11B-Vision-Instruct", A100, A100, H100),
        (LLAMA_70B, A100S, A100_4, H100),
        ("Llama-3.2-90B-Vision-Instruct", A100_4, A100_4, H100S),
        ("Llama-4-Scout-17B-16E-Instruct", A100_4, A100_4, H100S),
    ],
)
def test_the_cheapest_sizes_are_those_of_the_facts(model: str, short: str, long: str, fp8: str) -> None:
    assert cheapest(model) == short
    assert cheapest(model, max_model_len=131_072) == long
    assert cheapest(model, dtype="fp8") == fp8


@pytest.mark.parametrize(
    ("model", "where", "dtype", "thousands"),
    [
        (LLAMA_8B, A10, None, 38),
        (LLAMA_8B, A100, None, 451),
        (LLAMA_70B, A100S, None, 28),
        (LLAMA_70B, A100_4, None, 487),
        (LLAMA_70B, H100S, None, 111),
        (LLAMA_70B, H100, "fp8", 55),
        ("Meta-Llama-3.1-405B-Instruct", H100_8, "fp8", 221),
        ("Llama-4-Maverick-17B-128E-Instruct-FP8", H100_8, None, 856),
    ],
)
def test_the_room_for_tokens_is_that_of_the_facts(model: str, where: str, dtype: Any, thousands: int) -> None:
    architecture = architecture_of(model)
    free = usable_bytes(gpu_size(where)) - architecture.weights(dtype or architecture.dtype or "bf16")
    # Truncated in the facts, or rounded.
    assert int(free / architecture.kv_bytes_per_token / 1_000) in (thousands - 1, thousands)


def test_microsofts_own_pairs_fit() -> None:
    for each in PACKAGE.models:
        for name in each.managed.sizes:
            assert fits(each, name).fits, (each.name, name)
    # Two of them by the rule as well.
    assert fits("Meta-Llama-3-70B-Instruct", A100S, dtype="bf16").fits
    assert fits("Meta-Llama-3-8B", A100, dtype="bf16").fits


def test_the_largest_models_fit_nothing_that_azure_ml_serves() -> None:
    assert smallest_sizes("Meta-Llama-3.1-405B-Instruct") == ()
    assert fits("Meta-Llama-3.1-405B-Instruct", H200).fits
    assert fits("Meta-Llama-3.1-405B-Instruct", H100_8, dtype="fp8").fits
    assert smallest_sizes("Llama-4-Maverick-17B-128E-Instruct-FP8") == ("Standard_ND96is_H100_v5",)


def test_the_smallest_sizes_are_one_a_family_the_smallest_first() -> None:
    assert smallest_sizes(LLAMA_8B)[:3] == (A10, A100, H100)
    assert smallest_sizes(LLAMA_70B)[:2] == (A100S, H100S)
    for each in PACKAGE.models:
        names = smallest_sizes(each.name)
        families = [gpu_size(name).quota_family for name in names]
        assert len(set(families)) == len(families)
        memory = [gpu_size(name).total_gpu_memory_gb for name in names]
        assert memory == sorted(memory)
        assert all(fits(each, name).fits and gpu_size(name).managed_online for name in names)
        assert all(gpu_size(name).lifecycle == "current" for name in names)


def test_a_gpu_without_the_format_is_refused_whatever_its_memory() -> None:
    refused = fits("Llama-3.2-1B", T4)
    assert refused.fits is False
    for part in ("bf16", "8.0", "7.5", "T4"):
        assert part in refused.reason
    assert fits("Llama-3.2-1B", T4, dtype="fp16").fits
    assert fits("Llama-3.2-1B", A100, dtype="fp8").fits is False


def test_a_share_of_a_gpu_is_refused_for_a_model_that_writes() -> None:
    assert fits("Llama-3.2-1B", "Standard_NV18ads_A10_v5").fits is False


def test_a_small_classifier_runs_anywhere() -> None:
    for each in PACKAGE.gpu_sizes:
        assert fits("Prompt-Guard-86M", each).fits, each.name


def test_what_is_unknown_is_neither_yes_nor_no() -> None:
    answer = fits("Llama-2-7b", A100)
    assert answer.fits is None
    assert answer.need_gb is None
    with pytest.raises(TypeError, match=r"\.fits"):
        bool(answer)
    unknown = overlaid(
        "models: {Our-Llama: {registry: ours, family: Llama, parameters: 1B, task: chat, source: us, asOf: 2026-11-20}}"
    )
    assert unknown.smallest_sizes(unknown.model("Our-Llama")) == ()


def test_a_published_pair_vouches_for_what_was_published_only() -> None:
    assert fits("Llama-2-7b", "Standard_NC12s_v3").fits
    assert fits("Llama-2-7b", "Standard_NC12s_v3", max_model_len=MAX_MODEL_LEN + 1).fits is None
    assert fits("Llama-2-7b", "Standard_NC12s_v3", sequences=2).fits is None
    assert fits("Llama-2-7b", "Standard_NC12s_v3", dtype="fp8").fits is None


def test_the_reason_has_both_figures() -> None:
    answer = fits(LLAMA_70B, A100)
    assert answer.reason == f"does not hold {LLAMA_70B}: 143.8 GB needed, 75.2 GB usable"
    assert (round(answer.need_gb or 0, 1), round(answer.usable_gb or 0, 1)) == (143.8, 75.2)


def test_fp16_weighs_what_bf16_does() -> None:
    for each in ARCHITECTURES:
        assert each.weights("fp16") == each.weights("bf16")


def test_an_image_is_counted_for_every_caller() -> None:
    vision, text = architecture_of("Llama-3.2-11B-Vision-Instruct"), architecture_of(LLAMA_8B)
    one, two = (needed_bytes(vision, dtype="bf16", sequences=each) for each in (1, 2))
    assert two - one == 8_192 * text.kv_bytes_per_token + 6_404 * 32_768


def test_tokens_beyond_the_context_are_not_counted() -> None:
    guard = architecture_of("Prompt-Guard-86M")
    llama = architecture_of("Meta-Llama-3-8B")
    assert needed_bytes(guard, dtype="bf16") == guard.parameters * 2
    assert needed_bytes(llama, dtype="bf16", max_model_len=1_000_000) == needed_bytes(llama, dtype="bf16")


@pytest.mark.parametrize("asked", [{"max_model_len": 0}, {"sequences": 0}, {"max_model_len": -1}])
def test_nonsense_is_an_error(asked: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="1 or more"):
        fits(LLAMA_8B, A100, **asked)


@given(
    st.sampled_from(ARCHITECTURES),
    st.sampled_from(["bf16", "fp16", "fp8"]),
    st.integers(1, 200_000),
    st.integers(1, 64),
)
def test_more_tokens_or_callers_never_need_less(architecture: Any, dtype: Any, tokens: int, callers: int) -> None:
    need = needed_bytes(architecture, dtype=dtype, max_model_len=tokens, sequences=callers)
    more = needed_bytes(architecture, dtype=dtype, max_model_len=tokens + 1, sequences=callers)
    assert architecture.weights(dtype) <= need <= more
    assert need <= needed_bytes(architecture, dtype=dtype, max_model_len=tokens, sequences=callers + 1)


def test_architectures_agree_with_the_facts(gpu_facts: Any) -> None:
    assert [each.name for each in ARCHITECTURES] == [fact["key"] for fact in gpu_facts["models"]]
    for each, fact in zip(ARCHITECTURES, gpu_facts["models"], strict=True):
        assert list(each.models) == fact["catalog_names"]
        assert each.parameters == fact["parameters"]
        assert each.kv_bytes_per_token == fact["kv_bytes_per_token_bf16"]
        assert each.max_context == fact["max_context"]
        assert (each.kv_layers, each.attention_heads, each.head_dim) == (
            fact["kv_layers"],
            fact["attention_heads"],
            fact["head_dim"],
        )
        published = set(fact.get("published_checkpoint_bytes", {}).values())
        assert set(each.checkpoints.values()) <= published
        for dtype, computed in (("bf16", fact["weights_bytes"]["bf16"]), ("fp8", fact["weights_bytes"]["fp8_pure"])):
            if dtype not in each.checkpoints and computed is not None:
                assert each.weights(dtype) == computed  # type: ignore[arg-type]  # a text of the table above
    defaults = gpu_facts["fit_rule"]["defaults"]
    assert (defaults["utilisation"], defaults["overhead_gib_per_gpu"]) == (UTILISATION, OVERHEAD_GIB)
