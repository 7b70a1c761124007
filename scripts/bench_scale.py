"""What a check of many endpoints costs over one of few."""

from __future__ import annotations

import statistics
import subprocess
import sys
from copy import deepcopy
from pathlib import Path

import yaml

from tests.e2e.harness import DEV, ROOT

MEASURED = """
import gc, resource, sys, time
from datetime import date
from pathlib import Path
import azure_llama.check
import azure_llama_components, pulumi_azure_native
from azure_llama.check import checking, judging
from azure_llama.stack import project
from azure_llama.check.reports import FORMS
def check(file):
    found = project.load(Path(), "dev", Path(file))
    return FORMS["json"](checking.check(found, judging.Terms(date(2026, 11, 25), project=found.root)))
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
gc.disable()
check(sys.argv[1])
before, begin = peak(), time.process_time()
check(sys.argv[2])
print(time.process_time() - begin, (peak() - before) / 1024)
"""


def check_scale(folder: Path) -> dict[str, dict[str, float]]:
    """What 1,000 endpoints cost over what 100 cost: processor seconds, and MiB added to the peak.

    Each in a process of its own that has checked a stack of one endpoint before, so that imports do not count.
    """
    return {kind: _check_scale(folder, kind) for kind in ("serverless", "managed")}


def _check_scale(folder: Path, kind: str) -> dict[str, float]:
    def stack(number: int) -> Path:
        config = deepcopy(dict(DEV))
        (endpoint,) = config[f"azure-llama:{kind}"].values()
        config["azure-llama:serverless"], config["azure-llama:managed"] = {}, {}
        config[f"azure-llama:{kind}"] = {f"llama-{each:04}": deepcopy(endpoint) for each in range(number)}
        path = folder / f"Pulumi.{kind}-{number}.yaml"
        path.write_text(yaml.safe_dump({"config": config}))
        return path

    def once(number: int) -> tuple[float, float]:
        command = [sys.executable, "-c", MEASURED, str(stack(1)), str(stack(number))]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True)
        took, added = map(float, done.stdout.split())
        return took, added

    few, many = ([once(number) for _ in range(3)] for number in (100, 1000))
    few_s, few_mib = (statistics.median(each) for each in zip(*few, strict=True))
    many_s, many_mib = (statistics.median(each) for each in zip(*many, strict=True))
    return {
        "s_100": few_s,
        "s_1000": many_s,
        "time_ratio": many_s / few_s,
        "mib_100": few_mib,
        "mib_1000": many_mib,
        "memory_ratio": many_mib / few_mib,
    }
