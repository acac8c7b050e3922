"""Reads of citizens' reports, by use: import the modules."""
