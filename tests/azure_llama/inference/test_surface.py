from __future__ import annotations

import inspect
from typing import get_type_hints

from azure_llama import inference
from azure_llama.inference import AsyncClient, Client
from azure_llama.inference.parameters import InferenceChat, InferenceCompletion, LlamaChat, LlamaCompletion
from azure_llama.inference.signatures import ChatParameters, CompletionParameters


def test_the_public_names() -> None:
    assert inference.__all__ == sorted(inference.__all__)
    assert all(hasattr(inference, name) for name in inference.__all__)


def test_both_clients_have_the_same_methods_and_arguments() -> None:
    def methods(of: type) -> dict[str, list[str]]:
        public = {name.replace("aclose", "close"): each for name, each in vars(of).items() if not name.startswith("_")}
        return {name: list(inspect.signature(each).parameters) for name, each in public.items()}

    assert methods(Client) == methods(AsyncClient)
    arguments = [list(inspect.signature(of.__init__).parameters) for of in (Client, AsyncClient)]
    assert arguments[0] == arguments[1]


def test_the_signatures_have_what_the_models_take() -> None:
    asked = {"messages", "prompt", "stream"}
    for signature, models in (
        (ChatParameters, (LlamaChat, InferenceChat)),
        (CompletionParameters, (LlamaCompletion, InferenceCompletion)),
    ):
        fields = {name for model in models for name in model.model_fields} - asked
        assert set(get_type_hints(signature)) == fields
