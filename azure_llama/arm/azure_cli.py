"""Reads the signed-in account from the Azure CLI; azure-identity gets the tokens."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import Any

LIMIT = 30
"""Seconds that `az` may take."""


def account(subscription: str = "") -> dict[str, Any]:
    """`az account show`: `id`, `tenantId`, `environmentName`; empty without a CLI or a signed-in account.

    Args:
        subscription: Optional. Id or name; the selected one when empty.
    """
    az = shutil.which("az")
    if az is None:
        return {}
    command = [az, "account", "show", "--output", "json"]
    command += ["--subscription", subscription] if subscription else []
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=LIMIT, check=False
        )
        found = json.loads(done.stdout) if done.returncode == 0 else {}
    except (OSError, subprocess.SubprocessError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
