"""A new project: what its stack asks for, from a few answers, and its files."""
