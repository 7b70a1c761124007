"""Development machines in the workspace."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from azure_llama.catalog import names
from azure_llama.settings import checks
from azure_llama.settings.base import StrictModel
from azure_llama.settings.values import Guid
from azure_llama.settings.wire import decides

COMPUTE = "machinelearningservices:Compute"

ComputeName = Annotated[str, AfterValidator(checks.named(names.COMPUTE))]
IdleMinutes = Annotated[int, AfterValidator(checks.between(15, 4320, "the minutes that an instance can be idle"))]

# The catalogue lists GPU sizes only, so any name of a size is valid here.
_size = checks.matching("Standard_[A-Za-z0-9_-]+", "is not the name of a VM size", "set one such as 'Standard_DS3_v2'")


class AssignedUserSettings(StrictModel):
    """The user of a compute instance.

    Attributes:
        object_id: Required. The user's object id in Entra ID.
        tenant_id: Required. The directory.
    """

    object_id: Guid = Field(description="the user's object id in Entra ID")
    tenant_id: Guid = Field(description="the id of the user's directory")


class ComputeInstanceSettings(StrictModel):
    """A development machine in the workspace.

    Attributes:
        vm_size: Required. Any VM size that Azure ML has in the region.
        idle_minutes: Optional. Minutes without work before it shuts down.
        assigned_user: Optional. Its user; the identity that deploys the stack when not set.
        public_ip: Optional. Whether it has a public address. Without one it needs a managed network.
    """

    vm_size: Annotated[str, AfterValidator(_size), decides("properties.properties.vmSize", COMPUTE)] = Field(
        description="a VM size, such as 'Standard_DS3_v2'"
    )
    idle_minutes: Annotated[IdleMinutes, decides("properties.properties.idleTimeBeforeShutdown", COMPUTE)] = 60
    assigned_user: Annotated[
        AssignedUserSettings | None, decides("properties.properties.personalComputeInstanceSettings", COMPUTE)
    ] = None
    public_ip: Annotated[bool, decides("properties.properties.enableNodePublicIp", COMPUTE)] = False
