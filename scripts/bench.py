"""`make bench`: the figures that the project publishes, measured in one run on one machine.

Every figure is a median; pairs are run in turn (A B A B ...), so that a machine that slows down slows both.
The tables go to the terminal, the numbers to bench.json, and the figures that have a goal to docs/speed.md.
"""

from __future__ import annotations

import asyncio
import json
import os
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from scripts import bench_makespan, bench_preflight, bench_pulumi, bench_scale, bench_tables  # noqa: E402 - as below
from scripts.bench_process import Pair, compare, cost  # noqa: E402 - as below
from tests.e2e.harness import AZURE_LLAMA, DEV, Azure  # noqa: E402 - the checkout is not on the path of a script
from tests.e2e.preflight_landscape import Landscape  # noqa: E402 - as above

RUNS = int(os.environ.get("BENCH_RUNS", "5"))
REQUESTS = 4000
CONNECTIONS = 4
SCALE = 100_000.0
"""Azure's own waiting is next to nothing: what remains is ours and Pulumi's."""


def main() -> None:
    """Measure everything, print the table, write bench.json."""
    figures: dict[str, Any] = {"runs": RUNS, "python": sys.version.split()[0], "cores": os.cpu_count()}
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as azure:
        figures["import"] = imports()
        figures["check"] = checks()
        figures["help"] = helps()
        figures["check_scale"] = bench_scale.check_scale(Path(folder))
        figures.update(bench_pulumi.compare_with_flat(azure, Path(folder), RUNS))
        azure.cli("reset")
        azure.init()
        figures["program_peak_mib"] = peak_memory(azure)
        figures["requests_per_second"] = asyncio.run(requests_per_second(azure))
        figures["clients"] = clients(azure)
    with tempfile.TemporaryDirectory() as folder, running(Path(folder), bench_makespan.SCALE) as azure:
        figures["makespan"] = bench_makespan.makespan(azure)
    figures["preflight"] = preflight()
    bench_tables.show(figures)
    (ROOT / "bench.json").write_text(json.dumps(figures, indent=2) + "\n")
    bench_tables.publish(figures, ROOT / "docs" / "speed.md")


@contextmanager
def running(folder: Path, scale: float = SCALE) -> Iterator[Azure]:
    """A sandbox with nothing in it."""
    azure = Azure(folder / "home")
    azure.start(scale)
    try:
        yield azure
    finally:
        azure.cli("stop", check=False)


def summary(ours: list[float], other: list[float]) -> dict[str, float]:
    """Medians, and the median of the pairs' ratios."""
    return {
        "ours_s": statistics.median(ours),
        "other_s": statistics.median(other),
        "ratio": statistics.median(a / b for a, b in zip(ours, other, strict=True)),
    }


def imports() -> dict[str, float]:
    """Import time of what the program imports, over that of the azure-native modules that it uses alone."""
    # azure-native loads a module when it is first used, not when it is imported: so both use the same.
    azure = f"import sys; sys.argv[1:] = {used_modules()}; {IMPORT_THEM.strip()}"
    program = f"import azure_llama_components, azure_llama.settings; {azure}"

    def once(statement: str) -> float:
        code = f"import time; t = time.perf_counter(); {statement}\nprint(time.perf_counter() - t)"
        return float(subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True).stdout)

    once(program)
    pairs = [(once(program), once(azure)) for _ in range(2 * RUNS + 1)]
    return summary([a for a, _ in pairs], [b for _, b in pairs])


USED_MODULES = """
import sys
import azure_llama.check
from pathlib import Path
from azure_llama.stack import program, project
program.run(project.load(Path(), "dev"))
parts = (name.split(".") for name in sys.modules if name.startswith("pulumi_azure_native."))
print(*sorted({part[1] for part in parts if len(part) > 2}))
"""
IMPORT_THEM = """
import importlib, sys
for name in sys.argv[1:]:
    # The first look at anything in it loads it.
    getattr(importlib.import_module(f"pulumi_azure_native.{name}"), "anything", None)
"""


def used_modules() -> list[str]:
    """Names of the azure-native modules that the dev stack's program loads."""
    used = subprocess.run([sys.executable, "-c", USED_MODULES], cwd=ROOT, capture_output=True, check=True, text=True)
    return used.stdout.split()


def checks() -> Pair:
    """`azure-llama check` of the dev stack over the import of the azure-native modules that the program uses.

    Both from the start of a process to its end.
    """
    other = [sys.executable, "-c", IMPORT_THEM, *used_modules()]
    return processes([str(AZURE_LLAMA), "check", "--stack", "dev"], other)


def helps() -> Pair:
    """`azure-llama --help` over Python alone."""
    return processes([str(AZURE_LLAMA), "--help"], [sys.executable, "-c", "pass"])


def processes(ours: list[str], other: list[str]) -> Pair:
    """A command over another."""
    return compare(lambda: cost(ours, ROOT), lambda: cost(other, ROOT), 2 * RUNS + 1)


def preflight() -> dict[str, Any]:
    """All checks of the preflight at once, over the slowest one alone."""
    with tempfile.TemporaryDirectory() as folder:
        land = Landscape(Path(folder) / "home")
        try:
            return bench_preflight.preflight(land, DEV, RUNS)
        finally:
            land.close()


def peak_memory(azure: Azure) -> float | None:
    """MiB at the peak of the program's own process during a preview; None where there is no /proc."""
    if not Path("/proc/self/status").exists():
        return None
    running = subprocess.Popen(
        azure.command("exec", "--", *azure.pulumi_arguments("preview")),
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    peak = 0
    while running.poll() is None:
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if b"pulumi-language-python-exec" in (process / "cmdline").read_bytes():
                    lines = (process / "status").read_text().splitlines()
                    peak = max(peak, *(int(line.split()[1]) for line in lines if line.startswith("VmHWM")))
            except (OSError, TypeError, ValueError):
                continue
        time.sleep(0.02)
    return peak / 1024


async def requests_per_second(azure: Azure) -> dict[str, float]:
    """Requests a second over kept-alive TLS connections: a resource read and a chat answer."""
    azure.pulumi("up")
    outputs, status = azure.outputs(), azure.status
    port = int(status["arm"].rsplit(":", 1)[1].strip("/"))
    context = ssl.create_default_context(cafile=status["ca"])
    body = json.dumps({"messages": [{"role": "user", "content": "hello"}], "max_tokens": 16}).encode()
    endpoint = outputs["endpoints"]["llama-8b"]
    questions = {
        "arm_get": _request(
            "management.azure.com",
            f"GET {outputs['workspace']['id']}?api-version=2025-12-01",
            azure.token("https://management.azure.com"),
            b"",
        ),
        "chat": _request(
            endpoint["openaiBaseUrl"].split("/")[2],
            "POST /v1/chat/completions",
            azure.token("https://ml.azure.com"),
            body,
        ),
    }
    return {name: await _rate(request, port, context) for name, request in questions.items()}


def clients(azure: Azure) -> dict[str, Any]:
    """What each published client costs over bare httpx, from a process of its own under `exec`."""
    outputs, result = azure.home / "outputs.json", azure.home / "clients.json"
    outputs.write_text(json.dumps(azure.outputs()))
    script = str(ROOT / "scripts" / "bench_clients.py")
    azure.exec("python", script, "llama-8b", str(outputs), str(result), env={"BENCH_RUNS": str(RUNS)})
    figures: dict[str, Any] = json.loads(result.read_text())
    return figures


def _request(host: str, line: str, token: str, body: bytes) -> tuple[str, bytes]:
    head = (
        f"{line} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return host, head.encode() + body


async def _rate(request: tuple[str, bytes], port: int, context: ssl.SSLContext) -> float:
    host, data = request

    async def worker() -> int:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context, server_hostname=host)
        good = 0
        for _ in range(REQUESTS // CONNECTIONS):
            writer.write(data)
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            await reader.readexactly(int(head.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0]))
            good += b" 200 " in head.split(b"\r\n", 1)[0]
        writer.close()
        return good

    begin = time.perf_counter()
    good = sum(await asyncio.gather(*(worker() for _ in range(CONNECTIONS))))
    took = time.perf_counter() - begin
    if good < REQUESTS * 0.2:
        raise SystemExit(f"bench: {host} answered only {good} of {REQUESTS} requests with 200")
    return REQUESTS / took


if __name__ == "__main__":
    main()
