"""Saves Azure's answers to a file, for later checks without credentials."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from azure_llama.arm import versions
from azure_llama.catalog.quota_snapshot import Quota, QuotaSnapshot
from azure_llama.documents import json_text
from azure_llama.documents.errors import InputError
from azure_llama.documents.files import text_of, write_text
from azure_llama.preflight import model_quota, quota
from azure_llama.preflight.checks import machines
from azure_llama.preflight.foundry import accounts
from azure_llama.preflight.model_quota import ModelQuota
from azure_llama.preflight.plan import Plan
from azure_llama.preflight.quota import Existing
from azure_llama.preflight.reader import Reader, Stored

FORMAT = "azure-llama-preflight/1"


class SnapshotError(InputError):
    """An invalid file of answers; the message states the reason."""


@dataclass(frozen=True)
class Snapshot:
    """Answers that were taken.

    Attributes:
        taken: Required. When.
        subscription: Required. Id of the subscription.
        tenant: Required. Id of the tenant; empty when it is not known.
        who: Required. How the caller had signed in.
        answers: Required. What `Reader.kept` gave.
        quota: Optional. Cores of the region, as `azure_llama.catalog.quota_snapshot` has them; None if not read.
    """

    taken: datetime
    subscription: str
    tenant: str
    who: str
    answers: Mapping[str, Stored]
    quota: Mapping[str, Any] | None = None

    def save(self, path: Path) -> None:
        """Write the file, in one step.

        Raises:
            InputError: it cannot be written.
        """
        body = {
            "format": FORMAT,
            "takenAt": self.taken.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
            "subscription": self.subscription,
            "tenant": self.tenant,
            "who": self.who,
            "quota": self.quota,
            "answers": self.answers,
        }
        write_text(path, json.dumps(body, indent=2) + "\n")


def load(path: Path) -> Snapshot:
    """Read the file.

    Raises:
        SnapshotError: it cannot be read, or holds something else.
    """
    try:
        body = json_text.parse(text_of(path), str(path))
    except InputError as error:
        raise SnapshotError(f"{error}; give a file that --save wrote") from None
    if not isinstance(body, dict) or body.get("format") != FORMAT:
        raise SnapshotError(f"{path}: is not of the format {FORMAT}; give a file that --save wrote")
    answers = body.get("answers")
    try:
        taken = datetime.fromisoformat(str(body["takenAt"]))
        if taken.tzinfo is None or not isinstance(answers, dict):
            raise ValueError
        if not all(isinstance(each, dict) for each in answers.values()):
            raise ValueError
        return Snapshot(
            taken, str(body["subscription"]), str(body["tenant"]), str(body["who"]), answers, body.get("quota")
        )
    except (KeyError, ValueError):
        raise SnapshotError(f"{path}: lacks takenAt, subscription, tenant, who or answers; take it again") from None


def quota_of(
    plan: Plan,
    rows: list[dict[str, Any]],
    existing: Mapping[str, Existing],
    taken: datetime,
    models: ModelQuota | None = None,
) -> QuotaSnapshot | None:
    """The region's quota in the form that rules read; None when Azure's answer lists no family.

    Args:
        plan: Required.
        rows: Required. Rows of the usages API.
        existing: Required. The plan's deployments that are there, by `<endpoint>/<deployment>`.
        taken: Required. When.
        models: Optional. The quota of deployments on Foundry accounts; None for a stack without accounts.
    """
    usages = quota.read_usages(rows, plan.catalog)
    if not usages.families:
        return None
    total = usages.total
    group = plan.group.rsplit("/", 1)[-1]
    return QuotaSnapshot(
        region=plan.region,
        taken_at=taken,
        subscription=plan.subscription,
        families={name: Quota(limit=each.limit, used=each.used) for name, each in usages.families.items()},
        models={each.name: Quota(limit=each.limit, used=each.used) for each in models.usages.values()}
        if models
        else {},
        total=Quota(limit=total.limit, used=total.used) if total else None,
        deployments={
            f"{group}/{plan.workspace_name}/{key}": each.cores
            for key, each in existing.items()
            if each.cores is not None
        }
        | ({_short(need.arm_id): need.held for need in models.needs if need.held} if models else {}),
    )


def _short(deployment_id: str) -> str:
    """`<resource group>/<account>/<deployment>` of a deployment on a Foundry account."""
    parts = deployment_id.split("/")
    return f"{parts[4]}/{parts[8]}/{parts[10]}"


async def read_quota(plan: Plan, azure: Reader, taken: datetime) -> QuotaSnapshot | None:
    """The region's quota, from saved or new answers.

    Raises:
        ArmError: Azure does not say them.
    """
    rows = await azure.list(machines.location(plan, "usages"), versions.MACHINE_LEARNING)
    models = await model_quota.read_quota(plan, azure) if accounts(plan) else None
    return quota_of(plan, rows, await machines.deployments(plan, azure), taken, models)
