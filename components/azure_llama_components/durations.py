"""ISO 8601 durations, as ARM takes and returns them."""

from __future__ import annotations


def minutes(number: int) -> str:
    """`PT5M`, `PT1H30M`, `P7D`: the form that Azure Monitor answers with, so that a refresh finds no drift."""
    hours, rest = divmod(number, 60)
    days, hours = divmod(hours, 24)
    time = (f"{hours}H" if hours else "") + (f"{rest}M" if rest else "")
    return "P" + (f"{days}D" if days else "") + (f"T{time}" if time else "")
