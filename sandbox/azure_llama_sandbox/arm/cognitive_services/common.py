"""Shared code of the types below Microsoft.CognitiveServices/accounts."""

from __future__ import annotations

from http import HTTPStatus

from azure_llama_sandbox.arm import operations
from azure_llama_sandbox.arm.calls import Call
from azure_llama_sandbox.arm.errors import ArmError
from azure_llama_sandbox.arm.kinds import Kind
from azure_llama_sandbox.store import Resource, Store
from azure_llama_sandbox.world import World

NAMESPACE = "Microsoft.CognitiveServices"
ACCOUNT = f"{NAMESPACE}/accounts"
DEPLOYMENT = f"{ACCOUNT}/deployments"
PROJECT = f"{ACCOUNT}/projects"
RAI_POLICY = f"{ACCOUNT}/raiPolicies"
_ACCOUNT_SEGMENTS = 9


def account_id(resource_id: str) -> str:
    """The account id of a resource that is an account or its child."""
    return "/".join(resource_id.split("/")[:_ACCOUNT_SEGMENTS])


def account_of(store: Store, resource_id: str) -> Resource:
    """The parent account of a resource."""
    account = store.get(account_id(resource_id))
    assert account is not None, resource_id
    return account


def busy(world: World, account: Resource) -> bool:
    """Whether a write to an account or one of its children runs."""
    key = account.id.lower()
    running = world.store.open_operations()
    return key in world.held or any(each.key == key or each.key.startswith(f"{key}/") for each in running)


class AccountWriter(Kind):
    """A type whose writes one account takes one after the other."""

    etagged = dated = True
    busy_code = "RequestConflict"

    def holds(self, call: Call) -> str | None:
        """The account, until the write is answered.

        Raises:
            ArmError: 409, another write has not ended.
        """
        account = account_id(call.id.text)
        own = {each.id for each in operations.running(call, call.id.text)}
        others = [each for each in operations.running(call, account, below=True) if each.id not in own]
        if account.lower() in call.world.held or others:
            raise ArmError(
                HTTPStatus.CONFLICT,
                self.busy_code,
                f"Another operation is being performed on the parent resource '{account}'. Please try again later.",
            )
        return account
