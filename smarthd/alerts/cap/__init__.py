"""CAP 1.2 messages as XML: built, signed, checked against the schema, read from others."""
