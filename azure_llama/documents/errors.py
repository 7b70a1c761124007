"""What cannot be checked: bad input, each mistake a line of its own."""

from __future__ import annotations

from collections.abc import Iterable


class InputError(ValueError):
    """Something that was given cannot be worked with. Its text says where, what, and the way out.

    Attributes:
        problems: The mistakes, a line each.
    """

    def __init__(self, problems: str | Iterable[str]) -> None:
        self.problems = (problems,) if isinstance(problems, str) else tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(self.problems)
