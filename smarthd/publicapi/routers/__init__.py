"""The API by subject."""
