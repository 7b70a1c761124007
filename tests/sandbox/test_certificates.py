"""Certificates that strict clients accept, for the names that the sandbox plays and no others."""

from __future__ import annotations

import asyncio
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from azure_llama_sandbox.certificates import Authority
from azure_llama_sandbox.home import Home

LONG = "a-rather-long-name-for-an-endpoint.northcentralus.models.ai.azure.com"


def handshake(server: ssl.SSLContext, ca: Path, name: str | None, expected: str) -> bytes:
    """Shake hands in memory, as a client that is as strict as OpenSSL can be; the server's certificate."""
    trust = ssl.create_default_context(cafile=str(ca))
    trust.verify_flags |= ssl.VERIFY_X509_STRICT | ssl.VERIFY_X509_PARTIAL_CHAIN
    trust.check_hostname = name is not None
    to_client, to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
    client_side = trust.wrap_bio(to_client, to_server, server_hostname=name)
    server_side = server.wrap_bio(to_server, to_client, server_side=True)
    for side in (client_side, server_side, client_side, server_side):
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            continue
    certificate = client_side.getpeercert(binary_form=True)
    assert certificate is not None
    names = x509.load_der_x509_certificate(certificate).extensions.get_extension_for_class(x509.SubjectAlternativeName)
    assert expected in [str(name.value) for name in names.value]
    return certificate


@pytest.mark.parametrize("name", ["management.azure.com", "login.microsoftonline.com", LONG, "localhost"])
def test_each_name_gets_a_certificate_of_its_own(home: Home, name: str) -> None:
    context = Authority(home).server_context()
    leaf = x509.load_der_x509_certificate(handshake(context, home.ca, name, name))
    ca = x509.load_pem_x509_certificate(home.ca.read_bytes())
    verifier = PolicyBuilder().store(Store([ca])).build_server_verifier(x509.DNSName(name))
    assert verifier.verify(leaf, [])[-1] == ca


def test_a_client_that_asks_for_no_name_gets_the_loopback_address(home: Home) -> None:
    context = Authority(home).server_context()
    handshake(context, home.ca, None, "127.0.0.1")
    handshake(context, home.ca, "127.0.0.1", "127.0.0.1")


def test_a_name_that_is_not_played_gets_no_certificate(home: Home) -> None:
    with pytest.raises(ssl.SSLError):
        handshake(Authority(home).server_context(), home.ca, "example.com", "example.com")


def test_the_authority_is_made_once(home: Home) -> None:
    Authority(home)
    before = home.ca.read_bytes()
    Authority(home)
    assert home.ca.read_bytes() == before
    assert home.ca_key.stat().st_mode & 0o777 == 0o600


def test_a_key_that_does_not_fit_is_replaced_with_its_certificate(home: Home) -> None:
    Authority(home)
    before = home.ca.read_bytes()
    home.ca_key.write_text("damaged")
    handshake(Authority(home).server_context(), home.ca, "localhost", "localhost")
    assert home.ca.read_bytes() != before


def test_the_authority_cannot_vouch_for_other_names(home: Home) -> None:
    Authority(home)
    ca = x509.load_pem_x509_certificate(home.ca.read_bytes())
    ca_key = serialization.load_pem_private_key(home.ca_key.read_bytes(), None)
    assert isinstance(ca_key, ec.EllipticCurvePrivateKey)
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(UTC)
    issuer = ca.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value

    def leaf(host: str) -> x509.Certificate:
        return (
            x509.CertificateBuilder()
            .subject_name(x509.Name([]))
            .issuer_name(ca.subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(minutes=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(issuer), critical=False)
            .sign(ca_key, hashes.SHA256())
        )

    builder = PolicyBuilder().store(Store([ca]))
    played = "management.azure.com"
    builder.build_server_verifier(x509.DNSName(played)).verify(leaf(played), [])
    with pytest.raises(VerificationError, match=r"(?i)name constraint|permitted"):
        builder.build_server_verifier(x509.DNSName("example.com")).verify(leaf("example.com"), [])


def test_names_are_chosen_on_a_real_socket(home: Home) -> None:
    authority = Authority(home)

    async def talk() -> str:
        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(await reader.readline())
            writer.close()

        server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=authority.server_context())
        port = server.sockets[0].getsockname()[1]
        trust = ssl.create_default_context(cafile=str(home.ca))
        reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=trust, server_hostname=LONG)
        writer.write(b"hello\n")
        said = await reader.readline()
        writer.close()
        server.close()
        return said.decode()

    assert asyncio.run(talk()) == "hello\n"
