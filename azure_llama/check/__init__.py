"""Checks a stack: the rules over what its program declares, and the reports. No engine, no account, no network."""
