"""Every resource type and every special route of the sandbox's ARM."""

from __future__ import annotations

from collections.abc import Callable

from azure_llama_sandbox.arm import (
    authorization,
    billing,
    blob_containers,
    budgets,
    container_registry,
    guards,
    key_vault,
    key_vault_objects,
    locks,
    managed_identity,
    operations,
    policy_assignments,
    resource_groups,
    storage,
    subscriptions,
    template_operations,
    templates,
    verbs,
)
from azure_llama_sandbox.arm.api_management import apis, backends, loggers, products, services
from azure_llama_sandbox.arm.api_management import deleted as deleted_services
from azure_llama_sandbox.arm.calls import Answer, Call
from azure_llama_sandbox.arm.cognitive_services import (
    accounts,
    availability,
    deleted,
    deployments,
    projects,
    rai_policies,
    regional,
)
from azure_llama_sandbox.arm.errors import ArmError, not_played
from azure_llama_sandbox.arm.insights import Component
from azure_llama_sandbox.arm.kinds import Kind
from azure_llama_sandbox.arm.machine_learning import assets, deleted_workspaces, locations
from azure_llama_sandbox.arm.machine_learning.computes import Compute
from azure_llama_sandbox.arm.machine_learning.connections import Connection
from azure_llama_sandbox.arm.machine_learning.deployments import OnlineDeployment
from azure_llama_sandbox.arm.machine_learning.endpoints import OnlineEndpoint
from azure_llama_sandbox.arm.machine_learning.managed_network import OutboundRule
from azure_llama_sandbox.arm.machine_learning.marketplace import MarketplaceSubscription
from azure_llama_sandbox.arm.machine_learning.serverless import ServerlessEndpoint
from azure_llama_sandbox.arm.machine_learning.workspaces import Workspace
from azure_llama_sandbox.arm.monitor import alerts, autoscale
from azure_llama_sandbox.arm.monitor.diagnostic_settings import DiagnosticSetting
from azure_llama_sandbox.arm.network import private_dns, private_endpoints, virtual_networks
from azure_llama_sandbox.arm.network.security_groups import SecurityGroup
from azure_llama_sandbox.arm.operational_insights import LogWorkspace

Handler = Callable[[Call], Answer]

_KINDS: tuple[Kind, ...] = (
    resource_groups.ResourceGroup(),
    templates.TemplateDeployment(),
    storage.StorageAccount(),
    blob_containers.Container(),
    key_vault.Vault(),
    key_vault_objects.Key(),
    key_vault_objects.Secret(),
    managed_identity.UserAssignedIdentity(),
    container_registry.Registry(),
    accounts.Account(),
    deployments.Deployment(),
    rai_policies.RaiPolicy(),
    projects.Project(),
    projects.AccountConnection(),
    projects.ProjectConnection(),
    LogWorkspace(),
    Component(),
    DiagnosticSetting(),
    autoscale.AutoscaleSetting(),
    alerts.ActionGroup(),
    alerts.MetricAlert(),
    alerts.QueryRule(),
    budgets.Budget(),
    SecurityGroup(),
    services.Service(),
    loggers.Logger(),
    backends.NamedValue(),
    backends.Backend(),
    apis.Api(),
    apis.Operation(),
    apis.ApiPolicy(),
    loggers.Diagnostic(),
    products.Product(),
    products.ApiLink(),
    apis.ProductPolicy(),
    products.Subscription(),
    virtual_networks.VirtualNetwork(),
    virtual_networks.Subnet(),
    private_endpoints.PrivateEndpoint(),
    private_endpoints.ZoneGroup(),
    private_dns.Zone(),
    private_dns.Link(),
    authorization.RoleAssignment(),
    authorization.RoleDefinition(),
    locks.Lock(),
    policy_assignments.PolicyAssignment(),
    Workspace(),
    Connection(),
    Compute(),
    OutboundRule(),
    MarketplaceSubscription(),
    ServerlessEndpoint(),
    OnlineEndpoint(),
    OnlineDeployment(),
    *assets.KINDS,
)
verbs.KINDS.update({kind.type.lower(): kind for kind in _KINDS})

_ML = "microsoft.machinelearningservices"
_COGNITIVE = "microsoft.cognitiveservices"
_APIM = "microsoft.apimanagement"
_SUBSCRIPTIONS = "microsoft.resources/subscriptions"

# Method and type; a resource (not a collection or action) has /* at the end.
_ROUTES: dict[str, Handler] = {
    f"GET {_SUBSCRIPTIONS}": subscriptions.list_subscriptions,
    f"GET {_SUBSCRIPTIONS}/*": subscriptions.get_subscription,
    f"GET {_SUBSCRIPTIONS}/locations": subscriptions.list_locations,
    f"GET {_SUBSCRIPTIONS}/resources": resource_groups.list_resources,
    f"GET {_SUBSCRIPTIONS}/resourcegroups/resources": resource_groups.list_resources,
    "GET microsoft.resources/tenants": subscriptions.list_tenants,
    "GET microsoft.resources/providers": subscriptions.list_providers,
    "GET microsoft.resources/providers/*": subscriptions.get_provider,
    "POST microsoft.resources/providers/register": subscriptions.register,
    "POST microsoft.resources/providers/unregister": subscriptions.register,
    "POST microsoft.resources/deployments/validate": templates.validate,
    "GET microsoft.resources/deployments/operations": template_operations.list_operations,
    "GET microsoft.authorization/roledefinitions": authorization.list_definitions,
    "GET microsoft.authorization/roledefinitions/*": authorization.get_definition,
    "GET microsoft.authorization/roleassignments": authorization.list_assignments,
    "GET microsoft.authorization/permissions": authorization.list_permissions,
    "GET microsoft.billing/billingproperty/*": billing.get_property,
    "GET microsoft.billing/billingaccounts/billingprofiles/policies/*": billing.get_policies,
    "POST microsoft.storage/checknameavailability": storage.check_name,
    "POST microsoft.keyvault/checknameavailability": key_vault.check_name,
    f"GET {_ML}/deletedworkspaces": deleted_workspaces.list_deleted,
    "GET microsoft.storage/storageaccounts/blobservices/*": blob_containers.get_service,
    "POST microsoft.containerregistry/checknameavailability": container_registry.check_name,
    f"POST {_COGNITIVE}/checkdomainavailability": availability.check_domain,
    f"POST {_COGNITIVE}/locations/checkskuavailability": availability.check_skus,
    f"GET {_COGNITIVE}/modelcapacities": regional.list_capacities,
    f"GET {_COGNITIVE}/locations/modelcapacities": regional.list_capacities,
    f"GET {_COGNITIVE}/locations/models": regional.list_models,
    f"GET {_COGNITIVE}/locations/usages": regional.list_usages,
    f"GET {_COGNITIVE}/accounts/models": regional.list_account_models,
    f"GET {_COGNITIVE}/accounts/usages": regional.list_usages,
    f"GET {_COGNITIVE}/accounts/deployments/skus": deployments.list_skus,
    f"GET {_COGNITIVE}/accounts/raipolicies": rai_policies.list_policies,
    f"GET {_COGNITIVE}/accounts/raipolicies/*": rai_policies.get_policy,
    f"GET {_COGNITIVE}/deletedaccounts": deleted.list_deleted,
    f"GET {_COGNITIVE}/locations/resourcegroups/deletedaccounts/*": deleted.get_deleted,
    f"DELETE {_COGNITIVE}/locations/resourcegroups/deletedaccounts/*": deleted.purge,
    "GET microsoft.keyvault/deletedvaults": key_vault.list_deleted,
    "GET microsoft.keyvault/locations/deletedvaults/*": key_vault.get_deleted,
    "POST microsoft.keyvault/locations/deletedvaults/purge": key_vault.purge,
    f"POST {_APIM}/checknameavailability": services.check_name,
    f"GET {_APIM}/deletedservices": deleted_services.list_deleted,
    f"GET {_APIM}/locations/deletedservices/*": deleted_services.get_deleted,
    f"DELETE {_APIM}/locations/deletedservices/*": deleted_services.purge,
    f"GET {_ML}/locations/usages": locations.list_usages,
    f"GET {_ML}/locations/quotas": locations.list_quotas,
    f"GET {_ML}/locations/vmsizes": locations.list_sizes,
    f"POST {_ML}/locations/updatequotas": locations.update_quotas,
    f"GET {_ML}/workspaces/onlineendpoints/deployments/skus": locations.deployment_skus,
}
_VERBS = {"GET": verbs.get, "HEAD": verbs.get, "PUT": verbs.put, "PATCH": verbs.patch, "DELETE": verbs.delete}


def dispatch(call: Call) -> Answer:
    """Answer a request.

    Raises:
        ArmError: refused.
    """
    guards.require_subscription(call)
    id_ = call.id
    types = id_.type.lower()
    route = _ROUTES.get(f"{call.method} {types}{'/*' if id_.names_resource else ''}")
    holder = id_ if id_.names_resource else id_.parent
    kind = verbs.kind_of(id_)
    owner = kind or (verbs.kind_of(holder) if holder is not None else None)
    if owner is not None:
        call = call.about(guards.canonical(call.store, id_, tuple(owner.type.split("/"))))
    if route is not None:
        return route(call)
    if id_.names_resource and call.method == "GET" and id_.types[-1].lower() in operations.STATUS_TYPES:
        return operations.status(call)
    if id_.names_resource and call.method == "GET" and id_.types[-1].lower() in operations.RESULT_TYPES:
        return operations.result(call)
    if call.method == "POST" and not id_.names_resource:
        return verbs.act(call)
    if (
        call.method == "GET"
        and holder
        and owner
        and owner.link_groups
        and types.endswith("/privateendpointconnections")
    ):
        return verbs.list_links(call, holder)
    if kind is None:
        raise _unknown(call)
    if id_.names_resource and call.method in _VERBS:
        return _VERBS[call.method](call, kind)
    if call.method == "GET":
        return verbs.list_(call, kind)
    raise verbs.refuse_method(call)


def _unknown(call: Call) -> ArmError:
    return not_played(f"'{call.id.type}'")
