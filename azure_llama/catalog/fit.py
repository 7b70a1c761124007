"""Whether a model fits a GPU size: the memory rule and the gate of number formats.

No document of Azure says which sizes hold which Llama model, bar a few published pairs. The rule here is an estimate
that accepts those pairs; its two constants are assumptions, named as such.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from azure_llama.catalog.gpu import GpuSize, find_gpu_size, gpu_sizes
from azure_llama.catalog.llama_models import Model, find_model
from azure_llama.catalog.rows import remembered, rows

Dtype = Literal["bf16", "fp16", "fp8"]

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

_BYTES: Mapping[Dtype, int] = {"bf16": 2, "fp16": 2, "fp8": 1}
_KV_BYTES = 2  # the cache stays in 16 bits unless the engine is told otherwise, FP8 weights or not


@dataclass(frozen=True)
class Architecture:
    """What decides how much memory a model needs.

    Attributes:
        name: Of the architecture, which several models share.
        models: Names of those models.
        parameters: Their number.
        dtype: The format of the published weights; None for an encoder, which runs in any.
        checkpoints: Bytes of the published weights by format, where somebody weighed them.
        kv_layers: Layers that keep keys and values of every token; 0 for an encoder.
        attention_heads: Heads that the GPUs share out among themselves.
        kv_heads: Heads of keys and values.
        head_dim: Numbers of one head.
        max_context: Tokens; None when unknown.
        vision_bytes_per_token: Bytes of cross-attention cache of one token of an image.
        note: What else to know.
        source: Key of the source.
        as_of: Its date.
    """

    name: str
    models: tuple[str, ...]
    parameters: int
    dtype: Dtype | None
    checkpoints: Mapping[str, int]
    kv_layers: int
    attention_heads: int
    kv_heads: int
    head_dim: int
    max_context: int | None
    vision_bytes_per_token: int
    note: str | None
    source: str
    as_of: str

    @property
    def kv_bytes_per_token(self) -> int:
        """Bytes of cache of one token, in 16 bits: keys and values of every layer."""
        return 2 * self.kv_layers * self.kv_heads * self.head_dim * _KV_BYTES

    def weights(self, dtype: Dtype) -> int:
        """Bytes of its weights in a format: as published where known, else parameters times their width."""
        weighed = "bf16" if dtype == "fp16" else dtype
        return self.checkpoints.get(weighed, self.parameters * _BYTES[dtype])


@dataclass(frozen=True)
class Fit:
    """Whether a model fits a size. It has no truth value, since unknown is neither yes nor no: ask `fits`.

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


@remembered
def architectures() -> tuple[Architecture, ...]:
    """All architectures that are known."""
    return tuple(Architecture(**row | {"models": tuple(row["models"])}) for row in rows("architectures"))


@remembered
def _by_model() -> dict[str, Architecture]:
    return {name.casefold(): each for each in architectures() for name in each.models}


def find_architecture(model: str) -> Architecture | None:
    """The architecture of a model of the catalogue, by name; None when unknown."""
    return _by_model().get(model.casefold())


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
    model: Model | str,
    size: GpuSize | str,
    *,
    dtype: Dtype | None = None,
    max_model_len: int = MAX_MODEL_LEN,
    sequences: int = 1,
) -> Fit:
    """Whether one machine of a size can run a model.

    Args:
        model: Required. A model, or its name or asset id.
        size: Required. A GPU size, or its name.
        dtype: Optional. Format of the weights; that of the published ones when None.
        max_model_len: Optional. Tokens of one caller.
        sequences: Optional. Callers at the same time.

    Returns:
        Unknown for a model or a size that is not in the catalogue, and for a model whose architecture is not.

    Raises:
        ValueError: a number is below 1.
    """
    found = find_model(model) if isinstance(model, str) else model
    machine = find_gpu_size(size) if isinstance(size, str) else size
    if found is None:
        return Fit(None, f"may or may not hold {model}: the catalogue does not have that model")
    if machine is None:
        return Fit(None, f"is not in the catalogue, so whether it holds {found.name} is unknown")
    as_published = dtype is None and max_model_len <= MAX_MODEL_LEN and sequences == 1
    if as_published and machine.name in found.managed.sizes:
        return Fit(True, f"is published for {found.name} (source {found.managed.source})")
    architecture = find_architecture(found.name)
    if architecture is None:
        return Fit(None, f"may or may not hold {found.name}: how much memory that takes is unknown")
    chosen = dtype or architecture.dtype
    if chosen is not None and machine.gpus < 1:
        return Fit(False, f"has a share of a GPU only, which no engine for {found.name} is known to run on")
    if chosen is not None and machine.compute_capability < CAPABILITY[chosen]:
        return Fit(
            False,
            f"does not compute in {chosen}, the format of {found.name}: that takes compute capability "
            f"{CAPABILITY[chosen]}, and {machine.gpu} has {machine.compute_capability}",
        )
    need = needed_bytes(architecture, dtype=chosen or "bf16", max_model_len=max_model_len, sequences=sequences) / 1e9
    usable = usable_bytes(machine) / 1e9
    holds = need <= usable
    reason = f"{'holds' if holds else 'does not hold'} {found.name}: {need:.1f} GB needed, {usable:.1f} GB usable"
    return Fit(holds, reason, need, usable)


def smallest_sizes(model: Model | str) -> tuple[str, ...]:
    """The smallest size of each quota family that holds a model, those with the least GPU memory first.

    Only sizes that Azure ML lists for managed endpoints and that are not retired; empty when none holds it, and when
    nothing is known of it.
    """
    served = [size for size in gpu_sizes() if size.managed_online and size.lifecycle == "current"]
    holding = sorted(
        (size for size in served if fits(model, size).fits),
        key=lambda size: (size.total_gpu_memory_gb, size.vcpus, size.memory_gb or 0),
    )
    first: dict[str | None, str] = {}
    for size in holding:
        first.setdefault(size.quota_family, size.name)
    return tuple(first.values())
