"""The token service (Entra ID), the managed identity endpoint and the description of the cloud.

Answers follow what azure-identity, MSAL and azure-ai-ml were seen to need; errors carry the `AADSTS` codes of
https://learn.microsoft.com/entra/identity-platform/reference-error-codes.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import parse_qsl, urlsplit

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from azure_llama_sandbox import hosts
from azure_llama_sandbox.conditions import Conditions, ConditionsError
from azure_llama_sandbox.identity import OWNER, Application, Principals, SignIn
from azure_llama_sandbox.refusals import RefusedError, check_assertion, fresh, missing, refusal
from azure_llama_sandbox.request_log import PRINCIPAL
from azure_llama_sandbox.tokens import TokenService
from azure_llama_sandbox.world import TENANT

_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_AUDIENCES = frozenset(
    {
        "management.azure.com",
        "management.core.windows.net",
        "ml.azure.com",
        "ai.azure.com",
        "cognitiveservices.azure.com",
        "graph.microsoft.com",
        "storage.azure.com",
        "vault.azure.net",
        *hosts.LOOPBACK,
    }
)


class Login:
    """Answers for `login.microsoftonline.com`, and for the same paths on the loopback name."""

    def __init__(
        self, principals: Principals, tokens: TokenService, conditions: Callable[[], Conditions] = Conditions
    ) -> None:
        self._principals = principals
        self._tokens = tokens
        self._conditions = conditions

    def app(self) -> Starlette:
        """The ASGI application."""
        return Starlette(
            routes=[
                Route("/common/discovery/instance", self._instance),
                Route("/metadata/endpoints", self._cloud),
                Route("/msi/token", self._managed_identity),
                Route("/{tenant}/v2.0/.well-known/openid-configuration", self._configuration),
                Route("/{tenant}/.well-known/openid-configuration", self._configuration),
                Route("/{tenant}/discovery/v2.0/keys", self._keys),
                Route("/{tenant}/oauth2/v2.0/token", self._token, methods=["POST"]),
                Route("/{tenant}/oauth2/token", self._token, methods=["POST"]),
            ],
            exception_handlers={RefusedError: refusal, 404: _not_found},
        )

    async def _token(self, request: Request) -> Response:
        _check_tenant(request)
        form = dict(parse_qsl((await request.body()).decode("utf-8", "replace"), keep_blank_values=True))
        grant = form.get("grant_type")
        if grant is None:
            raise missing("grant_type")
        if grant != "client_credentials":
            raise RefusedError(
                400,
                "unsupported_grant_type",
                70003,
                f"The app requested an unsupported grant type '{grant}'. This sandbox has no users: sign in with a"
                " client secret or a federated token.",
            )
        application = self._authenticate(form)
        request.scope[PRINCIPAL] = application.client_id
        audience = _audience(form)
        lifetime = self._lifetime()
        token = self._tokens.issue(application.client_id, audience, lifetime)
        answer: dict[str, object] = {"token_type": "Bearer", "expires_in": lifetime, "ext_expires_in": lifetime}
        if "resource" in form:
            # The older form of the protocol has numbers as text.
            expires = str(int(time.time()) + lifetime)
            answer |= {"expires_in": str(lifetime), "expires_on": expires, "resource": audience}
        return fresh({**answer, "access_token": token})

    def _authenticate(self, form: dict[str, str]) -> Application:
        client_id = form.get("client_id", "")
        if not client_id:
            raise missing("client_id")
        application = self._principals.find(client_id)
        if application is None:
            raise RefusedError(
                400,
                "unauthorized_client",
                700016,
                f"Application with identifier '{client_id}' was not found in the directory '{TENANT}'.",
            )
        assertion = form.get("client_assertion", "").strip()
        if assertion and form.get("client_assertion_type") == _ASSERTION_TYPE:
            check_assertion(application, assertion, self._tokens)
            return application
        secret = form.get("client_secret")
        if not secret or application.sign_in is not SignIn.APPLICATION:
            raise RefusedError(
                401,
                "invalid_client",
                7000218,
                "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
            )
        if secret != application.secret:
            raise RefusedError(
                401,
                "invalid_client",
                7000215,
                "Invalid client secret provided. Ensure the secret being sent in the request is the client secret"
                f" value, not the client secret ID, for a secret added to app '{application.client_id}'.",
            )
        return application

    async def _managed_identity(self, request: Request) -> Response:
        if not request.headers.get("x-identity-header"):
            # The header keeps away requests that a web page or a redirect made.
            return JSONResponse(
                {"statusCode": 400, "message": "Required header X-IDENTITY-HEADER is missing"}, status_code=400
            )
        client_id = request.query_params.get("client_id")
        # Without a client id the machine's own; whatever a machine shows that nobody has is the owner's.
        shown = self._principals.shown(request.headers["x-identity-header"]) or self._principals.named(OWNER)
        application = self._principals.find(client_id) if client_id else shown
        if application is None:
            return JSONResponse(
                {"statusCode": 400, "message": f"No User Assigned or Delegated Managed Identity found for {client_id}"},
                status_code=400,
            )
        request.scope[PRINCIPAL] = application.client_id
        lifetime = self._lifetime()
        resource = _audience({"resource": request.query_params.get("resource", "")})
        return fresh(
            {
                "access_token": self._tokens.issue(application.client_id, resource, lifetime),
                "client_id": application.client_id,
                "expires_in": str(lifetime),
                "expires_on": str(int(time.time()) + lifetime),
                "resource": resource,
                "token_type": "Bearer",
            }
        )

    def _lifetime(self) -> int:
        try:
            return self._conditions().tokens.lifetime
        except ConditionsError:  # ARM reports it
            return Conditions().tokens.lifetime

    async def _configuration(self, request: Request) -> Response:
        tenant = _check_tenant(request, also=("common", "organizations"))
        base = f"{_base(request)}/{tenant}"
        return JSONResponse(
            {
                "issuer": f"https://{hosts.LOGIN}/{TENANT}/v2.0",
                "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
                "token_endpoint": f"{base}/oauth2/v2.0/token",
                "device_authorization_endpoint": f"{base}/oauth2/v2.0/devicecode",
                "end_session_endpoint": f"{base}/oauth2/v2.0/logout",
                "jwks_uri": f"{base}/discovery/v2.0/keys",
                "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt"],
                "response_types_supported": ["code", "token"],
                "scopes_supported": ["openid"],
                "subject_types_supported": ["pairwise"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "tenant_region_scope": "NA",
                "cloud_instance_name": "microsoftonline.com",
            }
        )

    async def _keys(self, _: Request) -> Response:
        return JSONResponse(self._tokens.key_set())

    async def _instance(self, request: Request) -> Response:
        asked = urlsplit(request.query_params.get("authorization_endpoint", ""))
        tenant = asked.path.strip("/").partition("/")[0] or "common"
        return JSONResponse(
            {
                "tenant_discovery_endpoint": f"{_base(request)}/{tenant}/v2.0/.well-known/openid-configuration",
                "api-version": "1.1",
                "metadata": [
                    {"preferred_network": hosts.LOGIN, "preferred_cache": hosts.LOGIN, "aliases": [hosts.LOGIN]}
                ],
            }
        )

    async def _cloud(self, request: Request) -> Response:
        """The cloud as its asker sees it: clients compare the address they asked with the one in the answer."""
        loopback = hosts.role(hosts.bare(request.headers.get("host", ""))) is hosts.Role.LOOPBACK
        base = _base(request) if loopback else f"https://{hosts.MANAGEMENT}"
        return JSONResponse(
            [
                {
                    # Clients look a cloud that is named AzureCloud up in a table of their own.
                    "name": "AzureSandbox" if loopback else "AzureCloud",
                    "portal": "https://portal.azure.com",
                    "resourceManager": f"{base}/",
                    "authentication": {
                        "loginEndpoint": f"{base}/" if loopback else f"https://{hosts.LOGIN}/",
                        "audiences": ["https://management.core.windows.net/", "https://management.azure.com/"],
                        "tenant": "common",
                        "identityProvider": "AAD",
                    },
                    "suffixes": {"storage": "core.windows.net", "keyVaultDns": "vault.azure.net"},
                }
            ]
        )


def _base(request: Request) -> str:
    return f"https://{request.headers['host']}"


def _check_tenant(request: Request, also: tuple[str, ...] = ()) -> str:
    tenant = str(request.path_params["tenant"])
    if tenant.lower() not in (TENANT, *also):
        raise RefusedError(
            400,
            "invalid_request",
            90002,
            f"Tenant '{tenant}' not found. Check that you have the correct tenant ID: the sandbox's is {TENANT}.",
        )
    return tenant


def _audience(form: dict[str, str]) -> str:
    if "resource" in form:
        audience = form["resource"]
    else:
        scope = form.get("scope", "")
        if not scope:
            raise missing("scope")
        # MSAL for Go appends the scopes of users to every request.
        asked = [each for each in scope.split() if each not in ("openid", "offline_access", "profile")]
        audience = asked[0].removesuffix("/.default") if asked else ""
        if len(asked) != 1 or audience == asked[0]:
            raise RefusedError(
                400,
                "invalid_scope",
                1002012,
                f"The provided value for scope {scope} is not valid. Client credential flows must have a scope value"
                " with /.default suffixed to the resource identifier (application ID URI).",
            )
    url = urlsplit(audience)
    if url.scheme != "https" or url.hostname not in _AUDIENCES:
        raise RefusedError(
            400,
            "invalid_resource",
            500011,
            f"The resource principal named {audience} was not found in the tenant named {TENANT}.",
        )
    return audience


def _not_found(request: Request, _: Exception) -> Response:
    return JSONResponse(
        {"error": "not_found", "error_description": f"The sandbox's Entra ID has nothing at {request.url.path}."},
        status_code=404,
    )
