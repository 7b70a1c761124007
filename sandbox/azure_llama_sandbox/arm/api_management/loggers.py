"""Loggers of a service and diagnostics of its APIs (contract 2024-05-01)."""

from __future__ import annotations

from azure_llama_sandbox.arm.api_management.common import DIAGNOSTIC, LOGGER, Child, names, require, validation_error
from azure_llama_sandbox.arm.api_management.logger_body import DiagnosticBody, LoggerBody
from azure_llama_sandbox.arm.calls import Call
from azure_llama_sandbox.arm.insights import COMPONENT
from azure_llama_sandbox.store import Resource

APPLICATION_INSIGHTS = "applicationInsights"
_DIAGNOSTICS = ("applicationinsights", "azuremonitor")
_CREDENTIALS = frozenset({"instrumentationKey", "connectionString", "identityClientId"})


class Logger(Child):
    """The destination of a service's diagnostics; its credentials are never returned."""

    type = LOGGER
    contract = LoggerBody
    names = names("a logger", 256)

    def build(self, call: Call, existing: Resource | None) -> Resource:
        """The logger, with a reference in the place of each credential."""
        given = call.properties
        if given["loggerType"] != APPLICATION_INSIGHTS:
            raise validation_error(("loggerType", f"The sandbox emulates loggers of {APPLICATION_INSIGHTS} alone."))
        credentials = given.get("credentials") or {}
        if not credentials or credentials.keys() - _CREDENTIALS:
            raise validation_error(
                ("credentials", "The credentials must be 'instrumentationKey', or 'connectionString'.")
            )
        target = given.get("resourceId")
        if target and getattr(call.store.get(target), "type", None) != COMPONENT:
            raise validation_error(("resourceId", f"The Application Insights component '{target}' was not found."))
        shown = {name: f"{{{{Logger-Credentials--{call.id.name}-{name}}}}}" for name in credentials}
        logger = self.new(call, existing, {"isBuffered": True, **given, "credentials": shown})
        logger.secrets |= {name: value for name, value in credentials.items() if value != shown[name]}
        return logger


class Diagnostic(Child):
    """The API traffic that a logger receives."""

    type = DIAGNOSTIC
    contract = DiagnosticBody
    names = names("a diagnostic")

    def build(self, call: Call, existing: Resource | None) -> Resource:
        """The diagnostic."""
        if call.id.name.lower() not in _DIAGNOSTICS:
            raise validation_error(("diagnosticId", f"A diagnostic must be named {' or '.join(_DIAGNOSTICS)}."))
        given = call.properties
        logger = require(call, LOGGER, given["loggerId"], "loggerId")
        return self.new(call, existing, {**given, "loggerId": logger.id})
