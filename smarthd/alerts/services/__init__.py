"""Writes of warnings, by use case: composing, approving, issuing, publishing, broadcasting, answering, helping, importing."""
