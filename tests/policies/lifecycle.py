"""Models in each stage of their lifecycle, and the cases that every rule about it has."""

from __future__ import annotations

from azure_llama_policies.rule import Outcome
from tests.policies.cases import META, UNKNOWN, Case, endpoint, workspace

MODEL_405B = META + "Meta-Llama-3.1-405B-Instruct"
MODEL_8B = META + "Meta-Llama-3.1-8B-Instruct"
VISION = META + "Llama-3.2-11B-Vision-Instruct"
LLAMA_3 = META + "Meta-Llama-3-8B-Instruct"

ANY_LIFECYCLE_CASES = [
    Case("an unknown model id", [endpoint("chat", UNKNOWN)], {"chat": Outcome.NOT_SEEN}),
    Case(
        "not in the catalogue",
        [endpoint("phi", "azureml://registries/azureml/models/Phi-4")],
        {"phi": Outcome.NOT_SEEN},
    ),
    Case("a workspace", [workspace()], {}),
]
