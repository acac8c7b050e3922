"""What any test may ask of the whole database."""

from __future__ import annotations

from django.apps import apps
from django.db import connection

PASSING = ("django_session", "kernel_attempt", "usersessions_usersession", "people_session")
"""Tables that any request may touch."""


def kept() -> dict[str, str]:
    """Return the fingerprint of every table an act could change; the map of the province, which no page changes, is left out."""
    tables = sorted({model._meta.db_table for model in apps.get_models(include_auto_created=True)})
    with connection.cursor() as cursor:
        found = {}
        for table in tables:
            if table.startswith(("places_", "wagtail", "taggit", "procrastinate")) or table in PASSING:
                continue
            cursor.execute(f'SELECT md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM "{table}" t')  # noqa: S608
            found[table] = cursor.fetchone()[0]
    return found
