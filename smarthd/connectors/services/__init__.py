"""Writes of this context, by use case."""
