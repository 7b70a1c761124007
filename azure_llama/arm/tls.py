"""Which certificates are trusted."""

from __future__ import annotations

import os
import ssl
from functools import lru_cache
from pathlib import Path

_VARIABLES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


def trust() -> ssl.SSLContext | bool:
    """As httpx takes it: the roots of the file that the environment names, for whichever client it names it.

    azure-identity reads the second variable and httpx the first; behind a company's proxy people set one of them.
    """
    for variable in _VARIABLES:
        bundle = os.environ.get(variable)
        if bundle and Path(bundle).is_file():
            return _context(bundle, Path(bundle).stat().st_mtime_ns)
    return True


@lru_cache(maxsize=4)
def _context(bundle: str, _: int) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=bundle)
