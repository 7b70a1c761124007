"""YAML and JSON files with the line of every value, and text that is safe to print."""
