"""Creates a new project: its stack's configuration, from a few answers, and its files."""
