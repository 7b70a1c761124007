"""Checks whether a model fits a GPU size: memory and number formats.

No document of Azure says which sizes hold which Llama model, bar a few published pairs. The rule here is an estimate
that accepts those pairs; its two constants are assumptions, named as such.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from azure_llama.catalog.architectures import Architecture, Dtype
from azure_llama.catalog.gpu import GpuSize
from azure_llama.catalog.llama_models import Model

UTILISATION = 0.9
"""Assumption: the share of a GPU's memory that the inference engine takes (vLLM's default)."""

OVERHEAD_GIB = 2
"""Assumption: GiB of each GPU that activations and the CUDA context take."""

MAX_MODEL_LEN = 8_192
"""Assumption: tokens, prompt and answer, that a deployment must be able to hold for one caller."""

IMAGE_TOKENS = 6_404
"""Tokens of one image of four tiles, 1,601 a tile (computed from the vision tower's geometry)."""

CAPABILITY: Mapping[Dtype, float] = {"bf16": 8.0, "fp16": 7.0, "fp8": 8.9}
"""The lowest CUDA compute capability that computes in each format (NVIDIA NIM support matrix)."""


@dataclass(frozen=True)
class Fit:
    """Whether a model fits a size. It has no boolean value, since unknown is neither yes nor no: ask `fits`.

    Attributes:
        fits: True, False, or None when unknown.
        reason: Why, as the end of a sentence that begins with the size.
        need_gb: GB that the model needs; None when unknown or when memory did not decide.
        usable_gb: GB that the size has for it; None likewise.
    """

    fits: bool | None
    reason: str
    need_gb: float | None = None
    usable_gb: float | None = None

    def __bool__(self) -> bool:
        raise TypeError("A Fit may be unknown; ask for `.fits`, which is True, False or None.")


def usable_bytes(size: GpuSize) -> float:
    """Bytes of a size's GPU memory that weights and cache may take. GB are read as GiB, as GPUs report them."""
    gpus = max(size.gpus, 1)
    return float(gpus * (size.gpu_memory_gb * UTILISATION - OVERHEAD_GIB) * 2**30)


def needed_bytes(
    architecture: Architecture, *, dtype: Dtype, max_model_len: int = MAX_MODEL_LEN, sequences: int = 1
) -> int:
    """Bytes that a model takes: weights, cache of all tokens, and of one image for each caller of a vision model.

    Args:
        architecture: Required. The model's architecture.
        dtype: Required. Format of the weights.
        max_model_len: Optional. Tokens of one caller, 1 or more; never counted beyond the model's context.
        sequences: Optional. Callers at the same time, 1 or more.

    Raises:
        ValueError: a number is below 1.
    """
    if max_model_len < 1 or sequences < 1:
        raise ValueError(f"max_model_len is {max_model_len} and sequences {sequences}; give 1 or more of both.")
    tokens = min(max_model_len, architecture.max_context or max_model_len)
    each = tokens * architecture.kv_bytes_per_token + IMAGE_TOKENS * architecture.vision_bytes_per_token
    return architecture.weights(dtype) + sequences * each


def fits(
    model: Model,
    size: GpuSize,
    *,
    dtype: Dtype | None = None,
    max_model_len: int = MAX_MODEL_LEN,
    sequences: int = 1,
) -> Fit:
    """Whether one machine of a size can run a model.

    Args:
        model: Required. The model.
        size: Required. The GPU size.
        dtype: Optional. Format of the weights; that of the published ones when None.
        max_model_len: Optional. Tokens of one caller.
        sequences: Optional. Callers at the same time.

    Returns:
        Unknown for a model whose architecture is not in the catalogue.

    Raises:
        ValueError: a number is below 1.
    """
    as_published = dtype is None and max_model_len <= MAX_MODEL_LEN and sequences == 1
    if as_published and size.name in model.managed.sizes:
        return Fit(True, f"is published for {model.name} (source {model.managed.source})")
    architecture = model.architecture
    if architecture is None:
        return Fit(None, f"may or may not hold {model.name}: how much memory that takes is unknown")
    chosen = dtype or architecture.dtype
    unable = _unable(model, size, chosen) if chosen is not None else None
    if unable is not None:
        return Fit(False, unable)
    need = needed_bytes(architecture, dtype=chosen or "bf16", max_model_len=max_model_len, sequences=sequences) / 1e9
    usable = usable_bytes(size) / 1e9
    holds = need <= usable
    reason = f"{'holds' if holds else 'does not hold'} {model.name}: {need:.1f} GB needed, {usable:.1f} GB usable"
    return Fit(holds, reason, need, usable)


def _unable(model: Model, size: GpuSize, dtype: Dtype) -> str | None:
    """Why the GPUs of a size cannot run a model however much memory they have; None when they can."""
    if size.gpus < 1:
        return f"has only a part of a GPU, which no engine for {model.name} is known to run on"
    if size.compute_capability < CAPABILITY[dtype]:
        return (
            f"does not compute in {dtype}, the format of {model.name}: that takes compute capability "
            f"{CAPABILITY[dtype]}, and {size.gpu} has {size.compute_capability}"
        )
    return None


def smallest_sizes(model: Model, sizes: Iterable[GpuSize], max_model_len: int = MAX_MODEL_LEN) -> tuple[str, ...]:
    """The smallest size of each quota family that holds a model, those with the least GPU memory first.

    Only sizes that Azure ML lists for managed endpoints and that are not retired; empty when none holds it, and when
    its architecture is unknown.

    Args:
        model: Required. The model.
        sizes: Required. The sizes to choose from.
        max_model_len: Optional. Tokens of one caller.
    """
    served = [size for size in sizes if size.serves]
    holding = sorted(
        (size for size in served if fits(model, size, max_model_len=max_model_len).fits),
        key=lambda size: (size.total_gpu_memory_gb, size.vcpus, size.memory_gb or 0),
    )
    first: dict[str | None, str] = {}
    for size in holding:
        first.setdefault(size.quota_family, size.name)
    return tuple(first.values())
