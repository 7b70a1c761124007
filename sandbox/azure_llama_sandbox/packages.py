"""The packages that only the server needs."""

from __future__ import annotations

import sys
from importlib.util import find_spec

from azure_llama_sandbox.home import HomeError

SERVER_PACKAGES = ("httptools", "starlette", "uvicorn")
"""Of the extra `sandbox`; the project without it does not install them."""


class MissingPackagesError(HomeError):
    """The server cannot run in this environment; the message states what to install."""


def require_server_packages() -> None:
    """Check that the server can be imported.

    Raises:
        MissingPackagesError: packages are missing.
    """
    missing = [name for name in SERVER_PACKAGES if find_spec(name) is None]
    if missing:
        raise MissingPackagesError(
            f"the sandbox needs packages that are not installed in {sys.prefix}: {', '.join(missing)};"
            f" run `{sys.executable} -m pip install 'azure-llama[sandbox]'`, or `make setup` in a checkout"
        )
