"""Additional principals and their roles, for `azure-llama sandbox principal`."""

from __future__ import annotations

import os
import signal
import ssl
import time
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx

from azure_llama_sandbox import control
from azure_llama_sandbox.control import NotRunningError, SandboxError, Status
from azure_llama_sandbox.home import Home, HomeError
from azure_llama_sandbox.identity import (
    Application,
    Federation,
    SignIn,
    add_application,
    read_identity,
)
from azure_llama_sandbox.world import SUBSCRIPTION, TENANT

SCOPE = f"/subscriptions/{SUBSCRIPTION}"
_SECONDS = 20.0
_VERSION = "2022-04-01"


def principals(home: Path | None = None) -> tuple[Application, ...]:
    """All that may sign in; none where no sandbox ever ran.

    Raises:
        SandboxError: the home is damaged.
    """
    try:
        identity = read_identity(Home(home))
    except HomeError as error:
        raise SandboxError(str(error)) from error
    return identity.applications if identity else ()


def create(
    name: str,
    home: Path | None = None,
    *,
    sign_in: SignIn = SignIn.APPLICATION,
    federation: Federation | None = None,
    roles: Sequence[tuple[str, str]] = (),
) -> Application:
    """Let one more sign in, and give it roles.

    Args:
        name: Required. 1 to 32 small letters, digits and dashes.
        home: Optional. The sandbox's folder; the default one when None.
        sign_in: Optional. How it proves who it is.
        federation: Optional. Of a pipeline: whose tokens are taken for it; an example when None.
        roles: Optional. Names of roles, built-in or custom, each with the ARM id of its scope.

    Raises:
        NotRunningError: no sandbox runs there.
        SandboxError: the name is taken or none, a role does not exist, or its assignment is refused.
    """
    place = Home(home)
    now = control.status(place.path)
    if not now["running"] or now["pid"] is None:
        raise NotRunningError(place)
    definitions = [(_definition(now, role, scope), scope) for role, scope in roles]
    application = Application.create(name, sign_in, federation)
    _add(place, application, now["pid"])
    for definition, scope in definitions:
        try:
            assign(now, application, definition, scope)
        except SandboxError as error:
            raise SandboxError(f"{error} {name!r} can sign in, without it.") from None
    return application


def _add(place: Home, application: Application, server: int) -> None:
    """Write an application down, and wait until the server knows it."""
    try:
        with place.changing():
            add_application(place, application)
            os.kill(server, signal.SIGHUP)
            _wait(place, application.name)
    except ProcessLookupError:
        raise NotRunningError(place) from None
    except HomeError as error:
        raise SandboxError(str(error)) from error


def _wait(place: Home, name: str) -> None:
    deadline = time.monotonic() + _SECONDS
    while True:
        record = place.read_record()
        if record is not None and name in record.providers:
            return
        if time.monotonic() > deadline:
            raise SandboxError(f"the sandbox in {place.path} did not take up {name!r}; its log is {place.server_log}")
        time.sleep(0.02)


def _definition(now: Status, role: str, scope: str) -> str:
    path = f"{scope}/providers/Microsoft.Authorization/roleDefinitions"
    quoted = role.replace("'", "''")
    rows = _ask(now, "GET", path, params={"$filter": f"roleName eq '{quoted}'"})["value"]
    # A filter that is not understood takes everything: the first of all roles is nobody's wish.
    found = [each for each in rows if str(each["properties"]["roleName"]).lower() == role.lower()]
    if not found:
        raise SandboxError(f"there is no role {role!r}; give the name of a built-in or of a custom role")
    return str(found[0]["id"])


def assign(now: Status, application: Application, definition: str, scope: str) -> None:
    """Give a role.

    Args:
        now: Required. The sandbox.
        application: Required. To whom.
        definition: Required. ARM id of the role's definition.
        scope: Required. ARM id.

    Raises:
        SandboxError: ARM refuses it.
    """
    body = {
        "properties": {
            "principalId": application.object_id,
            "principalType": "ServicePrincipal",
            "roleDefinitionId": definition,
        }
    }
    _ask(now, "PUT", f"{scope}/providers/Microsoft.Authorization/roleAssignments/{uuid.uuid4()}", json=body)


def _ask(now: Status, method: str, path: str, *, params: dict[str, str] | None = None, json: Any = None) -> Any:
    """A request to ARM, as the owner."""
    owner = now["environment"]
    trust = ssl.create_default_context(cafile=now["ca"])
    with httpx.Client(verify=trust, trust_env=False, timeout=_SECONDS, base_url=str(now["arm"])) as client:
        form = {
            "grant_type": "client_credentials",
            "client_id": owner["AZURE_CLIENT_ID"],
            "client_secret": owner["AZURE_CLIENT_SECRET"],
            "scope": "https://management.azure.com/.default",
        }
        token = client.post(f"/{TENANT}/oauth2/v2.0/token", data=form).raise_for_status().json()["access_token"]
        query = {"api-version": _VERSION, **(params or {})}
        header = {"Authorization": f"Bearer {token}"}
        answer = client.request(method, path, params=query, json=json, headers=header)
    body = answer.json()
    if answer.status_code >= 400:
        error = body.get("error", {})
        raise SandboxError(f"the role cannot be given: {error.get('code')}: {error.get('message')}")
    return body
