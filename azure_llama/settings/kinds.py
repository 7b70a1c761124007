"""What the settings of each kind of endpoint have in common, and one iteration over the endpoints of all kinds.

The settings of a kind are a field of `Settings` that has the kind's name: a map of an `EndpointSettings` by name.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from azure_llama.catalog import EndpointKind
from azure_llama.settings.base import StrictModel
from azure_llama.settings.problems import Violation

if TYPE_CHECKING:
    from azure_llama.settings.workspace import WorkspaceSettings


class EndpointSettings(StrictModel):
    """An endpoint. A kind overrides what is different for it."""

    @property
    def has_keys(self) -> bool:
        """Whether the endpoint has keys that this stack can read."""
        return False

    @property
    def needs_content_safety(self) -> bool:
        """Whether the stack has an Azure AI Content Safety account for callers of this endpoint."""
        return False

    def violations_in(self, workspace: WorkspaceSettings) -> Iterator[Violation]:
        """The rules that bind the endpoint and the stack's workspace, where it violates them.

        Args:
            workspace: Required. The workspace. A value of it that is invalid raises `InvalidValueError`.
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
        """Where the stack asks for it: `serverless.llama-33-70b`."""
        return f"{self.kind.name}.{self.name}"
