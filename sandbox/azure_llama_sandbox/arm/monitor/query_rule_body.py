"""The body of a Microsoft.Insights/scheduledQueryRules PUT (contract 2025-01-01-preview)."""

from __future__ import annotations

from azure_llama_sandbox.arm.contract import ABSENT, Comparison, Located, NarrowIdentity, Strict


class Actions(Strict):
    """`actions`."""

    action_groups: list[str] = ABSENT
    action_properties: dict[str, str] = ABSENT
    custom_properties: dict[str, str] = ABSENT


class ConditionFailingPeriods(Strict):
    """`criteria.allOf[].failingPeriods`."""

    min_failing_periods_to_alert: int = ABSENT
    number_of_evaluation_periods: int = ABSENT


class Condition(Strict):
    """`criteria.allOf[]`."""

    alert_sensitivity: str = ABSENT
    criterion_type: str = ABSENT
    dimensions: list[Comparison] = ABSENT
    failing_periods: ConditionFailingPeriods = ABSENT
    ignore_data_before: str = ABSENT
    metric_measure_column: str = ABSENT
    metric_name: str = ABSENT
    min_recurrence_count: int = ABSENT
    operator: str = ABSENT
    query: str = ABSENT
    resource_id_column: str = ABSENT
    threshold: float = ABSENT
    time_aggregation: str = ABSENT


class ScheduledQueryRuleCriteria(Strict):
    """`criteria`."""

    all_of: list[Condition] = ABSENT


class RuleResolveConfiguration(Strict):
    """`resolveConfiguration`."""

    auto_resolved: bool = ABSENT
    time_to_resolve: str = ABSENT


class ScheduledQueryRuleProperties(Strict):
    """`properties`."""

    actions: Actions = ABSENT
    auto_mitigate: bool = ABSENT
    check_workspace_alerts_storage_configured: bool = ABSENT
    criteria: ScheduledQueryRuleCriteria = ABSENT
    description: str = ABSENT
    display_name: str = ABSENT
    enabled: bool = ABSENT
    evaluation_frequency: str = ABSENT
    mute_actions_duration: str = ABSENT
    override_query_time_range: str = ABSENT
    resolve_configuration: RuleResolveConfiguration = ABSENT
    scopes: list[str] = ABSENT
    severity: int = ABSENT
    skip_query_validation: bool = ABSENT
    target_resource_types: list[str] = ABSENT
    window_size: str = ABSENT


class QueryRuleBody(Located):
    """A PUT's body."""

    properties: ScheduledQueryRuleProperties
    identity: NarrowIdentity = ABSENT
    kind: str = ABSENT
