"""Decisions of this context, as functions of values."""
