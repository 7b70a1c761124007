"""The sandbox's certification authority (CA), and a certificate for each emulated host name.

The CA is made once per home. It is constrained (RFC 5280, 4.2.1.10) to the names that the sandbox plays: whoever
trusts it, trusts it for nothing else. Leaf certificates are made when a client asks for a name (SNI) and live
in memory.
"""

from __future__ import annotations

import ipaddress
import secrets
import ssl
import tempfile
import time
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from azure_llama_sandbox import hosts
from azure_llama_sandbox.home import Home

_CA_LIFE = timedelta(days=3650)
_CA_LEFT = timedelta(days=180)
"""A CA with less time left than this is replaced at the next start."""
_LEAF_LIFE = timedelta(days=90)
_LEAF_KEPT = 30 * 86400
"""Seconds after which a leaf is made anew, long before it ends."""
_SKEW = timedelta(days=1)
_MOST_LEAVES = 512
_PERMITTED: tuple[x509.GeneralName, ...] = (
    *(x509.DNSName(name) for name in (*hosts.DOMAINS, "localhost")),
    x509.IPAddress(ipaddress.ip_network("127.0.0.1/32")),
)


class Authority:
    """Makes certificates that clients accept once they trust `ca.pem`."""

    def __init__(self, home: Home) -> None:
        self._home = home
        loaded = _load(home)
        if loaded is None or not _good(loaded[0]):
            loaded = _create()
            home.write_private(home.ca_key, _pem(loaded[1]))
            home.write_private(home.ca, loaded[0].public_bytes(serialization.Encoding.PEM).decode())
        self._ca, self._ca_key = loaded
        self._leaf_key = ec.generate_private_key(ec.SECP256R1())
        self._made = lru_cache(_MOST_LEAVES)(self._make)

    def server_context(self) -> ssl.SSLContext:
        """A TLS context that picks its certificate by the name the client asks for; the loopback names without one."""
        context = self._context(hosts.LOOPBACK[0])
        context.sni_callback = self._choose
        return context

    def _choose(self, connection: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> int | None:
        host = hosts.bare(name) if name else hosts.LOOPBACK[0]
        if hosts.role(host) is None:
            return int(ssl.AlertDescription.ALERT_DESCRIPTION_UNRECOGNIZED_NAME)
        connection.context = self._context(host)
        return None

    def _context(self, host: str) -> ssl.SSLContext:
        return self._made(hosts.LOOPBACK[0] if host in hosts.LOOPBACK else host, int(time.time() // _LEAF_KEPT))

    def _make(self, host: str, _period: int) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.set_alpn_protocols(["http/1.1"])
        context.num_tickets = 0  # a resumed session would skip the choice of the certificate
        leaf = self._leaf(host).public_bytes(serialization.Encoding.PEM).decode()
        # The ssl module loads certificates from files only.
        with tempfile.NamedTemporaryFile("w", dir=self._home.path, prefix=".leaf.") as file:
            file.write(_pem(self._leaf_key) + leaf)
            file.flush()
            context.load_cert_chain(file.name)
        return context

    def _leaf(self, host: str) -> x509.Certificate:
        names: list[x509.GeneralName] = [x509.DNSName(host)]
        if host in hosts.LOOPBACK:
            names.append(x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
        # No common name: it holds 64 characters, host names are longer, and nothing reads it any more.
        subject = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "azure-llama sandbox")])
        issuer_key = self._ca.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
        usage = _usage(digital_signature=True)
        return (
            _builder(subject, self._ca.subject, self._leaf_key.public_key(), _LEAF_LIFE)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(issuer_key), critical=False)
            .sign(self._ca_key, hashes.SHA256())
        )


def _load(home: Home) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey] | None:
    try:
        certificate = x509.load_pem_x509_certificate(home.ca.read_bytes())
        key = serialization.load_pem_private_key(home.ca_key.read_bytes(), None)
    except (FileNotFoundError, ValueError):
        return None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != certificate.public_key():
        return None
    return certificate, key


def _good(certificate: x509.Certificate) -> bool:
    try:
        constraints = certificate.extensions.get_extension_for_class(x509.NameConstraints).value
    except x509.ExtensionNotFound:
        return False
    covered = set(constraints.permitted_subtrees or ()) == set(_PERMITTED)
    return covered and certificate.not_valid_after_utc - datetime.now(UTC) > _CA_LEFT


def _create() -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    key = ec.generate_private_key(ec.SECP256R1())
    # A name of its own for each home, so that two CAs in one bundle are not taken for each other.
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "azure-llama"),
            x509.NameAttribute(NameOID.COMMON_NAME, f"azure-llama sandbox CA {secrets.token_hex(4)}"),
        ]
    )
    certificate = (
        _builder(name, name, key.public_key(), _CA_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
        .add_extension(x509.NameConstraints(_PERMITTED, None), critical=True)
        .sign(key, hashes.SHA256())
    )
    return certificate, key


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, life: timedelta
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _SKEW)
        .not_valid_after(now + life)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(*, digital_signature: bool = False, key_cert_sign: bool = False, crl_sign: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(key: ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
