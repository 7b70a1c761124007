"""The properties that determine a model's memory: the number of parameters and the geometry of its attention."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from azure_llama.catalog.rows import Row

Dtype = Literal["bf16", "fp16", "fp8"]

_BYTES: Mapping[Dtype, int] = {"bf16": 2, "fp16": 2, "fp8": 1}
_KV_BYTES = 2  # the cache stays in 16 bits unless the engine is configured otherwise, FP8 weights or not


@dataclass(frozen=True)
class Architecture:
    """The properties that determine a model's memory.

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


def build(rows: Iterable[Row]) -> tuple[Architecture, ...]:
    """The architectures of a catalogue's rows."""
    return tuple(Architecture(**row | {"models": tuple(row["models"])}) for row in rows)
