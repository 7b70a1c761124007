"""Rows of Microsoft.ApiManagement."""

from __future__ import annotations

from azure_llama_sandbox.provider.resource_type import Autoname, ResourceType
from azure_llama_sandbox.provider.resource_types.common import GROUP, READ_ONLY, inner
from azure_llama_sandbox.provider.shapes import shape
from azure_llama_sandbox.provider.validation import Limit

_SERVICE = GROUP + "/providers/Microsoft.ApiManagement/service/{serviceName}"
_VERSION = "2024-05-01"
_IN_SERVICE = "resourceGroupName!+ serviceName!+"
_NAME = {"serviceName": Limit(1, 50, r"^[a-zA-Z](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?$")}

_CERTIFICATE = "certificate{expiry! subject! thumbprint!} certificatePassword encodedCertificate"
_NETWORK = "virtualNetworkConfiguration{subnetResourceId subnetname- vnetid-}"
_ADDRESSES = (
    "gatewayRegionalUrl- outboundPublicIPAddresses- platformVersion- privateIPAddresses- publicIPAddresses-"
    " natGatewayState publicIpAddressId disableGateway:bool"
)
_SKU = "sku!{capacity!:int name!}"
_OAUTH2 = "authorizationServerId scope"
_OPENID = "bearerTokenSendingMethods:list openidProviderId"
_PARAMETER = """
    name! type! defaultValue description examples{description externalValue summary value:any} required:bool schemaId
    typeName values:list"""
_REPRESENTATION = f"""
    contentType! examples{{description externalValue summary value:any}} formParameters[{_PARAMETER}] schemaId
    typeName"""
_MASKED = "headers[mode value] queryParams[mode value]"
_MESSAGE = f"body{{bytes:int}} dataMasking{{{_MASKED}}} headers:list"
_PIPELINE = f"request{{{_MESSAGE}}} response{{{_MESSAGE}}}"


def _child(pulumi_type: str, path: str, own: str, **defaults: str) -> ResourceType:
    """A type in a service: `own` are its inputs and outputs beside the names in its path, `defaults` the schema's."""
    names = " ".join(f"{step[1:-1]}!+" for step in path.split("/") if step.startswith("{"))
    return ResourceType(
        pulumi_type=f"apimanagement:{pulumi_type}",
        path=f"{_SERVICE}/{path}",
        api_version=_VERSION,
        shape=shape(f"{_IN_SERVICE} {names} {own}"),
        autoname=Autoname.COPY,
        create_only=frozenset(),
        limits=_NAME,
        schema_defaults=defaults,
    )


ROWS = (
    ResourceType(
        pulumi_type="apimanagement:ApiManagementService",
        path=_SERVICE,
        api_version=_VERSION,
        shape=shape(f"""
            {_IN_SERVICE} location publisherEmail! publisherName! {_SKU} tags:map zones:list etag- systemData-
            {READ_ONLY} identity{{type! principalId- tenantId- userAssignedIdentities{{*}}}}
            additionalLocations[location! {_SKU} {_ADDRESSES} {_NETWORK} zones:list]
            apiVersionConstraint{{minApiVersion}} certificates[storeName! {_CERTIFICATE}] configurationApi{{legacyApi}}
            customProperties:map developerPortalStatus enableClientCertificate:bool
            hostnameConfigurations[
                hostName! type! {_CERTIFICATE} certificateSource certificateStatus defaultSslBinding:bool
                identityClientId keyVaultId negotiateClientCertificate:bool]
            legacyPortalStatus notificationSenderEmail
            privateEndpointConnections[
                privateLinkServiceConnectionState!{{actionsRequired description status}} groupIds- id name
                privateEndpoint- provisioningState- type]
            publicNetworkAccess restore:bool virtualNetworkType {_NETWORK} {_ADDRESSES}
            createdAtUtc- developerPortalUrl- gatewayUrl- managementApiUrl- portalUrl- provisioningState- scmUrl-
            targetProvisioningState-"""),
        limits={
            **_NAME,
            **{name: Limit(most=100) for name in ("publisherEmail", "publisherName", "notificationSenderEmail")},
        },
        schema_defaults={
            "developerPortalStatus": "Enabled",
            "disableGateway": False,
            "enableClientCertificate": False,
            "legacyPortalStatus": "Enabled",
            "publicNetworkAccess": "Enabled",
            "restore": False,
            "virtualNetworkType": "None",
        },
    ),
    _child(
        "Backend",
        "backends/{backendId}",
        # A property of its own is called `properties`.
        "azureApiVersion- name- "
        + inner("""
            type url protocol title description resourceId tls{validateCertificateChain:bool
            validateCertificateName:bool} proxy{url! password username}
            circuitBreaker{
                rules[acceptRetryAfter:bool name tripDuration
                    failureCondition{
                        count:number errorReasons:list interval percentage:number
                        statusCodeRanges[max:int min:int]}]}
            credentials{
                authorization{parameter! scheme!} certificate:list certificateIds:list header:map query:map}
            pool{services[id! priority:int weight:int]}
            properties{
                serviceFabricCluster{
                    managementEndpoints!:list clientCertificateId clientCertificatethumbprint
                    maxPartitionResolutionRetries:int serverCertificateThumbprints:list
                    serverX509Names[issuerCertificateThumbprint name]}}"""),
    ),
    _child(
        "NamedValue",
        "namedValues/{namedValueId}",
        f"""displayName! keyVault{{identityClientId secretIdentifier lastStatus-}} secret:bool tags:list value
            provisioningState- {READ_ONLY}""",
    ),
    _child(
        "Logger",
        "loggers/{loggerId}",
        f"loggerType! credentials:map description isBuffered:bool resourceId {READ_ONLY}",
    ),
    _child(
        "Api",
        "apis/{apiId}",
        f"""path! apiRevision apiRevisionDescription apiType=type apiVersion apiVersionDescription
            apiVersionSet{{description id name versionHeaderName versionQueryName versioningScheme}} apiVersionSetId
            authenticationSettings{{
                oAuth2{{{_OAUTH2}}} oAuth2AuthenticationSettings[{_OAUTH2}] openid{{{_OPENID}}}
                openidAuthenticationSettings[{_OPENID}]}}
            contact{{email name url}} description displayName format+ isCurrent:bool license{{name url}}
            protocols:list serviceUrl soapApiType=apiType+ sourceApiId subscriptionKeyParameterNames{{header query}}
            subscriptionRequired:bool termsOfServiceUrl translateRequiredQueryParametersConduct+ value+
            wsdlSelector+{{wsdlEndpointName wsdlServiceName}} isOnline- provisioningState- {READ_ONLY}""",
    ),
    _child(
        "ApiOperation",
        "apis/{apiId}/operations/{operationId}",
        f"""displayName! method! urlTemplate! description policies
            request{{
                description headers[{_PARAMETER}] queryParameters[{_PARAMETER}] representations[{_REPRESENTATION}]}}
            responses[statusCode!:int description headers[{_PARAMETER}] representations[{_REPRESENTATION}]]
            templateParameters[{_PARAMETER}] {READ_ONLY}""",
    ),
    _child("ApiPolicy", "apis/{apiId}/policies/{policyId}", f"value! format {READ_ONLY}", format="xml"),
    _child(
        "ApiDiagnostic",
        "apis/{apiId}/diagnostics/{diagnosticId}",
        f"""loggerId! alwaysLog backend{{{_PIPELINE}}} frontend{{{_PIPELINE}}} httpCorrelationProtocol
            logClientIp:bool metrics:bool operationNameFormat sampling{{percentage:number samplingType}} verbosity
            {READ_ONLY}""",
    ),
    _child(
        "Product",
        "products/{productId}",
        f"""displayName! approvalRequired:bool description state subscriptionRequired:bool subscriptionsLimit:int terms
            {READ_ONLY}""",
    ),
    _child("ProductApiLink", "products/{productId}/apiLinks/{apiLinkId}", f"apiId! {READ_ONLY}"),
    _child("ProductPolicy", "products/{productId}/policies/{policyId}", f"value! format {READ_ONLY}", format="xml"),
    _child(
        "Subscription",
        "subscriptions/{sid}",
        f"""displayName! scope! allowTracing:bool appType+ notify+:bool ownerId primaryKey secondaryKey state
            createdDate- endDate- expirationDate- notificationDate- startDate- stateComment- {READ_ONLY}""",
    ),
)
