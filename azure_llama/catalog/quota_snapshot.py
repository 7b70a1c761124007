"""The quota of Azure ML and of models in a region at a moment: written by `azure-llama preflight`, read by rules.

A JSON file:

    {
      "region": "eastus2",
      "takenAt": "2026-11-25T08:00:00Z",
      "subscription": "00000000-0000-0000-0000-000000000000",
      "families": {"standardNCADSA100v4Family": {"limit": 48, "used": 24}},
      "total": {"limit": 300, "used": 24},
      "models": {"AIServices.GlobalStandard.Llama-3.3-70B-Instruct": {"limit": 400, "used": 100}},
      "deployments": {"rg-llama/llama-dev/llama-8b/blue": 24, "rg-llama/contoso-llama/chat": 100}
    }

`families` has dedicated cores by any of a family's names, and at least one family; a limit of -1 is none. `total` is
"Total Cluster Dedicated Regional vCPUs". `models` has the capacity of deployments on Foundry accounts by Azure's usage
name. `deployments` says which deployments hold the used quota, as far as that was asked: the cores of managed ones by
resource group, workspace, endpoint and deployment, and the capacity of those on Foundry accounts by resource group,
account and deployment. With it, a stack that is deployed already is not counted twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from azure_llama.catalog.catalog import Catalog
from azure_llama.documents import json_text
from azure_llama.documents.errors import InputError
from azure_llama.documents.files import text_of
from azure_llama.documents.problems import FileProblem
from azure_llama.documents.validation import translate

_FORM = "the form that `azure-llama quota show --save FILE` writes"
Cores = Annotated[int, Field(ge=0)]


class QuotaSnapshotError(InputError):
    """A snapshot that cannot be used; its text names the file and every problem in it."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=to_camel, validate_by_name=True)


class Quota(_Part):
    """Cores of a family or of all of them together, or the capacity of a model's deployments.

    Attributes:
        limit: Required. How many there may be; -1 for no limit.
        used: Required. How many there are.
    """

    limit: Annotated[int, Field(ge=-1)]
    used: Cores

    def left(self, own: int = 0) -> int | None:
        """Cores that are free, counting `own` of the used ones as free; None when there is no limit."""
        return None if self.limit < 0 else self.limit - max(self.used - own, 0)


class QuotaSnapshot(_Part):
    """The quota of one region.

    Attributes:
        region: Required. ARM name of the region.
        taken_at: Required. When it was read, with a time zone.
        subscription: Optional. GUID of the subscription.
        families: Required. Quota of each family, by any of its names; not empty.
        models: Optional. Quota of deployments on Foundry accounts, by Azure's usage name; empty when it was not read.
        total: Optional. Quota of all families together; None when it was not read.
        deployments: Optional. What deployments hold of the used quota: cores of managed ones by
            `<resource group>/<workspace>/<endpoint>/<deployment>`, capacity of those on Foundry accounts by
            `<resource group>/<account>/<deployment>`.
    """

    region: Annotated[str, Field(min_length=1)]
    taken_at: AwareDatetime
    subscription: str | None = None
    families: Mapping[str, Quota]
    models: Mapping[str, Quota] = Field(default_factory=dict)
    total: Quota | None = None
    deployments: Mapping[str, Cores] = Field(default_factory=dict)

    @field_validator("families")
    @classmethod
    def _not_empty(cls, families: Mapping[str, Quota]) -> Mapping[str, Quota]:
        """Azure always lists families. Version 0.1 could not read them and wrote none, and a total of 0."""
        if not families:
            raise PydanticCustomError(
                "no_families",
                "must have at least one family; write a new snapshot with `azure-llama quota show --save`",
            )
        return families

    def family(self, name: str, catalog: Catalog) -> Quota | None:
        """The quota of a family, by any of the names that a catalogue has; None when the snapshot does not have it."""
        return next((quota for key, quota in self.families.items() if catalog.same_quota_family(key, name)), None)

    def model(self, usage_name: str) -> Quota | None:
        """The quota of a usage name, in any letter case; None when the snapshot does not have it."""
        return next((quota for key, quota in self.models.items() if key.casefold() == usage_name.casefold()), None)

    def held_by(self, deployment: str) -> int:
        """The used quota that a deployment holds; 0 when it holds none. Names match in any letter case."""
        known = {key.casefold(): held for key, held in self.deployments.items()}
        return known.get(deployment.casefold(), 0)

    def dump(self) -> str:
        """The text of the file."""
        return self.model_dump_json(by_alias=True, indent=2) + "\n"


def parse(text: str, name: str = "the quota snapshot") -> QuotaSnapshot:
    """A snapshot from the text of its file.

    Args:
        text: Required. The text.
        name: Optional. What errors call it.

    Raises:
        QuotaSnapshotError: it is not JSON, or not such a snapshot; the text has every error.
    """
    try:
        return QuotaSnapshot.model_validate(json_text.parse(text, name))
    except InputError as error:
        raise QuotaSnapshotError(error.problems) from None
    except ValidationError as error:
        raise QuotaSnapshotError(
            FileProblem(name, problem, ".".join(where))
            for where, problem in (translate(each, QuotaSnapshot, _FORM) for each in error.errors(include_url=False))
        ) from None


def load(path: Path) -> QuotaSnapshot:
    """The snapshot of a file.

    Raises:
        QuotaSnapshotError: the file cannot be read, or holds no snapshot.
    """
    try:
        text = text_of(path)
    except InputError as error:
        raise QuotaSnapshotError(error.problems) from None
    return parse(text, str(path))
