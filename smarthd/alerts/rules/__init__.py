"""Decisions about warnings, with values alone."""
