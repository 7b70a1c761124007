"""The applications that the sandbox's Entra ID knows, and the other secrets of a home."""

from __future__ import annotations

import json
import secrets
import uuid
from dataclasses import asdict, dataclass, field

from azure_llama.sandbox.home import Home, HomeError

OWNER = "owner"
GUEST = "guest"
"""An application without any role until an assignment gives it one."""


@dataclass(frozen=True)
class Application:
    """An application registration with its service principal.

    Attributes:
        name: Required. `owner` or `guest`.
        client_id: Required. What it signs in with; a GUID.
        object_id: Required. What roles are assigned to; a GUID.
        secret: Required. Its client secret.
    """

    name: str
    client_id: str
    object_id: str
    secret: str = field(repr=False)

    @classmethod
    def create(cls, name: str) -> Application:
        """A new registration."""
        return cls(name, str(uuid.uuid4()), str(uuid.uuid4()), secrets.token_urlsafe(30))


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
        """The application of a name: `owner` or `guest`."""
        return {application.name: application for application in self.applications}[name]

    def find(self, client_id: str) -> Application | None:
        """The application of a client id, without regard to case."""
        return next((a for a in self.applications if a.client_id == client_id.lower()), None)

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


def read_identity(home: Home) -> Identity | None:
    """The secrets of a home; None when no sandbox ever ran there.

    Raises:
        HomeError: the file is damaged.
    """
    try:
        data = json.loads(home.identity_file.read_text())
        applications = tuple(Application(**application) for application in data["applications"])
        return Identity(applications, data["token_key"])
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
        home.write_private(home.identity_file, json.dumps(asdict(identity), indent=2) + "\n")
    return identity
