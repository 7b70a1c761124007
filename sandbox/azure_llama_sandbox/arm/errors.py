"""Refusals, in the envelopes that ARM and the Azure ML provider use."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

_FRONT_END = "managementfrontend"
_GATEWAY = {"x-ms-failure-cause": "gateway"}
"""The header by which ARM says that it refused by itself."""


class ArmError(Exception):
    """A refusal.

    Never with `Retry-After`: the official clients would repeat any refusal that carries one.

    Attributes:
        status: Required. HTTP status.
        code: Required. ARM error code.
        message: Required. What was asked, the rule, and what to do.
        target: Optional. The property or resource that is at fault.
        details: Optional. Further errors, each with `code` and `message`.
        additional_info: Optional. Typed facts of the resource provider.
        headers: Optional. Further response headers.
        inner: `innerError`, the nested codes of Azure ML; set after construction.
        beside: What stands beside the error in the answer; set after construction.
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        target: str | None = None,
        details: Sequence[Mapping[str, Any]] = (),
        additional_info: Sequence[Mapping[str, Any]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.target = target
        self.details = [dict(detail) for detail in details]
        self.additional_info = [dict(info) for info in additional_info]
        self.headers = dict(headers or {})
        self.inner: Mapping[str, Any] | None = None
        self.beside: dict[str, Any] = {}

    @property
    def error(self) -> dict[str, Any]:
        """The error object."""
        error: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.target is not None:
            error["target"] = self.target
        if self.details or self.inner is not None:
            error["details"] = self.details
        if self.additional_info:
            error["additionalInfo"] = self.additional_info
        if self.inner is not None:
            error["innerError"] = self.inner
        return error

    def stored(self) -> dict[str, Any]:
        """As an operation that failed with it keeps it."""
        return self.error | {"httpStatus": self.status}


def user_error(
    message: str,
    *inner: str,
    location: str = "",
    target: str | None = None,
    status: int = HTTPStatus.BAD_REQUEST,
    code: str = "UserError",
    component: str = _FRONT_END,
) -> ArmError:
    """A refusal of Microsoft.MachineLearningServices.

    It says `UserError` whatever the error is; the useful code is in `innerError` (as recorded) and inside
    `additionalInfo` of type `InnerError` (as users report it).

    Args:
        message: Required. The text.
        inner: Required. Codes of the nested inner errors, outermost first.
        location: Optional. The workspace's region.
        target: Optional. The property at fault.
        status: Optional. HTTP status.
        code: Optional. The outer code, where it is not `UserError`.
        component: Optional. The part of the service that refuses.
    """
    nested: dict[str, Any] | None = None
    for inner_code in reversed(inner):
        nested = {"code": inner_code, "innerError": nested}
    beside: dict[str, Any] = {
        "componentName": component,
        "correlation": {"operation": uuid.uuid4().hex, "request": uuid.uuid4().hex[:16]},
        "environment": location,
        "location": location,
        "time": datetime.now(UTC).isoformat(),
    }
    reported = component == _FRONT_END
    facts = {name[0].upper() + name[1:]: value for name, value in beside.items()} | {"InnerError": nested}
    info = [{"type": type_, "info": {"value": value}} for type_, value in facts.items()] if reported else []
    refused = ArmError(status, code, message, target=target, additional_info=info)
    refused.inner = nested
    refused.beside = beside | {"statusCode": int(status)}
    return refused


def conflict(operation_id: str, target: str, code: str = "Conflict") -> ArmError:
    """A change while another one runs."""
    return ArmError(
        HTTPStatus.CONFLICT,
        code,
        f"There is already another operation with ID [{operation_id}] running on '{target}'."
        " Wait until it has ended and try again.",
    )


def resource_not_found(type_: str, name: str, group: str | None) -> ArmError:
    """A resource that does not exist."""
    return ArmError(
        HTTPStatus.NOT_FOUND,
        "ResourceNotFound",
        f"The Resource '{type_}/{name}' under resource group '{group or ''}' was not found."
        " For more details please go to https://aka.ms/ARMResourceNotFoundFix",
        headers=_GATEWAY,
    )


def group_not_found(group: str) -> ArmError:
    """A resource group that does not exist."""
    message = f"Resource group '{group}' could not be found."
    return ArmError(HTTPStatus.NOT_FOUND, "ResourceGroupNotFound", message, headers=_GATEWAY)


def bad_request(message: str, *, target: str | None = None, code: str = "BadRequest") -> ArmError:
    """An error for an invalid body."""
    return ArmError(HTTPStatus.BAD_REQUEST, code, message, target=target)


def not_played(what: str) -> ArmError:
    """A request that Azure supports and the sandbox does not emulate."""
    return ArmError(
        HTTPStatus.NOT_FOUND,
        "InvalidResourceType",
        f"The resource type could not be found: the sandbox does not play {what}.",
    )
