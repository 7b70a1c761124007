"""Serves the pack to the Pulumi engine: `pulumi preview --policy-pack policies`. Nothing else may build a PolicyPack,
since that starts a server and does not return."""

from __future__ import annotations

import sys
from pathlib import Path

# The engine starts a pack in its own folder, which knows nothing of the repository around it.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from pulumi_policy import PolicyPack

from azure_llama.catalog import overlay
from policies.crossguard import policies, project_folder
from policies.shown import keep_secret_marks

project = project_folder(Path(__file__).resolve().parent)
if project is not None:
    overlay.use(project)
keep_secret_marks()
PolicyPack(
    name="azure-llama",
    policies=policies(project=project),
    display_name="Llama on Azure",
    description="What Azure would refuse, charge dearly for, or leak, said before the deployment.",
    provider="azure",
)
