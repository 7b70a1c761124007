"""Serves the pack to the Pulumi engine. Nothing else builds a PolicyPack: that starts a server and does not return."""

from __future__ import annotations

import gc
from pathlib import Path

from pulumi_policy import PolicyPack

from azure_llama_policies.crossguard import policies, project_folder
from azure_llama_policies.sdk_private import keep_secret_marks


def serve(pack: Path) -> None:
    """Start the server of the pack.

    Args:
        pack: Required. The folder of PulumiPolicy.yaml, in which the engine may start the process.
    """
    project = project_folder(pack)
    keep_secret_marks()
    served = policies(project=project)
    # What is loaded stays until the process ends: the garbage collector need not look at it for each resource.
    gc.freeze()
    PolicyPack(
        name="azure-llama",
        policies=served,
        display_name="Llama on Azure",
        description="What Azure would refuse, charge dearly for, or leak, said before the deployment.",
        provider="azure",
    )
