"""The figures of the benchmark as tables for the terminal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from scripts.blocks import with_output

PAIRS = {
    "preview": ("first `pulumi preview` of the dev stack", "the flat program"),
    "preview_unchanged": ("`pulumi preview` that has nothing to change", "the flat program"),
    "up": ("first `pulumi up` of the dev stack", "the flat program"),
    "preview_many": ("first `pulumi preview` of 500 managed endpoints", "the flat program"),
    "pack": ("`pulumi preview` with the policy pack", "with a pack of one empty rule"),
    "check": ("`azure-llama check` of the dev stack", "import of the azure-native modules that it uses"),
    "help": ("`azure-llama --help`", "`python -c pass`"),
}
"""What is compared in processor time and in wall time: the key in the figures, its name, and the other's."""


def _cpu(key: str) -> Callable[[Mapping[str, Any]], float]:
    return lambda figures: figures[key]["cpu"]["ratio"]


def _help(figures: Mapping[str, Any]) -> float:
    cpu = figures["help"]["cpu"]
    return float(cpu["ours_s"] - cpu["other_s"])


GOALS: tuple[tuple[str, float, Callable[[Mapping[str, Any]], float]], ...] = (
    ("first preview of the dev stack / flat program, CPU", 1.15, _cpu("preview")),
    ("preview without a change / flat program, CPU", 1.15, _cpu("preview_unchanged")),
    ("first update of the dev stack / flat program, CPU", 1.15, _cpu("up")),
    ("preview of 500 managed endpoints / flat program, CPU", 1.09, _cpu("preview_many")),
    ("preview with the policy pack / with one empty rule, CPU", 1.10, _cpu("pack")),
    ("azure-llama check / import of azure-native, CPU", 1.06, _cpu("check")),
    ("azure-llama check / import of azure-native, time", 1.06, lambda each: each["check"]["wall"]["ratio"]),
    (
        "check of 1,000 serverless endpoints / 100, time",
        9.9,
        lambda each: each["check_scale"]["serverless"]["time_ratio"],
    ),
    ("check of 1,000 managed endpoints / 100, time", 9.9, lambda each: each["check_scale"]["managed"]["time_ratio"]),
    (
        "check of 1,000 managed endpoints / 100, memory",
        9.9,
        lambda each: each["check_scale"]["managed"]["memory_ratio"],
    ),
    ("first update, time / longest chain of Azure's operations", 1.02, lambda each: each["makespan"]["ratio"]),
    ("azure-llama --help - python -c pass, CPU in seconds", 0.05, _help),
)
"""What is measured, the most that it may be, and where it is in the figures."""


def goals(figures: Mapping[str, Any]) -> str:
    """A text table of the figures that have a goal."""
    lines = [f"{'figure':58}{'measured':>10}{'goal':>8}"]
    for name, goal, measured in GOALS:
        try:
            value = measured(figures)
        except KeyError:  # only parts were measured
            lines.append(f"{name:58}{'-':>10}{goal:8.2f}  not measured")
            continue
        lines.append(f"{name:58}{value:10.2f}{goal:8.2f}  {'met' if round(value, 2) <= goal else 'missed'}")
    return "\n".join(lines) + "\n"


def publish(figures: Mapping[str, Any], page: Path) -> None:
    """Write the table of goals into the page that shows it."""
    page.write_text(with_output(page.read_text(), {"make bench": goals(figures)}))


def show(figures: dict[str, Any]) -> None:
    """The table for people."""
    table = Table(title=f"{figures['runs']} runs, {figures['cores']} cores, Python {figures['python']}")
    for column in ("figure", "ours", "compared with", "ratio"):
        table.add_column(column)
    row = figures["import"]
    other = f"the azure-native modules alone: {row['other_s']:.2f} s"
    table.add_row("import of the program", f"{row['ours_s']:.2f} s", other, f"{row['ratio']:.2f}")
    for key, (name, other) in PAIRS.items():
        for unit, row in figures[key].items():
            ours, theirs = f"{row['ours_s']:.2f} s", f"{other}: {row['other_s']:.2f} s"
            table.add_row(f"{name}, {unit}", ours, theirs, f"{row['ratio']:.2f}")
    for kind, row in figures["check_scale"].items():
        name, other = f"`azure-llama check` of 1,000 {kind} endpoints", "100 endpoints"
        table.add_row(name, f"{row['s_1000']:.2f} s", f"{other}: {row['s_100']:.2f} s", f"{row['time_ratio']:.1f}")
        table.add_row(
            f"{name}, memory added",
            f"{row['mib_1000']:.0f} MiB",
            f"{other}: {row['mib_100']:.0f} MiB",
            f"{row['memory_ratio']:.1f}",
        )
    table.add_row(*_makespan(figures["makespan"]))
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
    Console().print(goals(figures), markup=False, highlight=False)
    show_clients(figures["clients"])


def _makespan(spent: Mapping[str, Any]) -> tuple[str, str, str, str]:
    return (
        f"first `pulumi up`, in Azure's time, after {spent['start_s']:.0f} s of start",
        f"{spent['up_s']:.0f} s",
        f"the longest chain of operations, {' - '.join(spent['chain'])}: {spent['chain_s']:.0f} s",
        f"{spent['ratio']:.3f}",
    )


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
