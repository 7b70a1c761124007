"""Emulates the token services of GitHub Actions and Azure DevOps, which identify a pipeline to Entra ID.

A job asks its own service for a token, under the names that the service has, and shows it to Entra ID, which takes it
when the application has a federated credential with its issuer and subject.
"""

from __future__ import annotations

import time
import uuid
from typing import Any

import jwt
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from azure_llama_sandbox import hosts
from azure_llama_sandbox.identity import Application, Identity, Principals, SignIn
from azure_llama_sandbox.request_log import PRINCIPAL

AUDIENCE = "api://AzureADTokenExchange"
"""What a token must be good for to be taken by Entra ID."""

ALGORITHM = "RS256"
LIFETIMES = {SignIn.GITHUB: 300, SignIn.AZURE_DEVOPS: 600}
"""Seconds that a token is good for."""

GITHUB_URL = f"https://{hosts.GITHUB}/1/idtoken/00000000-0000-0000-0000-000000000000/1?api-version=2.0"
"""`ACTIONS_ID_TOKEN_REQUEST_URL`."""
DEVOPS_URL = f"https://{hosts.DEVOPS}/example/llama/_apis/distributedtask/hubs/build/plans/1/jobs/1/oidctoken"
"""`SYSTEM_OIDCREQUESTURI`."""
SERVICE_CONNECTION = "5a0d80c5-11a3-4a5d-9b0e-000000000004"
"""Id of the service connection in Azure DevOps."""


def mint(identity: Identity, application: Application, audience: str = AUDIENCE) -> str:
    """The token that a pipeline's service gives to a job.

    Args:
        identity: Required. Its key signs here for the service, too.
        application: Required. One with a federated credential.
        audience: Optional. What the token is good for.
    """
    federation = application.federation
    assert federation is not None, application.name
    now = int(time.time())
    claims: dict[str, Any] = {
        "iss": federation.issuer,
        "sub": federation.subject,
        "aud": audience,
        "iat": now,
        "nbf": now,
        "exp": now + LIFETIMES[application.sign_in],
        "jti": uuid.uuid4().hex,
    }
    return jwt.encode(claims, identity.token_key, ALGORITHM)


class Pipelines:
    """Answers for both services.

    Args:
        principals: Required. Those who may sign in.
        identity: Required. Has the key that signs.
    """

    def __init__(self, principals: Principals, identity: Identity) -> None:
        self._principals = principals
        self._identity = identity

    def app(self) -> Starlette:
        """The ASGI application."""
        return Starlette(
            routes=[
                Route("/{run}/idtoken/{plan}/{job}", self._github),
                Route(
                    "/{organization}/{project}/_apis/distributedtask/hubs/{hub}/plans/{plan}/jobs/{job}/oidctoken",
                    self._devops,
                    methods=["POST"],
                ),
            ]
        )

    async def _github(self, request: Request) -> Response:
        application = self._job(request, SignIn.GITHUB)
        if application is None:
            return JSONResponse({"message": "The job's token is missing or not its own."}, 401)
        # What GitHub puts in when a job does not say for whom the token is; Entra ID does not take it.
        audience = request.query_params.get("audience") or "https://github.com/example"
        return JSONResponse({"value": mint(self._identity, application, audience), "count": 1})

    async def _devops(self, request: Request) -> Response:
        application = self._job(request, SignIn.AZURE_DEVOPS)
        if application is None:
            return JSONResponse({"message": "TF400813: the job's token is missing or not its own."}, 401)
        if request.query_params.get("serviceConnectionId") != SERVICE_CONNECTION:
            return JSONResponse({"message": "The service connection does not exist, or the job may not use it."}, 404)
        return JSONResponse({"oidcToken": mint(self._identity, application)})

    def _job(self, request: Request, sign_in: SignIn) -> Application | None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        application = self._principals.shown(token.strip()) if scheme.lower() == "bearer" else None
        if application is None or application.sign_in is not sign_in:
            return None
        request.scope[PRINCIPAL] = application.client_id
        return application
