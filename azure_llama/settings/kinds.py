"""The base of the settings of all kinds of endpoint, and an iteration over all endpoints.

The settings of a kind are a field of `Settings` that has the kind's name: a map of an `EndpointSettings` by name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Literal, TypeVar

from azure_llama.catalog import EndpointKind
from azure_llama.settings.base import StrictModel
from azure_llama.settings.problems import Violation

if TYPE_CHECKING:
    from azure_llama.settings.deployments import DeploymentSettings
    from azure_llama.settings.workspace import WorkspaceSettings


class EndpointSettings(StrictModel):
    """An endpoint. A kind overrides what is different for it."""

    @property
    def has_keys(self) -> bool:
        """Whether the endpoint has keys that this stack can read."""
        return False

    @property
    def exists(self) -> bool:
        """Whether the endpoint exists already, outside this stack."""
        return False

    @property
    def url_is_known(self) -> bool:
        """Whether this stack knows its address."""
        return True

    @property
    def existing_account(self) -> str | None:
        """ARM id of the Foundry account that exists already; None for one of the stack's own, and for other kinds."""
        return None

    @property
    def answers_openai(self) -> bool:
        """Whether it answers any route of OpenAI's API."""
        return True

    @property
    def machines(self) -> Mapping[str, DeploymentSettings]:
        """Its deployments on machines of the subscription, by name."""
        return {}

    @property
    def stopped_machines(self) -> tuple[str, ...]:
        """Names of its managed deployments that are stopped: nothing of them is created."""
        return ()

    @property
    def connected_to(self) -> Mapping[str, str]:
        """ARM ids of the workspaces that have a connection to it, by the connection's name."""
        return {}

    @property
    def shares_quota(self) -> bool:
        """Whether its machines are on Azure's shared quota."""
        return False

    @property
    def assigned_identity(self) -> str | None:
        """ARM id of its user-assigned identity; None when it has none."""
        return None

    @property
    def lock_level(self) -> Literal["None", "CanNotDelete"]:
        """The lock on the endpoint itself."""
        return "None"

    @property
    def needs_content_safety(self) -> bool:
        """Whether the stack has an Azure AI Content Safety account for callers of this endpoint."""
        return False

    @property
    def auth_mode(self) -> str | None:
        """The authentication mode of its callers, one of the kind's `auth_modes`; None where it is unknown."""
        return None if self.exists else getattr(self, "auth", None)

    @property
    def model_names(self) -> tuple[str, ...] | None:
        """The value that its callers send as `model`; None where it is not set."""
        return None

    def names_by_token(self, name: str) -> tuple[str, ...]:
        """The output names of its models that are billed by tokens; empty for other kinds.

        Args:
            name: Required. The endpoint's name.
        """
        return (name,)

    def violations_in(self, workspace: WorkspaceSettings | None) -> Iterator[Violation]:
        """The rules that bind the endpoint and the stack's workspace, where it violates them.

        Args:
            workspace: Required. The workspace; None for a stack without one. A value of it that is invalid raises
                `InvalidValueError`.
        """
        yield from ()


Asked = TypeVar("Asked", bound=EndpointSettings)


@dataclass(frozen=True)
class StackEndpoint(Generic[Asked]):
    """An endpoint of a stack.

    Attributes:
        kind: Required. Its kind.
        name: Required. Its name.
        settings: Required. What the stack asks for.
    """

    kind: EndpointKind
    name: str
    settings: Asked

    @property
    def place(self) -> str:
        """Its place in the configuration: `serverless.llama-33-70b`."""
        return f"{self.kind.name}.{self.name}"

    def machine_place(self, deployment: str) -> str:
        """The place of one of its managed deployments in the configuration: `managed.llama-8b.deployments.blue`."""
        return f"{self.place}.deployments.{deployment}"
