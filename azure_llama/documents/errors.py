"""Invalid input: all problems, one on each line."""

from __future__ import annotations

from collections.abc import Iterable

from azure_llama.documents.problems import FileProblem


class InputError(Exception):
    """Something that was given cannot be used. Its text has the place, the rule and the remedy of each problem.

    No `ValueError`: pydantic would take it for an error of the value that is being validated.

    Attributes:
        problems: The problems; their text is a line each.
    """

    def __init__(self, problems: str | FileProblem | Iterable[str | FileProblem]) -> None:
        self.problems = (problems,) if isinstance(problems, str | FileProblem) else tuple(problems)
        super().__init__(self.problems)

    @property
    def lines(self) -> tuple[str, ...]:
        """The text of each problem."""
        return tuple(map(str, self.problems))

    def __str__(self) -> str:
        return "\n".join(self.lines)
