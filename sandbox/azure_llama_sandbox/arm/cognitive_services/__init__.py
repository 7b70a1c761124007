"""Microsoft.CognitiveServices: Azure AI services and Foundry accounts, with their child resources."""
