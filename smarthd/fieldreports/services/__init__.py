"""Writes of citizens' reports, by use case: import the modules."""
