// Creates, reads, lists, puts back and deletes an endpoint with @azure/arm-machinelearning. Then calls a host that
// does not exist with `fetch`, and prints whether the sandbox's proxy answered.
import { AzureMachineLearningWorkspaces } from "@azure/arm-machinelearning";
import { DefaultAzureCredential } from "@azure/identity";

const [group, workspace, host] = process.argv.slice(2);
const client = new AzureMachineLearningWorkspaces(new DefaultAzureCredential(), process.env.AZURE_SUBSCRIPTION_ID);
const endpoints = client.onlineEndpoints;
const body = { location: "eastus2", properties: { authMode: "Key" }, identity: { type: "SystemAssigned" } };
const fast = { updateIntervalInMs: 200 };

const created = await endpoints.beginCreateOrUpdateAndWait(group, workspace, "js-endpoint", body, fast);
const read = await endpoints.get(group, workspace, "js-endpoint");
await endpoints.beginCreateOrUpdateAndWait(group, workspace, "js-endpoint", { ...read, tags: { a: "b" } }, fast);
const names = [];
for await (const each of endpoints.list(group, workspace)) names.push(each.name);
const keys = await endpoints.listKeys(group, workspace, "js-endpoint");
await endpoints.beginDeleteAndWait(group, workspace, "js-endpoint", fast);

const proxied = await fetch(`https://${host}/`).then(() => true, (error) => !String(error.cause).includes("ENOTFOUND"));
const state = created.properties.provisioningState;
console.log(JSON.stringify({ state, listed: names.includes("js-endpoint"), key: Boolean(keys.primaryKey), proxied }));
