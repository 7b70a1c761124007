"""Soft-deleted names of a stack: found, explained, and purged when asked."""
