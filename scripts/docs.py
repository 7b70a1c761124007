"""`make docs`: run the commands of the documentation that need the Pulumi engine, and put their output into it.

A block between `<!-- output: NAME -->` and `<!-- end -->` belongs to the function of that name here, or in
`generate.py` where no engine is needed.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from azure_llama.demo.report import next_steps  # noqa: E402 - as below
from scripts.blocks import with_output  # noqa: E402 - as below
from tests.e2e.harness import AZURE_LLAMA, Azure  # noqa: E402 - the checkout is not on the path of a script
from tests.e2e.test_drift import ML, STORAGE, by_hand, resource  # noqa: E402 - as above

PAGES = ("README.md", "docs/drift.md")


def demo(azure: Azure) -> str:
    """The end of `make demo`, from what the pack says."""
    command = [str(AZURE_LLAMA), "demo", "--home", str(azure.home), "up"]
    printed = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout
    text = printed[printed.rindex("Policies:") :].replace(str(ROOT) + "/", "")
    text = re.sub(r"\nDuration: .*\n", "\n", text)
    # Of a home of its own the hints say where it is; a newcomer has the default one.
    return text.replace(next_steps(azure.home), next_steps(None))


def errors(azure: Azure) -> str:
    """What a preview of a stack file with five errors reports."""

    def edit(config: dict[str, Any]) -> None:
        config["azure-llama:workspace"]["colour"] = "blue"
        config["azure-llama:serverless"]["llama-33-70b"]["model"] = "Llama-3.3-70B-Instrukt"
        blue = config["azure-llama:managed"]["llama-8b"]["deployments"]["blue"]
        blue.update(vmSize="Standard_NC24ads_A100_v5", instances="2", traffic=90)

    azure.change(edit)
    text = azure.pulumi("preview", check=False).text
    lines = text[text.index("Diagnostics:") :].rstrip().splitlines()
    return "\n".join(line.rstrip() for line in lines if line.strip()) + "\n"


def drift(azure: Azure) -> str:
    """What `azure-llama drift` reports of the deployed dev stack after two changes by hand; ids are cut."""
    by_hand(azure, resource(azure, "machinelearningservices:OnlineEndpoint"), ML, traffic={"blue": 0})
    by_hand(azure, resource(azure, "storage:StorageAccount"), STORAGE, minimumTlsVersion="TLS1_0")
    text = re.sub(r"(?m)^(  /subscriptions/).*/providers/Microsoft\.\w+/", r"\1.../", azure.drift(code=7).text)
    return re.sub(r"urn:pulumi:\S+::", "urn:...::", text.replace(f" --config-file {azure.stack_file}", ""))


OUTPUTS: dict[str, Callable[[Azure], str]] = {"make demo": demo, "drift": drift, "errors": errors}


def main() -> None:
    """Regenerate every block, in the order of OUTPUTS: drift is that of the stack that the demo deploys."""
    with tempfile.TemporaryDirectory() as folder:
        azure = Azure(Path(folder) / "home")
        azure.start(1200)
        try:
            printed = {name: output(azure) for name, output in OUTPUTS.items()}
        finally:
            azure.cli("stop", check=False)
    for page in PAGES:
        path = ROOT / page
        path.write_text(with_output(path.read_text(), printed))


if __name__ == "__main__":
    main()
