"""Microsoft.MachineLearningServices: workspaces, serverless endpoints, managed endpoints and what they need."""
