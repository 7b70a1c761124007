"""What the environment says of certificates and the proxy is usable, or an error that is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from azure_llama.arm import ConfigurationError
from azure_llama.arm.tls import check_environment


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.mark.parametrize("address", [None, "http://proxy.example.com:8080", "https://someone:pa55word@proxy:1"])
def test_a_proxy_that_can_be_used(monkeypatch: pytest.MonkeyPatch, address: str | None) -> None:
    if address:
        monkeypatch.setenv("HTTPS_PROXY", address)
    check_environment()


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "all_proxy"])
@pytest.mark.parametrize(
    "address", ["socks5://someone:pa55word@proxy:1", "ftp://someone:pa55word@proxy", "http://someone:pa55word@proxy:x"]
)
def test_one_that_cannot_is_named_without_its_password(
    monkeypatch: pytest.MonkeyPatch, variable: str, address: str
) -> None:
    monkeypatch.setenv(variable, address)
    with pytest.raises(ConfigurationError, match=f"^{variable}: is not the address of a proxy") as raised:
        check_environment()
    assert "pa55word" not in str(raised.value)


def test_a_file_without_certificates_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("not one")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(file))
    with pytest.raises(ConfigurationError, match=r"notes\.txt has no certificates that can be read"):
        check_environment()
