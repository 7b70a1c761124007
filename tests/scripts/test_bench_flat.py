"""The flat program that `make bench` compares with."""

from __future__ import annotations

from typing import Any

from scripts.bench_flat import program

PREFIX = "urn:pulumi:dev::llama::azure-native:"
RESOURCES: list[dict[str, Any]] = [
    {"urn": "urn:pulumi:dev::llama::pulumi:pulumi:Stack::llama-dev", "type": "pulumi:pulumi:Stack"},
    {
        "urn": f"{PREFIX}resources:ResourceGroup::group",
        "type": "azure-native:resources:ResourceGroup",
        "inputs": {"azureApiVersion": "2024-03-01", "resourceGroupName": "rg"},
    },
    {
        "urn": f"{PREFIX}applicationinsights:Component::insights",
        "type": "azure-native:applicationinsights:Component",
        "inputs": {"resourceName": "appi", "tags": {"costCentre": "a"}},
        "dependencies": [f"{PREFIX}resources:ResourceGroup::group", "urn:pulumi:dev::llama::other::gone"],
    },
]


def test_resources_have_their_inputs_and_dependencies_and_components_are_left_out() -> None:
    assert program(RESOURCES).splitlines() == [
        "import pulumi",
        "from pulumi_azure_native import applicationinsights, resources",
        "",
        "resource_0 = resources.ResourceGroup('group', resource_group_name='rg', "
        "opts=pulumi.ResourceOptions(depends_on=[]))",
        "resource_1 = applicationinsights.Component('insights', resource_name_='appi', tags={'costCentre': 'a'}, "
        "opts=pulumi.ResourceOptions(depends_on=[resource_0]))",
    ]
