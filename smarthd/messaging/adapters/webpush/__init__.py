"""Web push as the browsers' services want it: sealed (RFC 8291, 8188), signed (RFC 8292), sent (RFC 8030)."""
