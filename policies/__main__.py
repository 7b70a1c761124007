"""Serves the pack to the Pulumi engine: `pulumi preview --policy-pack policies`. Nothing else may build a PolicyPack,
since that starts a server and does not return."""

from __future__ import annotations

import sys
from pathlib import Path

# The engine starts a pack in its own folder, which knows nothing of the repository around it.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from pulumi_policy import PolicyPack

from policies.crossguard import policies

PolicyPack(
    name="azure-llama",
    policies=policies(),
    display_name="Llama on Azure",
    description="What Azure would refuse, or charge dearly for, said before the deployment.",
    provider="azure",
)
