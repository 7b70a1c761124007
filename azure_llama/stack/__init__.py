"""One stack: its project, its program's plan, its state and its outputs."""
