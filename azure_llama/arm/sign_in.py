"""Selects the credential that azure-native would deploy with, from the same settings in the same order.

The order is that of the provider (`provider/pkg/provider/auth_azidentity.go` of pulumi/pulumi-azure-native): default
credential, client certificate, client secret, OIDC, managed identity, Azure CLI. The first that is configured is the
one; when it fails, the next is not tried. Each setting is read from the stack (`azure-native:<name>`), then from the
environment (`ARM_<NAME>`).
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from azure_llama.arm import clouds, oidc
from azure_llama.arm.clouds import Cloud
from azure_llama.arm.errors import ConfigurationError, SignInError

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential

NAMESPACE = "azure-native:"
_NOBODY = (
    "no identity is signed in: neither azure-native:* of the stack nor ARM_* variables say who to be, and the Azure CLI"
    " has no account. Run `az login`, or set azure-native:subscriptionId (ARM_SUBSCRIPTION_ID) and credentials"
)
_PATIENCE: Mapping[str, Any] = {"retry_total": 3, "retry_backoff_factor": 0.4, "connection_timeout": 10}
"""Of azure-identity's own requests: its defaults try for minutes."""

Read = Callable[[str, str], str]
"""A setting by its name in the stack and its variable; an empty text where it is not set."""


@dataclass(frozen=True)
class SignIn:
    """A principal, and the subscription that it works in.

    Attributes:
        method: Required. How it signs in, in words.
        cloud: Required. Where.
        subscription: Required. Id of the subscription; empty when no identity is signed in.
        make: Required. Makes the credential that signs in.
        tenant: Optional. Id of the tenant; empty when the method knows it by itself.
        client: Optional. Id of the application; empty likewise.
        secrets: Optional. What must never be seen.
        remediation: Optional. What to do when it fails.
    """

    method: str
    cloud: Cloud
    subscription: str
    make: Callable[[], TokenCredential] = field(repr=False)
    tenant: str = ""
    client: str = ""
    secrets: frozenset[str] = field(default=frozenset(), repr=False)
    remediation: str = "sign in again"


def sign_in(config: Mapping[str, str], environment: Mapping[str, str] | None = None) -> SignIn:
    """The sign-in that azure-native would use.

    Args:
        config: Required. Configuration of the stack, full key to text; only `azure-native:*` is read. Secrets in clear.
        environment: Optional. Variables; those of this process when None.

    Raises:
        ConfigurationError: what is configured is not whole; the text says what is missing.
        ArmError: the cloud's description cannot be read.
    """
    variables = os.environ if environment is None else environment

    def read(name: str, variable: str) -> str:
        return config.get(NAMESPACE + name) or variables.get(variable, "")

    cloud = _cloud(read)
    choose = (_default, _certificate, _secret, _oidc, _managed_identity)
    for method in choose:
        found = method(read, variables, cloud)
        if found is not None:
            return found
    return _azure_cli(read, cloud)


def _cloud(read: Read) -> Cloud:
    host = read("metadataHost", "ARM_METADATA_HOSTNAME")
    if host:
        return clouds.described(host)
    return clouds.named(read("environment", "ARM_ENVIRONMENT") or read("", "AZURE_ENVIRONMENT") or "public")


def _true(read: Read, name: str, variable: str) -> bool:
    return read(name, variable).casefold() == "true"


def _options(read: Read, cloud: Cloud) -> dict[str, Any]:
    tenants = read("auxiliaryTenantIds", "ARM_AUXILIARY_TENANT_IDS")
    try:
        more = json.loads(tenants) if tenants else []
    except ValueError:
        more = None
    if not isinstance(more, list):
        raise ConfigurationError(f"azure-native:auxiliaryTenantIds is {tenants!r}; it is a JSON list of tenant ids")
    return {
        **_PATIENCE,
        "authority": cloud.authority,
        "additionally_allowed_tenants": more,
        **({"disable_instance_discovery": True} if _without_discovery(read) else {}),
    }


def _without_discovery(read: Read) -> bool:
    return _true(read, "disableInstanceDiscovery", "ARM_DISABLE_INSTANCE_DISCOVERY")


def _need(method: str, read: Read, *names: tuple[str, str]) -> None:
    missing = [f"azure-native:{name} or {variable}" for name, variable in names if not read(name, variable)]
    if missing:
        raise ConfigurationError(f"signing in with {method} needs {', and '.join(missing)}")


_SUBSCRIPTION = ("subscriptionId", "ARM_SUBSCRIPTION_ID")
_TENANT = ("tenantId", "ARM_TENANT_ID")
_CLIENT = ("clientId", "ARM_CLIENT_ID")


def _default(read: Read, _: Mapping[str, str], cloud: Cloud) -> SignIn | None:
    if not _true(read, "useDefaultAzureCredential", "ARM_USE_DEFAULT_AZURE_CREDENTIAL"):
        return None
    method = "the default Azure credential"
    _need(method, read, _SUBSCRIPTION)

    def make() -> TokenCredential:
        from azure.identity import DefaultAzureCredential

        return DefaultAzureCredential(**_options(read, cloud))

    return SignIn(
        method, cloud, read(*_SUBSCRIPTION), make, remediation="sign in to one of the places that it looks at"
    )


def _certificate(read: Read, _: Mapping[str, str], cloud: Cloud) -> SignIn | None:
    path = read("clientCertificatePath", "ARM_CLIENT_CERTIFICATE_PATH")
    if not path:
        return None
    method = "a client certificate"
    _need(method, read, _SUBSCRIPTION, _TENANT, _CLIENT)
    password = read("clientCertificatePassword", "ARM_CLIENT_CERTIFICATE_PASSWORD")
    if not Path(path).is_file():
        raise ConfigurationError(f"azure-native:clientCertificatePath is {path!r}, and there is no such file")

    def make() -> TokenCredential:
        from azure.identity import CertificateCredential

        return CertificateCredential(
            read(*_TENANT), read(*_CLIENT), path, password=password or None, **_options(read, cloud)
        )

    return _application(method, read, cloud, make, {password}, "renew the certificate of the application")


def _secret(read: Read, _: Mapping[str, str], cloud: Cloud) -> SignIn | None:
    secret = read("clientSecret", "ARM_CLIENT_SECRET")
    if not secret:
        return None
    method = "a client secret"
    _need(method, read, _SUBSCRIPTION, _TENANT, _CLIENT)

    def make() -> TokenCredential:
        from azure.identity import ClientSecretCredential

        return ClientSecretCredential(read(*_TENANT), read(*_CLIENT), secret, **_options(read, cloud))

    remediation = "make a new secret (`az ad app credential reset --id <clientId>`) and set azure-native:clientSecret"
    return _application(method, read, cloud, make, {secret}, remediation)


def _oidc(read: Read, variables: Mapping[str, str], cloud: Cloud) -> SignIn | None:
    """With a token of the pipeline: GitHub, Azure DevOps, or any that is given."""
    if not _true(read, "useOidc", "ARM_USE_OIDC"):
        return None
    method = "a federated token (OIDC)"
    _need(method, read, _SUBSCRIPTION, _TENANT, _CLIENT)
    issue = oidc.issuer(read, variables)

    def make() -> TokenCredential:
        from azure.identity import ClientAssertionCredential

        return ClientAssertionCredential(read(*_TENANT), read(*_CLIENT), issue.fetch, **_options(read, cloud))

    remediation = "check the federated credential of the application: issuer, subject and audience; run the job again"
    return _application(f"{method} of {issue.what}", read, cloud, make, issue.secrets, remediation)


def _managed_identity(read: Read, _: Mapping[str, str], cloud: Cloud) -> SignIn | None:
    if not _true(read, "useMsi", "ARM_USE_MSI"):
        return None
    method = "a managed identity"
    _need(method, read, _SUBSCRIPTION)
    client = read(*_CLIENT)

    def make() -> TokenCredential:
        from azure.identity import ManagedIdentityCredential

        return ManagedIdentityCredential(client_id=client or None, **_PATIENCE)

    remediation = "run it where that identity is assigned, or leave azure-native:useMsi out"
    return SignIn(method, cloud, read(*_SUBSCRIPTION), make, read(*_TENANT), client, remediation=remediation)


def _azure_cli(read: Read, cloud: Cloud) -> SignIn:
    from azure_llama.arm import azure_cli

    configured, tenant = read(*_SUBSCRIPTION), read(*_TENANT)
    account = azure_cli.account(configured)
    subscription = str(account.get("id") or configured)
    cloud = _of_cli(read, cloud, str(account.get("environmentName") or ""))

    def make() -> TokenCredential:
        from azure.identity import AzureCliCredential

        if not subscription:
            raise SignInError(_NOBODY)
        return AzureCliCredential(tenant_id=tenant, subscription=subscription, process_timeout=azure_cli.LIMIT)

    tenant = tenant or str(account.get("tenantId") or "")
    return SignIn("the Azure CLI", cloud, subscription, make, tenant, remediation="az login")


def _of_cli(read: Read, cloud: Cloud, active: str) -> Cloud:
    """The cloud that the CLI is signed in to, unless another one is configured."""
    if not active or read("metadataHost", "ARM_METADATA_HOSTNAME"):
        return cloud
    found = clouds.find(active) or cloud
    configured = read("environment", "ARM_ENVIRONMENT") or read("", "AZURE_ENVIRONMENT")
    if configured and found != cloud:
        raise ConfigurationError(
            f"azure-native:environment is {configured!r}, and the Azure CLI is signed in to {active}: `az cloud set"
            " --name <cloud>` and `az login`, or leave azure-native:environment out"
        )
    return found


def _application(
    method: str,
    read: Read,
    cloud: Cloud,
    make: Callable[[], TokenCredential],
    secrets: set[str] | frozenset[str],
    remediation: str,
) -> SignIn:
    known = frozenset(secret for secret in secrets if secret)
    return SignIn(method, cloud, read(*_SUBSCRIPTION), make, read(*_TENANT), read(*_CLIENT), known, remediation)
