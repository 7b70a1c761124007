"""The bodies of APIs, their operations and policies (contract 2024-05-01)."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from azure_llama_sandbox.arm.contract import ABSENT, Strict


class VersionSet(Strict):
    """`properties.apiVersionSet`."""

    description: str = ABSENT
    id: str = ABSENT
    name: str = ABSENT
    version_header_name: str = ABSENT
    version_query_name: str = ABSENT
    versioning_scheme: str = ABSENT


class OAuth2Settings(Strict):
    """`properties.authenticationSettings.oAuth2`."""

    authorization_server_id: str = ABSENT
    scope: str = ABSENT


class OpenIdSettings(Strict):
    """`properties.authenticationSettings.openid`."""

    bearer_token_sending_methods: list[str] = ABSENT
    openid_provider_id: str = ABSENT


class AuthenticationSettings(Strict):
    """`properties.authenticationSettings`."""

    o_auth2: OAuth2Settings = ABSENT
    o_auth2_authentication_settings: list[OAuth2Settings] = ABSENT
    openid: OpenIdSettings = ABSENT
    openid_authentication_settings: list[OpenIdSettings] = ABSENT


class Contact(Strict):
    """`properties.contact`."""

    email: str = ABSENT
    name: str = ABSENT
    url: str = ABSENT


class License(Strict):
    """`properties.license`."""

    name: str = ABSENT
    url: str = ABSENT


class KeyParameterNames(Strict):
    """`properties.subscriptionKeyParameterNames`."""

    header: str = ABSENT
    query: str = ABSENT


class WsdlSelector(Strict):
    """`properties.wsdlSelector`."""

    wsdl_endpoint_name: str = ABSENT
    wsdl_service_name: str = ABSENT


class ApiProperties(Strict):
    """`properties`."""

    path: str = Field(max_length=400)
    api_revision: str = Field(ABSENT, min_length=1, max_length=100)
    api_revision_description: str = Field(ABSENT, max_length=256)
    api_type: str = ABSENT
    api_version: str = Field(ABSENT, max_length=100)
    api_version_description: str = Field(ABSENT, max_length=256)
    api_version_set: VersionSet = ABSENT
    api_version_set_id: str = ABSENT
    authentication_settings: AuthenticationSettings = ABSENT
    contact: Contact = ABSENT
    description: str = ABSENT
    display_name: str = Field(ABSENT, min_length=1, max_length=300)
    format: str = ABSENT
    is_current: bool = ABSENT
    license: License = ABSENT
    protocols: list[str] = ABSENT
    service_url: str = Field(ABSENT, max_length=2000)
    source_api_id: str = ABSENT
    subscription_key_parameter_names: KeyParameterNames = ABSENT
    subscription_required: bool = ABSENT
    terms_of_service_url: str = ABSENT
    translate_required_query_parameters: str = ABSENT
    type: str = ABSENT
    value: str = ABSENT
    wsdl_selector: WsdlSelector = ABSENT


class ApiBody(Strict):
    """A PUT's body."""

    properties: ApiProperties = ABSENT


class ParameterExample(Strict):
    """`properties.request.headers[].examples.*`."""

    description: str = ABSENT
    external_value: str = ABSENT
    summary: str = ABSENT
    value: Any = ABSENT


class Parameter(Strict):
    """`properties.request.headers[]`."""

    name: str
    type: str
    default_value: str = ABSENT
    description: str = ABSENT
    examples: dict[str, ParameterExample] = ABSENT
    required: bool = ABSENT
    schema_id: str = ABSENT
    type_name: str = ABSENT
    values: list[str] = ABSENT


class Representation(Strict):
    """`properties.request.representations[]`."""

    content_type: str
    examples: dict[str, ParameterExample] = ABSENT
    form_parameters: list[Parameter] = ABSENT
    schema_id: str = ABSENT
    type_name: str = ABSENT


class Request(Strict):
    """`properties.request`."""

    description: str = ABSENT
    headers: list[Parameter] = ABSENT
    query_parameters: list[Parameter] = ABSENT
    representations: list[Representation] = ABSENT


class Response(Strict):
    """`properties.responses[]`."""

    status_code: int
    description: str = ABSENT
    headers: list[Parameter] = ABSENT
    representations: list[Representation] = ABSENT


class OperationProperties(Strict):
    """`properties`."""

    display_name: str = Field(min_length=1, max_length=300)
    method: str
    url_template: str = Field(min_length=1, max_length=1000)
    description: str = Field(ABSENT, max_length=1000)
    policies: str = ABSENT
    request: Request = ABSENT
    responses: list[Response] = ABSENT
    template_parameters: list[Parameter] = ABSENT


class OperationBody(Strict):
    """A PUT's body."""

    properties: OperationProperties = ABSENT


class PolicyProperties(Strict):
    """`properties`."""

    value: str
    format: str = ABSENT


class PolicyBody(Strict):
    """A PUT's body."""

    properties: PolicyProperties = ABSENT
