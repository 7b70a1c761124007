from __future__ import annotations

import pytest

from azure_llama.catalog import UnknownModelError, UnknownVersionError
from azure_llama_components.served_model import served_model

LLAMA = "azureml://registries/azureml-meta/models/Llama-3.3-70B-Instruct"
MISTRAL = "azureml://registries/azureml-mistral/models/Mistral-large-2407"


@pytest.mark.parametrize("text", ["Llama-3.3-70B-Instruct", "llama-3.3-70b-instruct", LLAMA, f"{LLAMA}/versions/4"])
def test_a_model_of_the_catalogue_has_its_name_whatever_it_was_called(text: str) -> None:
    model = served_model(text)
    assert model.known is not None
    assert (model.key, model.name, model.resource_name) == ("Llama-3.3-70B-Instruct",) * 3
    assert str(model.asset) == LLAMA
    assert model.versioned_id("4") == f"{LLAMA}/versions/4"


def test_a_model_of_another_publisher_has_its_asset_id() -> None:
    model = served_model(f"{MISTRAL}/versions/2")
    assert model.known is None
    assert (model.key, model.name) == (MISTRAL, "Mistral-large-2407")
    assert model.resource_name == "azureml-mistral-Mistral-large-2407"
    assert model.versioned_id("2") == f"{MISTRAL}/versions/2"
    with pytest.raises(UnknownVersionError, match="give the version"):
        model.versioned_id(None)


def test_anything_else_is_an_error() -> None:
    with pytest.raises(UnknownModelError, match="did you mean"):
        served_model("Llama-3.3-70B")
