"""The principals that the sandbox's Entra ID knows, and the other secrets of a home."""

from __future__ import annotations

import json
import re
import secrets
import uuid
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any, Protocol

from azure_llama_sandbox.home import Home, HomeError

OWNER = "owner"
GUEST = "guest"
"""An application without any role until an assignment gives it one."""

_NAME = re.compile(r"[a-z][a-z0-9-]{0,31}")


class SignIn(StrEnum):
    """The authentication method of a principal."""

    APPLICATION = "client-secret"
    """An application with a client secret."""
    GITHUB = "github"
    """An application with a federated credential for a workflow of GitHub."""
    AZURE_DEVOPS = "azure-devops"
    """An application with a federated credential for a service connection of Azure DevOps."""
    MANAGED_IDENTITY = "managed-identity"
    """A managed identity: the machine that it is on asks for it."""


@dataclass(frozen=True)
class Federation:
    """A federated credential: whose tokens Entra ID takes for the application.

    Attributes:
        issuer: Required. URL; the token's `iss`.
        subject: Required. The token's `sub`.
    """

    issuer: str
    subject: str


DEFAULT_FEDERATIONS = {
    SignIn.GITHUB: Federation(
        "https://token.actions.githubusercontent.com", "repo:example/llama:environment:production"
    ),
    SignIn.AZURE_DEVOPS: Federation(
        "https://vstoken.dev.azure.com/5a0d80c5-11a3-4a5d-9b0e-000000000003", "sc://example/llama/azure"
    ),
}
"""Issuers and subjects in the forms that both give."""


@dataclass(frozen=True)
class Application:
    """A principal: an application registration with its service principal, or a managed identity.

    Attributes:
        name: Required. `owner`, `guest`, or of your choice.
        client_id: Required. What it signs in with; a GUID.
        object_id: Required. What roles are assigned to; a GUID.
        secret: Required. Its client secret; of the others, what a pipeline's job or a machine shows to get its token.
        sign_in: Optional. How it signs in.
        federation: Conditional. Required for GitHub and Azure DevOps.
    """

    name: str
    client_id: str
    object_id: str
    secret: str = field(repr=False)
    sign_in: SignIn = SignIn.APPLICATION
    federation: Federation | None = None

    @classmethod
    def create(
        cls, name: str, sign_in: SignIn = SignIn.APPLICATION, federation: Federation | None = None
    ) -> Application:
        """Create one with new GUIDs and a new secret."""
        ids = str(uuid.uuid4()), str(uuid.uuid4())
        return cls(name, *ids, secrets.token_urlsafe(30), sign_in, federation or DEFAULT_FEDERATIONS.get(sign_in))


class Principals(Protocol):
    """Those who may sign in."""

    def find(self, client_id: str) -> Application | None:
        """The principal of a client id, without regard to case."""

    def shown(self, secret: str) -> Application | None:
        """The principal whose secret this is."""

    def named(self, name: str) -> Application:
        """The principal of a name. Raises KeyError."""


@dataclass(frozen=True)
class Identity:
    """The secrets of a home, made once and kept.

    Attributes:
        applications: Required. All that may sign in.
        token_key: Required. The private key (PEM) that signs access tokens.
    """

    applications: tuple[Application, ...]
    token_key: str = field(repr=False)

    def named(self, name: str) -> Application:
        """The principal of a name. Raises KeyError."""
        return {application.name: application for application in self.applications}[name]

    def find(self, client_id: str) -> Application | None:
        """The principal of a client id, without regard to case."""
        return next((a for a in self.applications if a.client_id == client_id.lower()), None)

    def shown(self, secret: str) -> Application | None:
        """The principal whose secret this is."""
        return next((a for a in self.applications if secrets.compare_digest(a.secret, secret)), None)

    @property
    def secrets(self) -> frozenset[str]:
        """Values that must never appear in a log."""
        return frozenset(application.secret for application in self.applications)

    @classmethod
    def create(cls) -> Identity:
        """New secrets."""
        # Here, because every command reads identities and none but the server makes one.
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import rsa

        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        applications = (Application.create(OWNER), Application.create(GUEST))
        return cls(applications, pem.decode())


class Directory:
    """The principals of a home as its server knows them: a command may add one while the sandbox runs.

    Args:
        home: Required. Its identities are made when there are none.
    """

    def __init__(self, home: Home) -> None:
        self._home = home
        self.identity = ensure_identity(home)
        self.secrets: set[str] = set(self.identity.secrets)
        """Values that must never appear in a log."""

    def reload(self) -> None:
        """Read the file again.

        Raises:
            HomeError: it is damaged.
        """
        self.identity = ensure_identity(self._home)
        self.secrets.update(self.identity.secrets)

    def find(self, client_id: str) -> Application | None:
        """The principal of a client id, without regard to case."""
        return self.identity.find(client_id)

    def shown(self, secret: str) -> Application | None:
        """The principal whose secret this is."""
        return self.identity.shown(secret)

    def named(self, name: str) -> Application:
        """The principal of a name. Raises KeyError."""
        return self.identity.named(name)


def _application(data: dict[str, Any]) -> Application:
    federation = data.get("federation")
    return Application(
        **data
        | {
            "sign_in": SignIn(data.get("sign_in", SignIn.APPLICATION)),
            "federation": Federation(**federation) if federation else None,
        }
    )


def read_identity(home: Home) -> Identity | None:
    """The secrets of a home; None when no sandbox ever ran there.

    Raises:
        HomeError: the file is damaged.
    """
    try:
        data = json.loads(home.identity_file.read_text())
        return Identity(tuple(map(_application, data["applications"])), data["token_key"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        # Not the error's own text: it may quote the file.
        raise HomeError(
            f"{home.identity_file} cannot be read ({type(error).__name__}); delete {home.path} to start afresh"
        ) from None


def ensure_identity(home: Home) -> Identity:
    """The secrets of a home, made at the first call. For the server alone, which is the only one of its home."""
    identity = read_identity(home)
    if identity is None:
        identity = Identity.create()
        _write(home, identity)
    return identity


def add_application(home: Home, application: Application) -> None:
    """Let one more sign in. For a command that holds the home's lock.

    Raises:
        HomeError: no sandbox ever ran there, the name is no name, or it is taken.
    """
    identity = read_identity(home)
    if identity is None:
        raise HomeError(f"no sandbox ever ran in {home.path}; start it with `azure-llama sandbox start`")
    if not _NAME.fullmatch(application.name):
        raise HomeError(
            f"{application.name!r} is no name for a principal: 1 to 32 small letters, digits and dashes, beginning with"
            " a letter"
        )
    if application.name in {each.name for each in identity.applications}:
        raise HomeError(f"there is a principal {application.name!r} already; choose another name")
    _write(home, replace(identity, applications=(*identity.applications, application)))


def _write(home: Home, identity: Identity) -> None:
    home.write_private(home.identity_file, json.dumps(asdict(identity), indent=2) + "\n")
