"""The bodies of backends and named values (contract 2024-05-01)."""

from __future__ import annotations

from pydantic import Field

from azure_llama_sandbox.arm.contract import ABSENT, Strict


class StatusCodeRange(Strict):
    """`properties.circuitBreaker.rules[].failureCondition.statusCodeRanges[]`."""

    max: int = Field(ABSENT, ge=200, le=599)
    min: int = Field(ABSENT, ge=200, le=599)


class FailureCondition(Strict):
    """`properties.circuitBreaker.rules[].failureCondition`."""

    count: int = ABSENT
    error_reasons: list[str] = ABSENT
    interval: str = ABSENT
    percentage: int = ABSENT
    status_code_ranges: list[StatusCodeRange] = ABSENT


class BreakerRule(Strict):
    """`properties.circuitBreaker.rules[]`."""

    accept_retry_after: bool = ABSENT
    failure_condition: FailureCondition = ABSENT
    name: str = ABSENT
    trip_duration: str = ABSENT


class Breaker(Strict):
    """`properties.circuitBreaker`."""

    rules: list[BreakerRule] = ABSENT


class AuthorizationHeader(Strict):
    """`properties.credentials.authorization`."""

    parameter: str = Field(min_length=1, max_length=300)
    scheme: str = Field(min_length=1, max_length=100)


class Credentials(Strict):
    """`properties.credentials`."""

    authorization: AuthorizationHeader = ABSENT
    certificate: list[str] = ABSENT
    certificate_ids: list[str] = ABSENT
    header: dict[str, list[str]] = ABSENT
    query: dict[str, list[str]] = ABSENT


class PoolItem(Strict):
    """`properties.pool.services[]`."""

    id: str
    priority: int = Field(ABSENT, ge=0, le=100)
    weight: int = Field(ABSENT, ge=0, le=100)


class Pool(Strict):
    """`properties.pool`."""

    services: list[PoolItem] = ABSENT


class X509CertificateName(Strict):
    """`properties.properties.serviceFabricCluster.serverX509Names[]`."""

    issuer_certificate_thumbprint: str = ABSENT
    name: str = ABSENT


class ServiceFabricCluster(Strict):
    """`properties.properties.serviceFabricCluster`."""

    management_endpoints: list[str]
    client_certificate_id: str = ABSENT
    client_certificatethumbprint: str = ABSENT
    max_partition_resolution_retries: int = ABSENT
    server_certificate_thumbprints: list[str] = ABSENT
    server_x509_names: list[X509CertificateName] = ABSENT


class ServiceFabric(Strict):
    """`properties.properties`."""

    service_fabric_cluster: ServiceFabricCluster = ABSENT


class Proxy(Strict):
    """`properties.proxy`."""

    url: str = Field(min_length=1, max_length=2000)
    password: str = ABSENT
    username: str = ABSENT


class Tls(Strict):
    """`properties.tls`."""

    validate_certificate_chain: bool = ABSENT
    validate_certificate_name: bool = ABSENT


class BackendProperties(Strict):
    """`properties`."""

    circuit_breaker: Breaker = ABSENT
    credentials: Credentials = ABSENT
    description: str = Field(ABSENT, min_length=1, max_length=2000)
    pool: Pool = ABSENT
    properties: ServiceFabric = ABSENT
    protocol: str = ABSENT
    proxy: Proxy = ABSENT
    resource_id: str = Field(ABSENT, min_length=1, max_length=2000)
    title: str = Field(ABSENT, min_length=1, max_length=300)
    tls: Tls = ABSENT
    type: str = ABSENT
    url: str = Field(ABSENT, min_length=1, max_length=2000)


class BackendBody(Strict):
    """A PUT's body."""

    properties: BackendProperties = ABSENT


class KeyVaultReference(Strict):
    """`properties.keyVault`."""

    identity_client_id: str = ABSENT
    secret_identifier: str = ABSENT


class NamedValueProperties(Strict):
    """`properties`."""

    display_name: str = Field(min_length=1, max_length=256, pattern=r"^[A-Za-z0-9-._]+$")
    key_vault: KeyVaultReference = ABSENT
    secret: bool = ABSENT
    tags: list[str] = ABSENT
    value: str = Field(ABSENT, max_length=4096)


class NamedValueBody(Strict):
    """A PUT's body."""

    properties: NamedValueProperties = ABSENT
