"""A change in Azure that no pipeline makes."""

from __future__ import annotations

from tests.e2e.harness import Azure


def tamper(azure: Azure) -> None:
    """Somebody deletes an endpoint in the portal."""
    group = "/resourceGroups/rg-llama-dev-eastus2/providers/Microsoft.MachineLearningServices"
    subscription = azure.status["subscription"]
    path = f"/subscriptions/{subscription}{group}/workspaces/llama-dev/serverlessEndpoints/llama-33-70b"
    with azure.client() as client:
        answer = client.delete(
            f"https://management.azure.com{path}",
            params={"api-version": "2025-12-01"},
            headers={"Authorization": f"Bearer {azure.token('https://management.azure.com')}"},
        )
    assert answer.status_code in (200, 202), answer.text
