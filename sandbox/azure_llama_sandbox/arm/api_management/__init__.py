"""Microsoft.ApiManagement."""
