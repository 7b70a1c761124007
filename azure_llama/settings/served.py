"""The model that a deployment serves: from a registry, from a workspace, or in its container."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, WrapValidator

from azure_llama.catalog import Model
from azure_llama.catalog.llama_models import ModelReference
from azure_llama.catalog.serving import Serving, serving
from azure_llama.catalog.workspace_assets import WorkspaceAsset, parse_workspace_asset
from azure_llama.settings import assets, checks, ids
from azure_llama.settings.base import CatalogModel, relation
from azure_llama.settings.containers import CodeSettings, EnvironmentSettings, as_environment
from azure_llama.settings.problems import Violation
from azure_llama.settings.wire import Wire, decides

_version = checks.matching("[0-9]{1,9}", "is not a version: registries use whole numbers", "set one such as '4'")
_name = checks.matching(r"[^\s]{1,256}", "is not the name of a model", "set one without blanks")
_MODEL = "a model of the catalogue, such as 'Meta-Llama-3.1-8B-Instruct'"

ManagedModel = Annotated[str, AfterValidator(assets.managed_model), ids.Refers("a model", "model")]
ModelVersion = Annotated[str, AfterValidator(_version)]


class ServedSettings(CatalogModel):
    """The model that a deployment serves.

    Attributes:
        model: Conditional. A model of the catalogue by its name; one of another registry by its asset id without
            `/versions/N`; or one of the workspace, `azureml:NAME:VERSION` or its ARM id. Required unless
            `environment` is set, whose container then brings the model along.
        model_version: Conditional. The model's version, an integer in quotes. Required where the catalogue knows none,
            which includes every model of another publisher; otherwise the newest known. Not for a model of the
            workspace, whose id has it.
        base: Optional. The model of the catalogue that yours was made from: what is known of it is used for sizes,
            rules and clients. Not for a model of the catalogue.
        model_name: Conditional. What callers send as `model`: what the server calls it. The model's name when not set.
            Required without `model`.
        model_mount_path: Optional. Where the container finds the model's files. Only with `model` and `environment`.
        environment: Optional. A container of your own in place of the model's: the id of an environment, or a map.
        code_configuration: Optional. A script of your own in `environment`, which Azure's inference server runs.
        packaged_model: Conditional. Whether `environment` is a packaged model: image and weights in one. Only with
            the id of an `environment`.
        serves: Optional. What answers: `openai` for `/v1/chat/completions` and `/v1/completions`, `score` for the path
            of `uri` alone. `score` with `code_configuration`; the catalogue's when not set, where it knows the model.
    """

    model: Annotated[ManagedModel | None, Wire("properties.model")] = Field(default=None, description=_MODEL)
    model_version: Annotated[ModelVersion | None, decides("properties.model")] = None
    base: Annotated[
        Annotated[str, AfterValidator(assets.base_model)] | None, decides("properties.properties.azureLlamaBase")
    ] = None
    model_name: Annotated[str, AfterValidator(_name)] | None = None
    model_mount_path: Annotated[
        Annotated[str, AfterValidator(assets.absolute_path)] | None, Wire("properties.modelMountPath")
    ] = None
    environment: Annotated[
        EnvironmentSettings | None, WrapValidator(as_environment), decides("properties.environmentId")
    ] = None
    code_configuration: CodeSettings | None = None
    packaged_model: Annotated[bool, decides("properties.model")] = False
    serves: Literal["openai", "score"] | None = None

    @relation
    def _something_is_served(self) -> Iterator[Violation]:
        if self.model is not None:
            return
        if self.environment is None:
            remedy = f"set {_MODEL}, or environment for a container that brings its own"
            yield Violation("is missing", remedy, at=("model",), shown="")
        elif self.model_name is None:
            rule = "is missing: without model, nothing says what callers send as 'model'"
            yield Violation(rule, "set the name that the container's server has for it", at=("modelName",), shown="")

    @relation
    def _version_is_known(self) -> Iterator[Violation]:
        if self.workspace_model is not None and self.model_version is not None:
            yield Violation("cannot be combined with a model of the workspace", "remove it", at=("modelVersion",))
        known = self.reference.model or self.reference.asset
        if self.model_version is not None or known is None or (self.reference.model and self.reference.model.versions):
            return
        remedy = f"look it up in the registry {known.registry} and set it here, in quotes"
        rule = f"is missing, and no version of {known.name} is known"
        yield Violation(rule, remedy, at=("modelVersion",), shown="")

    @relation
    def _base_is_of_another_model(self) -> Iterator[Violation]:
        if self.base is not None and self.reference.model is not None:
            rule = f"cannot be combined with {self.reference.model.name}, which is in the catalogue itself"
            yield Violation(rule, "remove it", at=("base",))

    @relation
    def _path_is_of_a_container(self) -> Iterator[Violation]:
        missing = [key for key in ("model", "environment") if key not in self.set_keys()]
        if self.model_mount_path is not None and missing:
            yield Violation(f"requires {missing[0]}", f"set {missing[0]}, or remove it", at=("modelMountPath",))

    @relation
    def _package_has_an_environment(self) -> Iterator[Violation]:
        if self.packaged_model and (self.environment is None or self.environment.id is None):
            rule = "requires environment" if self.environment is None else "requires the id of an environment"
            yield Violation(
                rule, "set environment to the packaged model's, or remove packagedModel", at=("packagedModel",)
            )

    @relation
    def _container_is_complete(self) -> Iterator[Violation]:
        own, code = self.environment, self.code_configuration
        if code is not None and own is None:
            remedy = "set the environment that the script runs in, or remove it"
            yield Violation("requires environment", remedy, at=("codeConfiguration",), shown="")
        if own is not None and own.id is None and own.image and own.inference is None and code is None:
            rule = "is missing: Azure calls the server in the image by its port and paths"
            yield Violation(
                rule, "set inference with port, or codeConfiguration", at=("environment", "inference"), shown=""
            )

    @relation
    def _script_answers_score(self) -> Iterator[Violation]:
        if self.code_configuration is not None and self.serves == "openai":
            rule = "cannot be openai with codeConfiguration: Azure's inference server answers /score alone"
            yield Violation(rule, "set score, or remove it", at=("serves",), shown="")

    @cached_property
    def reference(self) -> ModelReference:
        """The value of `model`: a model of the catalogue, the asset id of another one, or neither."""
        return self._catalog.reference(self.model) if self.model else ModelReference(self.model_name or "", None, None)

    @property
    def workspace_model(self) -> WorkspaceAsset | None:
        """The model of a workspace that `model` names."""
        return parse_workspace_asset(self.model, "models") if self.model else None

    @property
    def catalog_model(self) -> Model | None:
        """The entry of the model, or of its base, in the catalogue; None where there is none."""
        return self.reference.model or (self._catalog.find_model(self.base) if self.base else None)

    @property
    def serving(self) -> Serving:
        """The routes that it answers."""
        return serving(self.catalog_model, self.serves, scripted=self.code_configuration is not None)
