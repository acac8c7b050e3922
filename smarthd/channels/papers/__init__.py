"""Renderings that are files: the radio script, the poster."""
