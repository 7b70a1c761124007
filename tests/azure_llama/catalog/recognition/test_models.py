"""Names of models from hubs and tools: recognised, or answered with models of the same generation, size and role."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azure_llama.catalog import Model
from azure_llama.catalog.recognition.models import recognise
from tests.catalogs import PACKAGE

NAMES = [model.name for model in PACKAGE.models]
L8, L70, L33 = "Meta-Llama-3.1-8B-Instruct", "Meta-Llama-3.1-70B-Instruct", "Llama-3.3-70B-Instruct"
V11, V90 = "Llama-3.2-11B-Vision-Instruct", "Llama-3.2-90B-Vision-Instruct"
SCOUT, MAVERICK = "Llama-4-Scout-17B-16E-Instruct", "Llama-4-Maverick-17B-128E-Instruct-FP8"
REGISTRY = "azureml://registries/azureml-meta/models"

RECOGNISED = {
    "meta-llama/Llama-3.3-70B-Instruct": L33,
    "https://huggingface.co/meta-llama/Llama-3.3-70B-Instruct": L33,
    "Llama-3.1-8B-Instruct": L8,
    "Meta-Llama-3.3-70B-Instruct": L33,
    "meta-llama/Llama-3.2-1B": "Llama-3.2-1B",
    "meta-llama/Llama-2-7b-chat-hf": "Llama-2-7b-chat",
    "meta-llama/Llama-2-70b-hf": "Llama-2-70b",
    "codellama/CodeLlama-13b-Instruct-hf": "CodeLlama-13b-Instruct-hf",
    "meta-llama/CodeLlama-7b-Python-hf": "CodeLlama-7b-Python-hf",
    "meta-llama/Llama-Guard-3-11B-Vision": "Llama-Guard-3-11B-Vision",
    "meta-llama/Prompt-Guard-86M": "Prompt-Guard-86M",
    "meta-llama/Llama-4-Scout-17B-16E-Instruct": SCOUT,
    "Llama3.2-11B-Vision-Instruct": V11,
    f"{REGISTRY}/Llama-3.3-70B-Instruct/labels/latest": L33,
    f"{REGISTRY}/llama_3_3_70b_instruct": L33,
    "llama3.1:8b": L8,
    "llama3.1:8b-text": "Meta-Llama-3.1-8B",
    "llama3.3:70b": L33,
    "llama3.2-vision:11b": V11,
    "llama3:8b": "Meta-Llama-3-8B-Instruct",
    "llama2:13b": "Llama-2-13b-chat",
    "llama4:scout": SCOUT,
    "llama4:16x17b": SCOUT,
    "llama-guard3:1b": "Llama-Guard-3-1B",
    "codellama:7b": "CodeLlama-7b-Instruct-hf",
    "codellama:7b-code": "CodeLlama-7b-hf",
    "codellama:34b-python": "CodeLlama-34b-Python-hf",
    "ollama/llama3.1:70b": L70,
    "meta/llama-3.1-8b-instruct": L8,
    "nvcr.io/nim/meta/llama-3.1-8b-instruct:1.3.3": L8,
    "meta.llama3-1-8b-instruct-v1:0": L8,
    "us.meta.llama3-3-70b-instruct-v1:0": L33,
    "meta.llama4-scout-17b-instruct-v1:0": SCOUT,
    "accounts/fireworks/models/llama-v3p1-8b-instruct": L8,
    "llama-3.3-70b-versatile": L33,
    "@cf/meta/llama-3.2-11b-vision-instruct": V11,
    "publishers/meta/models/llama-3.3-70b-instruct-maas": L33,
    "databricks-meta-llama-3-3-70b-instruct": L33,
    "meta-textgeneration-llama-3-1-8b-instruct": L8,
    "openrouter/meta-llama/llama-3.3-70b-instruct:free": L33,
    "metaresearch/llama-3.1/transformers/8b-instruct": L8,
    "Llama 3.3 70B Instruct": L33,
    "LLAMA_3.3_70B_INSTRUCT": L33,
    "llama33-70b-instruct": L33,
    "Llama 3.2 90 billion vision instruct": V90,
}
SUGGESTED = {
    "Llama-3.3-70B-Instrukt": [L33],
    "Lama-3.3-70B-Instruct": [L33],
    "Llama-3.2-11B-Vison-Instruct": [V11],
    "meta-llama/Llama-3.2-11B-Vision": [V11],
    "llama3.2-vision": [V11, V90],
    "llama-3.3-70b": [L33],
    "llama3-70b-8192": ["Meta-Llama-3-70B", "Meta-Llama-3-70B-Instruct"],
    "Llama-3-70": ["Meta-Llama-3-70B"],
    "Lama-3.1-8B": ["Meta-Llama-3.1-8B"],
    "Llama-3.1-Instruct": [L8, L70, "Meta-Llama-3.1-405B-Instruct"],
    "codellama-70b": ["CodeLlama-70b-Instruct-hf", "CodeLlama-70b-Python-hf"],
    "llama-guard-3": ["Llama-Guard-3-8B", "Llama-Guard-3-1B", "Llama-Guard-3-11B-Vision"],
    "meta-llama/Llama-4-Maverick-17B-128E-Instruct": [MAVERICK],
    "llama3.1:8b-instruct-q4_K_M": [L8],
    "@cf/meta/llama-3.1-8b-instruct-fp8": [L8],
    "unsloth/Llama-3.3-70B-Instruct-bnb-4bit": [L33],
    "bartowski/Meta-Llama-3.1-8B-Instruct-GGUF": [L8],
    "TheBloke/Llama-2-7B-Chat-GGUF": ["Llama-2-7b-chat"],
    "mlx-community/Llama-3.2-3B-Instruct-4bit": ["Llama-3.2-3B-Instruct"],
    "neuralmagic/Meta-Llama-3.1-8B-Instruct-quantized.w4a16": [L8],
    f"{REGISTRY}/Llama-3.3-70B-Instruct/versions/4": [L33],
    "azureml://registries/azureml/models/Llama-3.3-70B-Instruct": [L33],
}
NONE = [
    "",
    "gpt-4o",
    "Mistral-7B-Instruct",
    "azureml://registries/azureml/models/Phi-4",
    "Llama-3.3-8B-Instruct",
    "Llama-3.5-70B-Instruct",
    "Llama-3.1-70B-Vision-Instruct",
    "meta-llama/Llama-Guard-4-12B",
    "meta-llama/LlamaGuard-7b",
    "meta-llama/Llama-Prompt-Guard-2-86M",
    "TinyLlama/TinyLlama-1.1B-Chat-v1.0",
    "nvidia/Llama-3.1-Nemotron-70B-Instruct",
    "deepseek-ai/DeepSeek-R1-Distill-Llama-70B",
    "NousResearch/Hermes-3-Llama-3.1-8B",
]


@pytest.mark.parametrize(("text", "name"), RECOGNISED.items())
def test_a_spelling_that_means_one_model_is_recognised(text: str, name: str) -> None:
    assert PACKAGE.recognise_model(text).found == name


@pytest.mark.parametrize(("text", "names"), SUGGESTED.items())
def test_a_spelling_that_leaves_a_doubt_is_answered_with_all_that_fit(text: str, names: list[str]) -> None:
    recognition = PACKAGE.recognise_model(text)
    assert recognition.found is None
    assert list(recognition.suggestions) == names


@pytest.mark.parametrize("text", NONE)
def test_another_model_has_no_suggestion(text: str) -> None:
    recognition = PACKAGE.recognise_model(text)
    assert recognition.names == ()
    assert recognition.question is None


def test_there_are_60_spellings() -> None:
    assert len(RECOGNISED) + len(SUGGESTED) >= 60


def test_a_team_s_own_model_is_suggested_for_a_typing_error() -> None:
    names = [*NAMES, "Contoso-Support-7B"]
    assert recognise("contoso support 7b", names).found == "Contoso-Support-7B"
    assert recognise("Contoso-Suport-7B", names).suggestions == ("Contoso-Support-7B",)
    assert recognise("Contoso-Suport-8B", names).suggestions == ()


def test_a_question_lists_five_names_and_counts_the_rest() -> None:
    question = PACKAGE.recognise_model("llama-3.2").question
    assert question is not None
    assert question.count("'") == 10
    assert question.endswith(" (1 more)?")


def facts(model: Model) -> tuple[object, ...]:
    """Generation, size and role as the catalogue's row states them, not its name."""
    return model.family, model.parameters, model.task, model.safety, model.modality


PREFIXES = ["", "meta-llama/", "meta/", "azureml-meta/", "facebook/", f"{REGISTRY}/", "hf.co/meta-llama/"]
EVERY_MODEL = st.sampled_from(PACKAGE.models)


@st.composite
def spellings(draw: st.DrawFn) -> tuple[Model, str]:
    """A model and its name with other letter case, separators and prefix."""
    model = draw(EVERY_MODEL)
    words = re.split(r"[-.]", model.name.removeprefix("Meta-"))
    separators = draw(st.lists(st.sampled_from(["-", "_", " ", ".", ""]), min_size=len(words), max_size=len(words)))
    name = "".join(f"{separator}{word}" for separator, word in zip(["", *separators], words, strict=False))
    cased = "".join(draw(st.sampled_from([letter.lower(), letter.upper()])) for letter in name)
    return model, draw(st.sampled_from(PREFIXES)) + draw(st.sampled_from(["", "Meta-", "meta_"])) + cased


@given(spellings())
def test_case_separators_and_prefix_do_not_matter(spelling: tuple[Model, str]) -> None:
    model, text = spelling
    assert PACKAGE.recognise_model(text).found == model.name


@given(spellings(), st.data())
def test_a_typing_error_never_crosses_generation_size_or_role(spelling: tuple[Model, str], data: st.DataObject) -> None:
    model, text = spelling
    letters = [index for index, letter in enumerate(text) if letter.isalpha() and text[index - 1 : index].isalpha()]
    at = data.draw(st.sampled_from(letters))
    changed = text[:at] + data.draw(st.sampled_from(["", text[at] * 2])) + text[at + 1 :]
    for name in PACKAGE.recognise_model(changed).names:
        assert facts(PACKAGE.model(name)) == facts(model)


@given(st.text())
def test_any_text_has_an_answer(text: str) -> None:
    recognition = PACKAGE.recognise_model(text)
    assert set(recognition.names) <= set(NAMES)
    assert recognition.found is None or not recognition.suggestions
