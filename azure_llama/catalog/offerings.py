"""The routes on which Azure offers a model: serverless endpoints, managed compute and Foundry resources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Route(StrEnum):
    """A way to deploy a model, as messages name it."""

    SERVERLESS = "a serverless endpoint"
    FOUNDRY = "a deployment on a Microsoft Foundry resource"
    MANAGED = "a deployment on managed compute"


@dataclass(frozen=True)
class MinSpec:
    """The smallest machine that a registry's spec allows.

    Attributes:
        vcpus: Virtual CPUs.
        gpus: GPUs.
        memory_gb: GB of main memory.
        disk_gb: GB of local disk.
    """

    vcpus: int
    gpus: int
    memory_gb: int
    disk_gb: int


@dataclass(frozen=True)
class Offer:
    """The model's offer in Azure Marketplace; ARM never asks for it. None means unknown."""

    publisher: str | None
    offer: str | None
    plan: str | None
    source: str


@dataclass(frozen=True)
class Serverless:
    """The model as a serverless endpoint.

    Attributes:
        offered: Whether a new endpoint could be expected on the day that the facts were gathered; None when unknown.
        tables: The region tables that Microsoft published, each by the day that it holds from; a table that does not
            list the model is an empty set.
        fine_tuning: Regions of serverless fine-tuning, of the last table that lists the model.
        billing_countries: Where the paying account may be; None when unknown.
        offer: The marketplace offer; None when unknown.
        source: Key of the source.
        as_of: Its date.
    """

    offered: bool | None
    tables: Mapping[date, frozenset[str]]
    fine_tuning: tuple[str, ...]
    billing_countries: str | None
    offer: Offer | None
    source: str
    as_of: str


@dataclass(frozen=True)
class Managed:
    """The model on managed compute.

    Attributes:
        available: What the source said on its own day; None when unknown.
        sizes: The VM sizes that a document or a sample names; empty when none does.
        min_spec: The smallest machine; None when unknown.
        engines: The inference engines of the model's image; None when unknown.
        shared_quota: Whether Azure's shared quota for tests serves it; None when unknown.
        replicas: Copies that one VM of a size runs, with `Default` for the others; None when unknown.
        fine_tuning: Whether it can be fine-tuned on managed compute; None when unknown.
        fine_tuning_tasks: Tasks to fine-tune it for.
        fine_tuning_sizes: The VM sizes for that.
        fine_tuning_min_spec: The smallest machine for that; None when unknown.
        source: Key of the source.
        as_of: Its date.
    """

    available: bool | None
    sizes: tuple[str, ...]
    min_spec: MinSpec | None
    engines: tuple[str, ...] | None
    shared_quota: bool | None
    replicas: Mapping[str, int] | None
    fine_tuning: bool | None
    fine_tuning_tasks: tuple[str, ...]
    fine_tuning_sizes: tuple[str, ...]
    fine_tuning_min_spec: MinSpec | None
    source: str
    as_of: str


@dataclass(frozen=True)
class Foundry:
    """The model on a Foundry resource (another resource provider), where Azure sells it there."""

    deployment_type: str
    sold_by: str
    source: str
