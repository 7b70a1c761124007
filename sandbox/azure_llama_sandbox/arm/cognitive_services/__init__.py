"""Microsoft.CognitiveServices: Azure AI services and Foundry accounts, with what lies in them."""
