from __future__ import annotations

import pytest
from pulumi_azure_native import machinelearningservices as ml

from azure_llama_components.inputs import inputs


def test_nested_values_have_the_classes_of_azure_native_with_its_defaults() -> None:
    made = inputs(ml.ManagedOnlineDeploymentArgs, {"endpointComputeType": "Managed", "requestSettings": {}})
    assert isinstance(made.request_settings, ml.OnlineRequestSettingsArgs)
    assert made.request_settings.request_timeout == "PT5S"


def test_a_map_of_inputs_has_the_class_in_each_entry() -> None:
    made = inputs(ml.DataCollectorArgs, {"collections": {"request": {"dataCollectionMode": "Enabled"}}})
    assert isinstance(made.collections, dict)
    assert isinstance(made.collections["request"], ml.CollectionArgs)


def test_a_map_of_texts_stays_as_it_is() -> None:
    made = inputs(
        ml.ManagedOnlineDeploymentArgs, {"endpointComputeType": "Managed", "environmentVariables": {"aB": "1"}}
    )
    assert made.environment_variables == {"aB": "1"}


def test_a_property_that_azure_native_does_not_have_is_an_error() -> None:
    with pytest.raises(TypeError, match="max_wait"):
        inputs(ml.OnlineRequestSettingsArgs, {"maxWait": "PT1S"})
