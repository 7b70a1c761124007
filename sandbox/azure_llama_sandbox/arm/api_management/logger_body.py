"""The bodies of loggers and diagnostics (contract 2024-05-01)."""

from __future__ import annotations

from pydantic import Field

from azure_llama_sandbox.arm.contract import ABSENT, Strict


class LoggerProperties(Strict):
    """`properties`."""

    logger_type: str
    credentials: dict[str, str] = ABSENT
    description: str = Field(ABSENT, max_length=256)
    is_buffered: bool = ABSENT
    resource_id: str = ABSENT


class LoggerBody(Strict):
    """A PUT's body."""

    properties: LoggerProperties = ABSENT


class BodyDiagnosticSettings(Strict):
    """`properties.backend.request.body`."""

    bytes: int = Field(ABSENT, le=8192)


class DataMaskingEntity(Strict):
    """`properties.backend.request.dataMasking.headers[]`."""

    mode: str = ABSENT
    value: str = ABSENT


class DataMasking(Strict):
    """`properties.backend.request.dataMasking`."""

    headers: list[DataMaskingEntity] = ABSENT
    query_params: list[DataMaskingEntity] = ABSENT


class HttpMessageDiagnostic(Strict):
    """`properties.backend.request`."""

    body: BodyDiagnosticSettings = ABSENT
    data_masking: DataMasking = ABSENT
    headers: list[str] = ABSENT


class PipelineDiagnosticSettings(Strict):
    """`properties.backend`."""

    request: HttpMessageDiagnostic = ABSENT
    response: HttpMessageDiagnostic = ABSENT


class SamplingSettings(Strict):
    """`properties.sampling`."""

    percentage: int = Field(ABSENT, ge=0, le=100)
    sampling_type: str = ABSENT


class DiagnosticProperties(Strict):
    """`properties`."""

    logger_id: str
    always_log: str = ABSENT
    backend: PipelineDiagnosticSettings = ABSENT
    frontend: PipelineDiagnosticSettings = ABSENT
    http_correlation_protocol: str = ABSENT
    log_client_ip: bool = ABSENT
    metrics: bool = ABSENT
    operation_name_format: str = ABSENT
    sampling: SamplingSettings = ABSENT
    verbosity: str = ABSENT


class DiagnosticBody(Strict):
    """A PUT's body."""

    properties: DiagnosticProperties = ABSENT
