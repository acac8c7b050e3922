"""Wagtail's editor, as far as it is ours: who may enter, what they see, which forms they fill in (docs/adr/0008-content.md)."""
