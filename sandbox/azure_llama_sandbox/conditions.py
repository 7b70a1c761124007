"""Conditions of the sandbox's subscription that no ARM request can set, defined by a script.

The script is `conditions.yaml` in the sandbox's folder; it is read again whenever it changes, and may say any of:

    subscription: {state: Warned, quotaId: FreeTrial_2014-09-01, spendingLimit: "On"}
    marketplace: {purchase: NoPaymentMethod}
    sizes: {notOffered: {eastus2: [Standard_NC24ads_A100_v4]}, noCapacity: {eastus2: [Standard_NC40ads_H100_v5]}}
    deployments: {"vllm/vllm-openai:v0": ImageBuildFailure}
    names: {taken: [llama-8b.eastus2.inference.ml.azure.com, llamastore.blob.core.windows.net]}
    tokens: {lifetime: 60}
    computes: {requireAction: false}
    foundry: {quota: {AIServices.GlobalStandard.MaaS: 0}, lifecycle: {Meta.Llama-3.3-70B-Instruct.9: Deprecating}}
    features: {Llama-3.3-70B-Instruct: {tools: called, jsonSchema: true, images: 1}}

What requests can set is not here: quota (`updateQuotas`), registered providers (`register`, `unregister`), names that
are soft-deleted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel

from azure_llama.catalog.subscription_offers import Money, find_offer

NEW_DEPLOYMENTS_IN = ("Enabled", "PastDue")
"""States in which a subscription takes PUT, PATCH and POST; the others take GET and DELETE (subscription-states)."""


DeploymentCode = Literal[
    "BadArgument", "ImageBuildFailure", "InternalServerError", "OperationCanceled", "OutOfQuota", "ResourceNotReady"
]
"""Codes with which a deployment can be made to fail."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, alias_generator=to_camel)


class Subscription(_Part):
    """The subscription itself.

    Attributes:
        state: Optional. As ARM tells it.
        quota_id: Optional. Of its offer, as ARM tells it. An Enterprise Agreement is the only one with shared quota.
        spending_limit: Optional. As ARM tells it.
    """

    state: Literal["Enabled", "Warned", "PastDue", "Disabled", "Deleted"] = "Enabled"
    quota_id: str = "EnterpriseAgreement_2014-09-01"
    spending_limit: Literal["On", "Off", "CurrentPeriodOff"] = "Off"


class Marketplace(_Part):
    """The purchases that the billing account allows.

    Attributes:
        purchase: Optional. `Allowed`, or why not: no valid payment method, the enrolment's policy, the country of the
            billing account.
    """

    purchase: Literal["Allowed", "NoPaymentMethod", "EnrollmentForbids", "CountryNotSupported"] = "Allowed"


class Sizes(_Part):
    """VM sizes.

    Attributes:
        not_offered: Optional. Region to sizes that Azure ML does not offer there, whatever the catalogue says.
        no_capacity: Optional. Region to sizes of which no machine is free there: deployments fail with OutOfCapacity.
    """

    not_offered: Mapping[str, list[str]] = Field(default_factory=dict)
    no_capacity: Mapping[str, list[str]] = Field(default_factory=dict)


class Names(_Part):
    """Names that are unique beyond the subscription.

    Attributes:
        taken: Optional. DNS names that somebody else holds: of endpoints, storage accounts, vaults.
    """

    taken: list[str] = Field(default_factory=list)


class Tokens(_Part):
    """Access tokens of Entra ID.

    Attributes:
        lifetime: Optional. Seconds, at least 1. Clients request a new token when the one they have ends in 5 minutes.
    """

    lifetime: Annotated[int, Field(ge=1)] = 3599


class Computes(_Part):
    """Computes of Azure ML.

    Attributes:
        require_action: Optional. Whether a DELETE needs `underlyingResourceAction`. Azure ML's API description requires
            it; nobody has recorded what Azure does without it, and azure-native does not send it.
    """

    require_action: bool = True


class Foundry(_Part):
    """The models that Foundry accounts can deploy.

    Attributes:
        quota: Optional. Usage name to limit, in every region.
        lifecycle: Optional. Model (`FORMAT.NAME.VERSION`) to its `lifecycleStatus`.
        no_access: Optional. Names of models that the subscription has no access to.
        accounts: Optional. `Refused`: the subscription's offer does not include accounts.
        inside: Optional. Whether callers are inside the virtual network of the account's private endpoint.
    """

    quota: Mapping[str, Annotated[int, Field(ge=0)]] = Field(default_factory=dict)
    lifecycle: Mapping[str, Literal["Stable", "Preview", "GenerallyAvailable", "Deprecating", "Deprecated"]] = Field(
        default_factory=dict
    )
    no_access: list[str] = Field(default_factory=list)
    accounts: Literal["Allowed", "Refused"] = "Allowed"
    inside: bool = False


class ModelFeatures(_Part):
    """Overrides of a model's features in the catalogue.

    Attributes:
        tools: Optional. What becomes of tools that a request offers.
        json_object, json_schema: Optional. Whether it answers in JSON, and by a schema.
        images: Optional. How many images a request may hold.
    """

    tools: Literal["called", "ignored", "refused"] | None = None
    json_object: bool | None = None
    json_schema: bool | None = None
    images: Annotated[int, Field(ge=0)] | None = None


class Conditions(_Part):
    """All of them.

    Attributes:
        subscription, marketplace, sizes, names, tokens, computes, foundry: Optional. See there.
        features: Optional. By the name of the model.
        deployments: Optional. A part of the id of a model, environment or code, or of the name of an image, to the code
            with which deployments that run it fail.
    """

    subscription: Subscription = Subscription()
    marketplace: Marketplace = Marketplace()
    sizes: Sizes = Sizes()
    names: Names = Names()
    tokens: Tokens = Tokens()
    computes: Computes = Computes()
    foundry: Foundry = Foundry()
    features: Mapping[str, ModelFeatures] = Field(default_factory=dict)
    deployments: Mapping[str, DeploymentCode] = Field(default_factory=dict)

    @cached_property
    def _taken(self) -> frozenset[str]:
        return frozenset(name.lower() for name in self.names.taken)

    def takes(self, host: str) -> bool:
        """Whether a DNS name is in use by another customer."""
        return host.lower() in self._taken

    def withheld_sizes(self, region: str) -> frozenset[str]:
        """Sizes, in lower case, that are not offered in a region."""
        return frozenset(size.lower() for size in self.sizes.not_offered.get(region, ()))

    def sizes_without_capacity(self, region: str) -> frozenset[str]:
        """Sizes, in lower case, of which no machine is free in a region."""
        return frozenset(size.lower() for size in self.sizes.no_capacity.get(region, ()))

    def failure_of(self, runs: Iterable[str]) -> DeploymentCode | None:
        """The code with which a deployment fails that runs what these ids and images name; None when it does not."""
        found = ((part.lower(), code) for part, code in self.deployments.items())
        ids = [each.lower() for each in runs]
        return next((code for part, code in found if any(part in each for each in ids)), None)

    @property
    def refused_purchase(self) -> str | None:
        """Azure's error when this subscription cannot buy from the marketplace; None when it can."""
        offer = find_offer(self.subscription.quota_id)
        if offer is not None and offer.money is Money.CREDIT:
            return (
                f"The offer of the subscription ({self.subscription.quota_id}) cannot be used to buy from the Azure"
                " Marketplace. Use a paid subscription."
            )
        return _REASONS.get(self.marketplace.purchase)


_REASONS = {
    "NoPaymentMethod": "The payment instrument is not valid: there is no valid payment method for the subscription."
    " See https://aka.ms/SaaSPurchaseErrors",
    "EnrollmentForbids": "The Azure Marketplace is not enabled for the enrollment. Ask its administrator to allow"
    " purchases.",
    "CountryNotSupported": "The offer is not available in the country or region of the billing account.",
}


class ConditionsError(Exception):
    """The script has an error; the message states the place."""


class ConditionsScript:
    """The current conditions of the script.

    Args:
        script: Required. The file; without it all is well.
    """

    def __init__(self, script: Path) -> None:
        self._script = script
        self._read_at: tuple[int, int] | None = None
        self._current = _NORMAL

    def __call__(self) -> Conditions:
        """Read it, if it has changed.

        Raises:
            ConditionsError: it has an error.
        """
        try:
            found = self._script.stat()
        except FileNotFoundError:
            self._read_at, self._current = None, _NORMAL
            return self._current
        if (found.st_mtime_ns, found.st_size) != self._read_at:
            self._current = self._load()
            self._read_at = (found.st_mtime_ns, found.st_size)
        return self._current

    def _load(self) -> Conditions:
        try:
            return _CONDITIONS.validate_python(yaml.safe_load(self._script.read_text()) or {})
        except (yaml.YAMLError, UnicodeDecodeError, ValidationError) as error:
            raise ConditionsError(f"{self._script.name}: {told(error)}") from None


_CONDITIONS: TypeAdapter[Conditions] = TypeAdapter(Conditions)
_NORMAL = Conditions()


def told(error: Exception) -> str:
    """The errors of a script, in one line."""
    if not isinstance(error, ValidationError):
        return " ".join(str(error).split())
    places = (
        f"{'.'.join(map(str, each['loc'])) or 'the script'}: {each['msg']}"
        for each in error.errors(include_url=False, include_input=False)
    )
    return "; ".join(places)
