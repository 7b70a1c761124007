"""TLS settings: trusted certificates and the environment's proxy."""

from __future__ import annotations

import os
import ssl
from functools import lru_cache
from pathlib import Path

import httpx

from azure_llama.arm.errors import ConfigurationError

_PROXIES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY")
_VARIABLES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


def trust() -> ssl.SSLContext | bool:
    """As httpx takes it: the roots of the file that the environment names, for whichever client it names it.

    azure-identity reads the second variable and httpx the first; behind a company's proxy people set one of them.

    Raises:
        ConfigurationError: the file has none.
    """
    for variable in _VARIABLES:
        bundle = os.environ.get(variable)
        if bundle and Path(bundle).is_file():
            try:
                return _context(bundle, Path(bundle).stat().st_mtime_ns)
            except OSError:
                said = f"{variable}: {bundle} has no certificates that can be read; name a file of PEM certificates"
                raise ConfigurationError(said) from None
    return True


def check_environment() -> None:
    """Look at the environment's certificates and proxy, before a client fails on them.

    Raises:
        ConfigurationError: they cannot be used. The proxy's address, which may hold a password, is not in the text.
    """
    try:
        httpx.Client(verify=trust()).close()
    except (ImportError, ValueError, httpx.InvalidURL):
        named = [given for each in _PROXIES for given in (each, each.lower()) if os.environ.get(given)]
        said = f"{' or '.join(named)}: is not the address of a proxy that can be used"
        raise ConfigurationError(f"{said}; write one such as http://proxy.example.com:8080") from None


@lru_cache(maxsize=4)
def _context(bundle: str, _: int) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=bundle)
