"""Stores the keys of an endpoint as secrets of a key vault."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

import pulumi
from pulumi import ComponentResource, Output, ResourceOptions
from pulumi_azure_native import keyvault

from azure_llama_components import names

CONTENT_TYPE = "application/x-azure-ml-endpoint-key"
"""What the secrets say of themselves: a key that callers of an endpoint send as `Bearer`."""


@dataclass(frozen=True, kw_only=True)
class EndpointSecretsArgs:
    """Arguments of the secrets of an endpoint.

    Attributes:
        endpoint_name: Required. Part of the secrets' names: `<endpoint>-primary-key`, `<endpoint>-secondary-key`.
        keys: Required. primary and secondary, as one secret.
        vault_name: Required. Name of the key vault.
        resource_group_name: Required. Its resource group.
        expires_on: Required. The day on which the secrets expire, at 00:00 UTC. The keys themselves do not.
        depends_on: Optional. What has to be there first, such as the vault.
        deleted_with: Optional. The vault, where this program makes it: its secrets then go with it. Otherwise
            azure-native deletes a secret at the vault itself, which takes the role Key Vault Secrets Officer there.
        tags: Optional. On each secret.
    """

    endpoint_name: str
    keys: Output[dict[str, str | None]]
    vault_name: pulumi.Input[str]
    resource_group_name: pulumi.Input[str]
    expires_on: date
    depends_on: Sequence[pulumi.Resource] = ()
    deleted_with: pulumi.Resource | None = None
    tags: Mapping[str, str] = field(default_factory=dict)


class EndpointSecrets(ComponentResource):
    """The two keys of an endpoint in a key vault, with content type and expiry.

    A key that is regenerated in Azure reaches the vault with the next `pulumi up`.

    Attributes:
        resources: primary and secondary: the secrets themselves.
        outputs: primary, secondary: the names of the secrets, not their values.
    """

    def __init__(self, name: str, args: EndpointSecretsArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("azure-llama:index:EndpointSecrets", name, {}, opts)
        expires = int(datetime.combine(args.expires_on, time(), UTC).timestamp())
        self.resources = {key: self._secret(name, key, args, expires) for key in ("primary", "secondary")}
        self.outputs: dict[str, Any] = {key: names.secret_name(args.endpoint_name, key) for key in self.resources}
        self.register_outputs(self.outputs)

    def _secret(self, name: str, key: str, args: EndpointSecretsArgs, expires: int) -> keyvault.Secret:
        keys: Output[dict[str, str | None]] = Output.secret(args.keys)
        value: Output[str | None] = keys.apply(lambda known: known[key])
        return keyvault.Secret(
            f"{name}-{key}",
            secret_name=names.secret_name(args.endpoint_name, key),
            vault_name=args.vault_name,
            resource_group_name=args.resource_group_name,
            tags=dict(args.tags),
            properties=keyvault.SecretPropertiesArgs(
                value=value,
                content_type=CONTENT_TYPE,
                attributes=keyvault.SecretAttributesArgs(enabled=True, expires=expires),
            ),
            opts=ResourceOptions(
                parent=self,
                depends_on=list(args.depends_on),
                deleted_with=args.deleted_with,
                delete_before_replace=False,
            ),
        )
