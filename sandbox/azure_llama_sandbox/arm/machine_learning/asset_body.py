"""Bodies of the PUTs of assets in a workspace (2025-12-01, as the official client states them)."""

from __future__ import annotations

from typing import Literal

from azure_llama_sandbox.arm.contract import ABSENT, Strict


class _Asset(Strict):
    description: str = ABSENT
    is_archived: bool = ABSENT
    properties: dict[str, str] = ABSENT
    tags: dict[str, str] = ABSENT


class ContainerBody(Strict):
    """A container of versions."""

    properties: _Asset


class _Version(_Asset):
    is_anonymous: bool = ABSENT


class Route(Strict):
    """One of `inferenceConfig`'s routes."""

    path: str
    port: int


class InferenceConfig(Strict):
    """`inferenceConfig`."""

    liveness_route: Route = ABSENT
    readiness_route: Route = ABSENT
    scoring_route: Route = ABSENT
    startup_route: Route = ABSENT


class BuildContext(Strict):
    """`build`."""

    context_uri: str
    dockerfile_path: str = ABSENT


class EnvironmentProperties(_Version):
    """`properties` of a version of an environment."""

    auto_rebuild: Literal["Disabled", "OnBaseImageUpdate"] = ABSENT
    build: BuildContext = ABSENT
    conda_file: str = ABSENT
    image: str = ABSENT
    inference_config: InferenceConfig = ABSENT
    os_type: Literal["Linux", "Windows"] = ABSENT
    stage: str = ABSENT


class EnvironmentBody(Strict):
    """A version of an environment."""

    properties: EnvironmentProperties


class Flavor(Strict):
    """One of `flavors`."""

    data: dict[str, str] = ABSENT


class ModelProperties(_Version):
    """`properties` of a version of a model."""

    flavors: dict[str, Flavor] = ABSENT
    job_name: str = ABSENT
    model_type: str = ABSENT
    model_uri: str = ABSENT
    stage: str = ABSENT


class ModelBody(Strict):
    """A version of a model."""

    properties: ModelProperties


class CodeProperties(_Version):
    """`properties` of a version of code."""

    code_uri: str = ABSENT


class CodeBody(Strict):
    """A version of code."""

    properties: CodeProperties
