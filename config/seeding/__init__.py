"""Worlds of data: the small honest demonstration and the large one for measuring. Both come from one generator."""
