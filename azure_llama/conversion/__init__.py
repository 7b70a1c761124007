"""Converts endpoints and deployments for `az ml` to the configuration of a stack."""
