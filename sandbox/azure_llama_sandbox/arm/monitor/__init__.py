"""Microsoft.Insights: alerts, diagnostic settings and autoscale."""
