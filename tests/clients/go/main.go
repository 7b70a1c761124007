// Creates, reads, puts back, lists and deletes an endpoint with armresources and azidentity.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/runtime"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/to"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/resources/armresources"
)

const version = "2025-12-01"

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

func main() {
	ctx, subscription, workspace := context.Background(), os.Getenv("AZURE_SUBSCRIPTION_ID"), os.Args[1]
	credential := must(azidentity.NewDefaultAzureCredential(nil))
	client := must(armresources.NewClient(subscription, credential, nil))
	fast := &runtime.PollUntilDoneOptions{Frequency: time.Second}
	id := workspace + "/onlineEndpoints/go-endpoint"
	body := armresources.GenericResource{
		Location:   to.Ptr("eastus2"),
		Identity:   &armresources.Identity{Type: to.Ptr(armresources.ResourceIdentityTypeSystemAssigned)},
		Properties: map[string]any{"authMode": "Key"},
	}
	must(must(client.BeginCreateOrUpdateByID(ctx, id, version, body, nil)).PollUntilDone(ctx, fast))
	read := must(client.GetByID(ctx, id, version, nil)).GenericResource
	read.Tags = map[string]*string{"a": to.Ptr("b")}
	must(must(client.BeginCreateOrUpdateByID(ctx, id, version, read, nil)).PollUntilDone(ctx, fast))
	listed, group := false, strings.Split(workspace, "/")[4]
	pages := client.NewListByResourceGroupPager(group, nil)
	for pages.More() {
		for _, each := range must(pages.NextPage(ctx)).Value {
			listed = listed || strings.EqualFold(*each.ID, id)
		}
	}
	must(must(client.BeginDeleteByID(ctx, id, version, nil)).PollUntilDone(ctx, fast))
	state := read.Properties.(map[string]any)["provisioningState"]
	fmt.Println(string(must(json.Marshal(map[string]any{"state": state, "listed": listed}))))
}
