from __future__ import annotations

from azure_llama.catalog import limits


def test_figures_that_disagree_keep_both() -> None:
    tokens = limits.SERVERLESS_TOKENS_PER_MINUTE
    assert (tokens.low, tokens.high) == (200_000, 400_000)
    assert limits.SERVERLESS_ENDPOINTS_PER_MODEL.low == limits.SERVERLESS_ENDPOINTS_PER_MODEL.high == 1


def test_gpu_families_start_empty() -> None:
    assert limits.GPU_FAMILY_CORES.high == 0
