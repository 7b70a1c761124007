"""Endpoints and deployments that were written for `az ml`, as the configuration of a stack."""
