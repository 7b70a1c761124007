"""Custom containers and scripts, instead of those that Azure runs for a model."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, Field, ValidationInfo, ValidatorFunctionWrapHandler

from azure_llama.settings import assets, checks, ids
from azure_llama.settings.base import StrictModel, relation
from azure_llama.settings.problems import Violation
from azure_llama.settings.wire import Wire, decides

ENVIRONMENT_VERSION = "machinelearningservices:EnvironmentVersion"
_image = checks.matching(
    r"([a-z0-9.-]+(:[0-9]+)?/)?[a-z0-9]+([._/-]+[a-z0-9]+)*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@sha256:[0-9a-f]{64})?",
    "is not the name of an image",
    "write it as <registry>/<repository>:<tag>",
)
_script = checks.matching(
    r"[^/\s][^\s]*\.py", "is not the relative path of a Python file", "set one such as 'score.py'"
)
Route = Annotated[str, AfterValidator(assets.absolute_path)]


class InferenceSettings(StrictModel):
    """The server in a container: its port, and the paths that Azure calls.

    Attributes:
        port: Required. The port that the server listens on.
        liveness: Optional. The path that answers 200 while the server runs.
        readiness: Optional. The path that answers 200 once the model is loaded.
        scoring: Optional. The path of requests: with `serves: score`, the path that `uri` ends with. All other paths
            reach the server as well.
    """

    port: Annotated[
        Annotated[int, AfterValidator(checks.between(1, 65535, "the ports"))],
        Wire("properties.inferenceConfig.livenessRoute.port"),
        Wire("properties.inferenceConfig.readinessRoute.port"),
        Wire("properties.inferenceConfig.scoringRoute.port"),
    ] = Field(description="the port that the server listens on, such as 8000")
    liveness: Annotated[Route, Wire("properties.inferenceConfig.livenessRoute.path")] = "/health"
    readiness: Annotated[Route, Wire("properties.inferenceConfig.readinessRoute.path")] = "/health"
    scoring: Annotated[Route, Wire("properties.inferenceConfig.scoringRoute.path")] = "/score"


class EnvironmentSettings(StrictModel):
    """A container in place of the model's own.

    Attributes:
        id: Conditional. Id of an environment that exists: of a registry, or `azureml:NAME:VERSION` of the workspace.
            `environment: ID` is short for it. It cannot be combined with the others.
        image: Conditional. The image, with its tag or digest. The stack creates an environment of the workspace from
            it, named after the endpoint and the deployment. Required unless `id` is set.
        inference: Conditional. The server in the image. Required with `image`, unless `codeConfiguration` is set.
    """

    wire_resource: ClassVar[str] = ENVIRONMENT_VERSION

    id: Annotated[
        Annotated[str, AfterValidator(assets.environment), ids.Refers("an environment", "environment")] | None,
        decides("properties.environmentId", "machinelearningservices:OnlineDeployment"),
    ] = None
    image: Annotated[Annotated[str, AfterValidator(_image)] | None, Wire("properties.image")] = None
    inference: InferenceSettings | None = None

    @relation
    def _is_named_or_stated(self) -> Iterator[Violation]:
        if self.id is None and self.image is None:
            yield Violation("names no container", "set id, or image and inference", shown="")
        for key in ("image", "inference") if self.id is not None else ():
            if key in self.set_keys():
                yield Violation("cannot be combined with id", "remove one of them", at=(key,), shown="")


def as_environment(value: Any, handler: ValidatorFunctionWrapHandler, _: ValidationInfo) -> Any:
    """An environment of its id alone, or the map that states one."""
    return (
        EnvironmentSettings.model_construct({"id"}, id=assets.environment(value))
        if isinstance(value, str)
        else handler(value)
    )


class CodeSettings(StrictModel):
    """A script of your own, which Azure's inference server runs on `/score`.

    Attributes:
        code: Required. Id of the code asset: `azureml:NAME:VERSION` of the workspace, or its ARM id.
        scoring_script: Required. Path of the script in it.
    """

    code: Annotated[
        Annotated[str, AfterValidator(assets.of_workspace("codes")), ids.Refers("a code asset", "code")],
        decides("properties.codeConfiguration.codeId"),
    ] = Field(description="the id of the code asset, such as 'azureml:my-code:1'")
    scoring_script: Annotated[
        Annotated[str, AfterValidator(_script)], Wire("properties.codeConfiguration.scoringScript")
    ] = Field(description="the path of the script, such as 'score.py'")
