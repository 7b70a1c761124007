"""The figures of the benchmark as tables for the terminal."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table


def show(figures: dict[str, Any]) -> None:
    """The table for people."""
    table = Table(title=f"{figures['runs']} runs, {figures['cores']} cores, Python {figures['python']}")
    for column in ("figure", "ours", "compared with", "ratio"):
        table.add_column(column)
    pairs = {
        "preview": ("`pulumi preview` of the dev stack", "an empty program"),
        "up": ("first `pulumi up` of the dev stack", "an empty program"),
        "import": ("import of the program", "the azure-native modules alone"),
        "check": ("`azure-llama check` of the dev stack", "import of the azure-native modules that it uses"),
    }
    for key, (name, other) in pairs.items():
        row = figures[key]
        table.add_row(name, f"{row['ours_s']:.2f} s", f"{other}: {row['other_s']:.2f} s", f"{row['ratio']:.2f}")
    for kind, row in figures["check_scale"].items():
        name, other = f"`azure-llama check` of 1,000 {kind} endpoints", "100 endpoints"
        table.add_row(name, f"{row['s_1000']:.2f} s", f"{other}: {row['s_100']:.2f} s", f"{row['time_ratio']:.1f}")
        table.add_row(
            f"{name}, memory added",
            f"{row['mib_1000']:.0f} MiB",
            f"{other}: {row['mib_100']:.0f} MiB",
            f"{row['memory_ratio']:.1f}",
        )
    asked = figures["preflight"]
    slowest = asked["slowest"]
    table.add_row(
        "all checks of `azure-llama preflight`",
        f"{asked['together']:.2f} s",
        f"the slowest alone, {slowest['check']}: {slowest['seconds']:.2f} s",
        f"{asked['ratio']:.2f}",
    )
    memory = figures["program_peak_mib"]
    table.add_row("peak memory of the program", "unknown" if memory is None else f"{memory:.0f} MiB", "", "")
    for name, rate in figures["requests_per_second"].items():
        table.add_row(f"sandbox, {name}", f"{rate:.0f} requests/s", "", "")
    Console().print(table)
    show_clients(figures["clients"])


def show_clients(figures: dict[str, Any]) -> None:
    """The table of the clients."""
    calls, streams = figures["one_call"], figures["concurrent_streams"]
    at_once = f"{figures['streams']} streams at once"
    table = Table(title=f"Clients, medians of {figures['calls']} calls and of {figures['rounds']} rounds of {at_once}")
    for column in ("client", "one call", "over httpx", at_once, "over httpx"):
        table.add_column(column, no_wrap=column == "client")
    for client, call in calls.items():
        stream = streams.get(client)
        shown = (f"{stream['ms']:.0f} ms", f"{stream['ratio']:.2f}") if stream else ("none", "")
        table.add_row(client, f"{call['ms']:.1f} ms", f"{call['ratio']:.2f}", *shown)
    Console().print(table)
