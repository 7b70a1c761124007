"""Access tokens of the sandbox's Entra ID: signed JSON Web Tokens with the claims that Azure's clients read."""

from __future__ import annotations

import json
import time
import uuid
from functools import cache, lru_cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from azure_llama_sandbox.identity import Identity, Principals
from azure_llama_sandbox.world import TENANT, Principal

ISSUER = f"https://sts.windows.net/{TENANT}/"
_ALGORITHM = "RS256"
_REQUIRED = ["aud", "exp", "iss", "appid", "oid"]
_VERIFIED = 256
"""Tokens whose signature is not verified again."""


@cache
def _private_key(text: str) -> Any:
    return load_pem_private_key(text.encode(), None)


class TokenService:
    """Issues and verifies tokens; implements `world.Tokens`.

    Args:
        identity: Required. Has the key that signs.
        principals: Optional. Those who may sign in; the identity's own when None.
    """

    def __init__(self, identity: Identity, principals: Principals | None = None) -> None:
        key = _private_key(identity.token_key)
        self._principals = principals or identity
        self._private: Any = key
        self._public: Any = key.public_key()
        self._key_id = identity.applications[0].client_id.replace("-", "")
        # A method with a cache would keep the service.
        self._claims = lru_cache(_VERIFIED)(self._verified)

    def issue(self, client_id: str, audience: str, seconds: int = 3600) -> str:
        """A signed token.

        Args:
            client_id: Required. A client that Entra ID knows; KeyError for any other.
            audience: Required. What it is good for, such as `https://management.azure.com`.
            seconds: Optional. How long it is good, in real seconds.
        """
        application = self._principals.find(client_id)
        if application is None:
            raise KeyError(client_id)
        return self.issue_to(Principal(application.client_id, application.object_id, audience), seconds)

    def issue_to(self, principal: Principal, seconds: int = 3600) -> str:
        """A signed token for a principal, such as the managed identity of a resource.

        Args:
            principal: Required. With the audience that the token is for.
            seconds: Optional. How long it is good, in real seconds.
        """
        now = int(time.time())
        claims = {
            "aud": principal.audience,
            "iss": ISSUER,
            "iat": now,
            "nbf": now - 300,  # as Entra ID does, for clocks that run late
            "exp": now + seconds,
            "appid": principal.client_id,
            "appidacr": "1",
            "idp": ISSUER,
            "idtyp": "app",
            "oid": principal.object_id,
            "sub": principal.object_id,
            "tid": TENANT,
            "uti": uuid.uuid4().hex,
            "ver": "1.0",
        }
        return jwt.encode(claims, self._private, _ALGORITHM, headers={"kid": self._key_id})

    def principal(self, authorization: str | None) -> Principal | None:
        """The caller of an `Authorization: Bearer ...` header; None when it is absent, forged or expired."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        try:
            claims = self._claims(token.strip())
        except jwt.InvalidTokenError:
            return None
        if claims["exp"] <= time.time():
            return None
        return Principal(client_id=claims["appid"], object_id=claims["oid"], audience=claims["aud"])

    def _verified(self, token: str) -> dict[str, Any]:
        claims: dict[str, Any] = jwt.decode(
            token,
            self._public,
            algorithms=[_ALGORITHM],
            issuer=ISSUER,
            # The audience is the handler's to judge: ARM and the inference hosts take different ones.
            options={"require": _REQUIRED, "verify_aud": False},
        )
        return claims

    def read(self, token: str) -> dict[str, Any]:
        """The claims of a pipeline's token; the services of pipelines sign with the same key here.

        Raises:
            jwt.InvalidTokenError: forged, expired, or without a claim that is needed.
        """
        claims: dict[str, Any] = jwt.decode(
            token,
            self._public,
            algorithms=[_ALGORITHM],
            options={"require": ["iss", "sub", "aud", "exp"], "verify_aud": False},
        )
        return claims

    def key_set(self) -> dict[str, Any]:
        """The public key as a JSON Web Key Set (RFC 7517)."""
        key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self._public))
        return {"keys": [{**key, "kid": self._key_id, "use": "sig", "alg": _ALGORITHM}]}
