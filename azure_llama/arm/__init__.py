"""Azure Resource Manager over HTTPS: the one place that signs in, retries, pages and polls."""
