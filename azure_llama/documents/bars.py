"""Text bars that compare amounts, in a terminal and in Markdown."""

from __future__ import annotations

from collections.abc import Sequence

_EIGHTHS = " ▏▎▍▌▋▊▉█"
WIDTH = 28


def bar(amount: float, most: float, width: int = WIDTH) -> str:
    """A bar as long as an amount is of the most; at least a sliver where the amount is above 0.

    Args:
        amount: Required. 0 or more.
        most: Required. The amount whose bar has the full width.
        width: Optional. Characters of the longest bar.
    """
    if amount <= 0 or most <= 0:
        return ""
    eighths = max(1, round(min(amount / most, 1) * width * 8))
    full, rest = divmod(eighths, 8)
    return "█" * full + (_EIGHTHS[rest] if rest else "")


def chart(rows: Sequence[tuple[str, float, str]], width: int = WIDTH) -> list[str]:
    """Lines of a bar chart, aligned.

    Args:
        rows: Required. Label, amount and the text after the bar.
        width: Optional. Characters of the longest bar.
    """
    most = max((amount for _, amount, _ in rows), default=0.0)
    label_width = max((len(label) for label, _, _ in rows), default=0)
    text_width = max((len(text) for _, _, text in rows), default=0)
    return [
        f"{label:<{label_width}}  {bar(amount, most, width):<{width}}  {text:>{text_width}}"
        for label, amount, text in rows
    ]
