"""A local Azure emulator: ARM, Entra ID, the inference hosts and the Pulumi provider, in one process on loopback.

`control` is the way in for commands and tests; everything else runs inside the process that it starts.
"""
