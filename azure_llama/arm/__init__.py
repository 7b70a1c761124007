"""Calls Azure Resource Manager over HTTPS: sign-in, retries, paging and polling.

async with ArmClient(sign_in(config)) as arm:
    sizes = await arm.list(f"/subscriptions/{arm.sign_in.subscription}/providers/...", "2025-12-01")
"""

from __future__ import annotations

from azure_llama.arm.client import ArmClient
from azure_llama.arm.clouds import Cloud
from azure_llama.arm.errors import (
    ArmError,
    ConfigurationError,
    ForbiddenError,
    HalfAnswerError,
    NoNetworkError,
    NotAzureError,
    NotFoundError,
    RefusedError,
    SignInError,
    ThrottledError,
    UnavailableError,
    masked,
)
from azure_llama.arm.sign_in import SignIn, sign_in

__all__ = [
    "ArmClient",
    "ArmError",
    "Cloud",
    "ConfigurationError",
    "ForbiddenError",
    "HalfAnswerError",
    "NoNetworkError",
    "NotAzureError",
    "NotFoundError",
    "RefusedError",
    "SignIn",
    "SignInError",
    "ThrottledError",
    "UnavailableError",
    "masked",
    "sign_in",
]
