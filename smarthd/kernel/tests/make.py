"""What any test may ask of the whole database."""

from __future__ import annotations

from functools import lru_cache

from django.apps import apps
from django.db import connection

PASSING = ("django_session", "kernel_attempt", "usersessions_usersession", "people_session")
"""Tables that any request may touch."""


def kept() -> dict[str, str]:
    """Return the fingerprint of every table an act could change; the map of the province, which no page changes, is left out."""
    with connection.cursor() as cursor:
        cursor.execute(_fingerprints())
        return dict(cursor.fetchall())


@lru_cache(maxsize=1)
def _fingerprints() -> str:
    tables = sorted({model._meta.db_table for model in apps.get_models(include_auto_created=True)})
    counted = [
        table
        for table in tables
        if not table.startswith(("places_", "wagtail", "taggit", "procrastinate")) and table not in PASSING
    ]
    return " UNION ALL ".join(
        f"""SELECT '{table}', (SELECT md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM "{table}" t)"""  # noqa: S608
        for table in counted
    )
