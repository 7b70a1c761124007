"""Microsoft.Insights/diagnosticSettings (contract 2021-05-01-preview): where a resource's logs and metrics go."""

from __future__ import annotations

from http import HTTPStatus

from pydantic import Field

from azure_llama.catalog.names import NameRule
from azure_llama_sandbox.arm import access
from azure_llama_sandbox.arm.calls import Call
from azure_llama_sandbox.arm.contract import ABSENT, Strict
from azure_llama_sandbox.arm.errors import ArmError, bad_request
from azure_llama_sandbox.arm.ids import parse
from azure_llama_sandbox.arm.kinds import Body, Kind
from azure_llama_sandbox.arm.monitor import offered
from azure_llama_sandbox.arm.operational_insights import LOG_ANALYTICS
from azure_llama_sandbox.arm.storage import ACCOUNT
from azure_llama_sandbox.store import Resource

SETTING = "Microsoft.Insights/diagnosticSettings"
_MOST = 5
_SINKS = {"workspaceId": LOG_ANALYTICS, "storageAccountId": ACCOUNT}
_OTHER_SINKS = ("eventHubAuthorizationRuleId", "serviceBusRuleId", "marketplacePartnerId")


class RetentionPolicy(Strict):
    """`logs[].retentionPolicy`."""

    days: int = Field(ge=0)
    enabled: bool


class LogSettings(Strict):
    """One of `logs`."""

    enabled: bool
    category: str = ABSENT
    category_group: str = ABSENT
    retention_policy: RetentionPolicy = ABSENT


class MetricSettings(Strict):
    """One of `metrics`."""

    enabled: bool
    category: str = ABSENT
    retention_policy: RetentionPolicy = ABSENT
    time_grain: str = ABSENT


class DiagnosticProperties(Strict):
    """`properties`."""

    event_hub_authorization_rule_id: str = ABSENT
    event_hub_name: str = ABSENT
    log_analytics_destination_type: str = ABSENT
    logs: list[LogSettings] = ABSENT
    marketplace_partner_id: str = ABSENT
    metrics: list[MetricSettings] = ABSENT
    service_bus_rule_id: str = ABSENT
    storage_account_id: str = ABSENT
    workspace_id: str = ABSENT


class DiagnosticBody(Strict):
    """A PUT's body."""

    properties: DiagnosticProperties = ABSENT


class DiagnosticSetting(Kind):
    """A diagnostic setting on a resource."""

    type = SETTING
    contract = DiagnosticBody
    names = NameRule(
        "a diagnostic setting", r"[^*<>%:&\\?+/]+", 1, 260, "no *, <, >, %, :, &, \\, ?, + or /", "azure-names-2020-02",
        "2020-02-11",
    )  # fmt: skip
    located = False
    stateful = False
    extension = True
    fresh = HTTPStatus.OK
    patchable = frozenset()

    def build(self, call: Call, existing: Resource | None) -> Resource:
        """The setting."""
        given = call.properties
        _check_sinks(call, given)
        logs, metrics = given.get("logs") or [], given.get("metrics") or []
        if not logs and not metrics:
            raise bad_request("At least one of 'properties.logs' and 'properties.metrics' needs an entry.")
        holder = parse(call.id.scope)
        _check_categories(holder.type if holder else "", logs, metrics)
        _check_others(call, given, logs, metrics)
        off = {"enabled": False, "days": 0}
        filled: Body = {
            "logs": [{"retentionPolicy": off, **each} for each in logs],
            "metrics": [{"retentionPolicy": off, **each} for each in metrics],
        }
        return self.new(call, existing, given | filled)


def _check_sinks(call: Call, given: Body) -> None:
    if not any(given.get(name) for name in (*_SINKS, *_OTHER_SINKS)):
        raise bad_request("At least one data sink needs to be specified.", target="properties")
    for name, type_ in _SINKS.items():
        id_ = given.get(name)
        if not id_:
            continue
        found = call.store.get(id_)
        if found is None or found.type != type_:
            raise bad_request(f"Resource '{id_}' of 'properties.{name}' was not found.", target=f"properties.{name}")


def _check_categories(type_: str, logs: list[Body], metrics: list[Body]) -> None:
    known = offered.LOGS.get(type_.lower())
    if known is None:
        raise bad_request(
            f"The resource type '{type_.lower()}' does not support diagnostic settings, as far as the sandbox knows.",
            code="ResourceTypeNotSupported",
        )
    for index, each in enumerate(logs):
        path = f"properties.logs[{index}]"
        category, group = each.get("category"), each.get("categoryGroup")
        if (category is None) == (group is None):
            raise bad_request(f"'{path}' needs one of category and categoryGroup.", target=path)
        if category is not None and category not in known:
            raise bad_request(
                f"Category '{category}' is not supported. Supported: {', '.join(sorted(known)) or 'none'}.", target=path
            )
        if group is not None and (group not in offered.LOG_GROUPS or not known):
            raise bad_request(f"Category group '{group}' is not supported by '{type_}'.", target=path)
    for index, each in enumerate(metrics):
        path = f"properties.metrics[{index}]"
        if each.get("category") not in offered.METRIC_CATEGORIES or type_.lower() in offered.NO_METRICS:
            raise bad_request(f"Metric category '{each.get('category')}' is not supported by '{type_}'.", target=path)
    for each in (*logs, *metrics):
        if (each.get("retentionPolicy") or {}).get("enabled"):
            raise bad_request("Diagnostic settings does not support retention for new diagnostic settings.")


def _check_others(call: Call, given: Body, logs: list[Body], metrics: list[Body]) -> None:
    """Refuse more settings than a resource takes, and the same to the same place twice."""
    own = call.id.text.lower()
    beside = [
        each
        for each in call.store.of_type(SETTING)
        if access.assignment_scope(each.id).lower() == call.id.scope.lower() and each.id.lower() != own
    ]
    if len(beside) >= _MOST:
        raise ArmError(
            HTTPStatus.CONFLICT,
            "Conflict",
            f"The limit of {_MOST} diagnostic settings was reached. To create new diagnostics setting, delete an"
            " existing one.",
        )
    wanted = {_category(each) for each in (*logs, *metrics) if each["enabled"]}
    for other in beside:
        has = {_category(e) for e in (*other.properties["logs"], *other.properties["metrics"]) if e["enabled"]}
        for name in _SINKS:
            same = str(given.get(name, "")).lower() == str(other.properties.get(name, "-")).lower()
            if same and wanted & has:
                raise ArmError(
                    HTTPStatus.CONFLICT,
                    "Conflict",
                    f"Data sink '{given[name]}' is already used in diagnostic setting '{other.name}' for category"
                    f" '{min(wanted & has)}'. Data sinks can't be reused in different settings on the same category for"
                    " the same resource.",
                )


def _category(entry: Body) -> str:
    return str(entry.get("category") or entry.get("categoryGroup"))
