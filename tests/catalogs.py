"""Catalogues for tests: the package's own, and those with an overlay."""

from __future__ import annotations

from azure_llama.catalog import Catalog, GpuSize
from azure_llama.catalog.overlay import FILE
from azure_llama.catalog.overlay.reading import parse, understood

PACKAGE = Catalog.package()

NEW_SIZE = "vcpus: 24, gpu: NVIDIA B300, gpus: 1, gpuMemoryGb: 288, computeCapability: 10.3, infiniband: false"
"""What an overlay needs to state of a new GPU size, beside source and date."""


def overlaid(text: str) -> Catalog:
    """The catalogue of a project whose llama-catalog.yaml has a text."""
    return Catalog(understood(parse(text, FILE)))


def gpu_size(name: str, catalog: Catalog = PACKAGE) -> GpuSize:
    """A GPU size that a catalogue has."""
    size = catalog.find_gpu_size(name)
    assert size is not None
    return size
