"""Microsoft.Billing: the billing property of a subscription, and the policies of its billing profile.

Field names are those of the management library of 2024-04-01 (general knowledge); the figures follow the conditions.
"""

from __future__ import annotations

from http import HTTPStatus

from azure_llama_sandbox.arm import access
from azure_llama_sandbox.arm.calls import Answer, Call
from azure_llama_sandbox.arm.errors import ArmError
from azure_llama_sandbox.world import SUBSCRIPTION

_ACCOUNT = "/providers/Microsoft.Billing/billingAccounts/5a0d80c5-sandbox"
PROFILE = f"{_ACCOUNT}/billingProfiles/SAND-BOX-BG7-PGB"
_ABROAD, _HOME = "JP", "US"


def get_property(call: Call) -> Answer:
    """GET billingProperty/default of the subscription."""
    scope = f"/subscriptions/{SUBSCRIPTION}"
    access.require(call, "Microsoft.Billing/billingProperty/read", scope=scope)
    purchase = call.world.conditions().marketplace.purchase
    properties = {
        "billingAccountId": _ACCOUNT,
        "billingAccountSoldToCountry": _ABROAD if purchase == "CountryNotSupported" else _HOME,
        "billingAccountStatus": "Active",
        "billingProfileId": PROFILE,
        "billingProfilePaymentMethodFamily": "None" if purchase == "NoPaymentMethod" else "CheckWire",
        "billingProfileStatus": "Active",
    }
    id_ = f"{scope}/providers/Microsoft.Billing/billingProperty/default"
    body = {"id": id_, "name": "default", "type": "Microsoft.Billing/billingProperty", "properties": properties}
    return Answer(HTTPStatus.OK, body)


def get_policies(call: Call) -> Answer:
    """GET policies/default of the billing profile: its readers are no business of the subscription's roles."""
    if call.id.parent is None or call.id.parent.text.lower() != PROFILE.lower():
        raise ArmError(HTTPStatus.NOT_FOUND, "NotFound", "There is no such billing profile.")
    access.require(call, "Microsoft.Billing/billingProperty/read", scope=f"/subscriptions/{SUBSCRIPTION}")
    forbidden = call.world.conditions().marketplace.purchase == "EnrollmentForbids"
    properties = {"marketplacePurchases": "NotAllowed" if forbidden else "AllAllowed"}
    type_ = "Microsoft.Billing/billingAccounts/billingProfiles/policies"
    body = {"id": f"{PROFILE}/policies/default", "name": "default", "type": type_, "properties": properties}
    return Answer(HTTPStatus.OK, body)
