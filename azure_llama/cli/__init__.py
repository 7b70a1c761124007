"""The `azure-llama` command: options, exit codes, one module for each command."""
