"""The environment of a command under `exec`: the caller's, redirected from Azure to the sandbox."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from azure_llama_sandbox import hosts
from azure_llama_sandbox.home import Home, Ports
from azure_llama_sandbox.identity import OWNER, Application, Identity, SignIn
from azure_llama_sandbox.world import SUBSCRIPTION, TENANT

PASSPHRASE = "azure-llama sandbox"  # noqa: S105 - see below
"""Encrypts the stacks of every sandbox. Not a secret, as the keys of a sandbox open nothing; and the same everywhere,
since Pulumi writes a salt that belongs to it into the checkout's stack file, where another sandbox meets it."""

_TAKEN = (
    # Who the caller is to Azure, by client: azure-identity, azd, Terraform and Pulumi, managed identities, DevOps, CI.
    *("AZURE_", "AZURESUBSCRIPTION_", "AZUREML_", "AZD_", "ARM_", "AAD_", "MSAL_", "ADAL_", "AZ_BATCH_"),
    *("MSI_", "IDENTITY_", "IMDS_", "DEFAULT_IDENTITY_", "OBO_", "SERVICEPRINCIPAL", "TENANTID", "IDTOKEN"),
    *("ACTIONS_ID_TOKEN_", "SYSTEM_ACCESSTOKEN", "SYSTEM_OIDC", "REGISTRY_DISCOVERY_ENDPOINT_URL", "MLFLOW_TRACKING_"),
    *("OPENAI_", "APPLICATIONINSIGHTS_", "APPINSIGHTS_"),
    # Whom Pulumi asks, and where it keeps things.
    "PULUMI_",
    # What would lead around the proxy, or trust another than our CA.
    *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "FTP_PROXY", "GRPC_PROXY", "NO_GRPC_PROXY"),
    *("REQUEST_METHOD", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_", "NODE_EXTRA_CA_CERTS"),
    "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH",
)
"""Beginnings of the names of variables that are taken away, whatever their case."""

_LEFT = (
    *("PULUMI_DEBUG_COMMANDS", "PULUMI_ENABLE_STREAMING_JSON_PREVIEW", "PULUMI_EXPERIMENTAL", "PULUMI_OPTION_"),
    *("PULUMI_SKIP_CONFIRMATIONS", "PULUMI_AUTOMATION_API_SKIP_VERSION_CHECK"),
    # Taken away, a command would act on the stack that is selected instead.
    "PULUMI_STACK",
)
"""Switches that only change how Pulumi behaves, and the name of the stack; the caller's own."""


_CA_VARIABLES = (
    *("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"),
    "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH",
)
"""By which clients find the file of the certificates that they trust."""


def scrubbed(caller: Mapping[str, str]) -> dict[str, str]:
    """The caller's environment without credentials of Azure, and without what leads to another Azure or backend."""
    return {
        name: value
        for name, value in caller.items()
        if not name.upper().startswith(_TAKEN) or name.upper().startswith(_LEFT)
    }


def variables(
    home: Home,
    identity: Identity,
    ports: Ports,
    *,
    path: Sequence[Path] = (),
    search_path: str | None = None,
    principal: Application | None = None,
    provider: int | None = None,
) -> dict[str, str]:
    """The variables that `exec` sets.

    Args:
        home, identity, ports: Required. The sandbox.
        path: Optional. Folders to be searched for commands first.
        search_path: Optional. The caller's PATH, which is searched after them.
        principal: Optional. Who signs in; the owner when None.
        provider: Optional. Port of the provider that is this principal's; the owner's when None. Not for a pipeline.
    """
    application = principal or identity.named(OWNER)
    result = {
        **_connections(home.ca, ports.proxy),
        "AZURE_SUBSCRIPTION_ID": SUBSCRIPTION,
        # Without the sign-ins of the caller (`az login`, `azd auth login`) and of the sandbox's other principals.
        "AZURE_CONFIG_DIR": str(home.azure_config / application.name),
        "AZD_CONFIG_DIR": str(home.azure_config / application.name),
        "ARM_SUBSCRIPTION_ID": SUBSCRIPTION,
        **credentials(application, identity, home, ports),
        # A pipeline's engine starts the provider itself, with the variables that the pipeline signs in by.
        **({} if application.federation else {"PULUMI_DEBUG_PROVIDERS": f"azure-native:{provider or ports.provider}"}),
        "PULUMI_BACKEND_URL": home.pulumi_state.as_uri(),
        "PULUMI_HOME": str(home.pulumi_home),
        "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
        "PULUMI_SKIP_UPDATE_CHECK": "1",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "1",
        "PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER": "1",
    }
    if path:
        result["PATH"] = os.pathsep.join([*map(str, path), *([search_path] if search_path else [])])
    return result


def _connections(ca: Path, proxy_port: int) -> dict[str, str]:
    """The variables by which clients connect through the proxy and trust its certificates."""
    proxy = f"http://{hosts.LOOPBACK[1]}:{proxy_port}"
    # gRPC obeys proxies too: without this the program could not reach the engine that runs it.
    direct = ",".join(reversed(hosts.LOOPBACK))
    return {
        **dict.fromkeys(("HTTPS_PROXY", "HTTP_PROXY", "https_proxy", "http_proxy"), proxy),
        **dict.fromkeys(("NO_PROXY", "no_proxy"), direct),
        "NODE_USE_ENV_PROXY": "1",
        **dict.fromkeys(_CA_VARIABLES, str(ca)),
    }


def credentials(application: Application, identity: Identity, home: Home, ports: Ports) -> dict[str, str]:
    """The variables by which clients sign in as a principal, as the place that it runs in would set them.

    Args:
        application: Required. Who.
        identity, home, ports: Required. The sandbox. A pipeline's token is left in a file of the home.
    """
    who = {
        "AZURE_TENANT_ID": TENANT,
        "AZURE_CLIENT_ID": application.client_id,
        "ARM_TENANT_ID": TENANT,
        "ARM_CLIENT_ID": application.client_id,
    }
    match application.sign_in:
        case SignIn.APPLICATION:
            return {**who, "AZURE_CLIENT_SECRET": application.secret, "ARM_CLIENT_SECRET": application.secret}
        case SignIn.MANAGED_IDENTITY:
            machine = {
                "IDENTITY_ENDPOINT": f"https://{hosts.LOOPBACK[1]}:{ports.arm}/msi/token",
                "IDENTITY_HEADER": application.secret,
            }
            return {**who, **machine, "ARM_USE_MSI": "true"}
        case SignIn.GITHUB | SignIn.AZURE_DEVOPS:
            return {**who, "ARM_USE_OIDC": "true", **_pipeline(application, identity, home)}


def _pipeline(application: Application, identity: Identity, home: Home) -> dict[str, str]:
    from azure_llama_sandbox import pipelines

    path = home.azure_config / f"{application.name}.jwt"
    home.write_private(path, pipelines.mint(identity, application))
    token = {"AZURE_FEDERATED_TOKEN_FILE": str(path)}
    if application.sign_in is SignIn.GITHUB:
        return {
            **token,
            "ACTIONS_ID_TOKEN_REQUEST_URL": pipelines.GITHUB_URL,
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN": application.secret,
        }
    return {
        **token,
        "SYSTEM_OIDCREQUESTURI": pipelines.DEVOPS_URL,
        "SYSTEM_ACCESSTOKEN": application.secret,
        "AZURESUBSCRIPTION_CLIENT_ID": application.client_id,
        "AZURESUBSCRIPTION_TENANT_ID": TENANT,
        "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID": pipelines.SERVICE_CONNECTION,
    }
