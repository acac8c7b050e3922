"""Writes of the index."""
