"""Microsoft.Insights: what watches resources, and what scales them."""
