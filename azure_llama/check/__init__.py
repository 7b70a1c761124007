"""Checks a stack: evaluates the rules on the declared resources and writes reports. Needs no engine, account or
network.
"""
