"""Reads of warnings."""
