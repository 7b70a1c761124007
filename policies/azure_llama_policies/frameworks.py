"""Controls of the Microsoft cloud security benchmark (MCSB) that rules serve."""

from __future__ import annotations

from typing import Final

from azure_llama_policies.rule import Framework


def _control(reference: str, specification: str) -> tuple[Framework, ...]:
    return (Framework("Microsoft cloud security benchmark", "v1", reference, specification),)


NETWORK: Final = _control("NS-2", "Secure cloud native services with network controls")
IDENTITY: Final = _control("IM-1", "Use centralized identity and authentication system")
CREDENTIALS: Final = _control("IM-8", "Restrict the exposure of credentials and secrets")
LEAST_PRIVILEGE: Final = _control("PA-7", "Follow just enough administration (least privilege) principle")
IN_TRANSIT: Final = _control("DP-3", "Encrypt sensitive data in transit")
KEY_STORE: Final = _control("DP-8", "Ensure security of key and certificate repository")
LOGGING: Final = _control("LT-3", "Enable logging for security investigation")
INVENTORY: Final = _control("AM-1", "Track asset inventory and their risks")
