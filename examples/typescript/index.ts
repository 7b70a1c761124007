// The whole stack as one component, and an id that comes from another resource.
import * as pulumi from "@pulumi/pulumi";
import * as llama from "@pulumi/azure-llama";

const config = new pulumi.Config();
// An output of another stack or resource: ids take both.
const network = new pulumi.StackReference(config.require("networkStack"));

const stack = new llama.LlamaStack("llama", {
    location: "eastus2",
    workspace: {
        name: "llama-typescript",
        network: {
            publicNetworkAccess: "Disabled",
            privateEndpoint: { subnetId: network.requireOutput("subnetId") },
        },
    },
    managed: {
        "typescript-8b": {
            auth: "AADToken",
            publicNetworkAccess: "Disabled",
            deployments: {
                blue: { model: "Meta-Llama-3.1-8B-Instruct", vmSize: "Standard_NC24ads_A100_v4", traffic: 100 },
            },
        },
    },
});

export const endpoints = stack.endpoints;
export const keys = pulumi.secret(stack.keys);
