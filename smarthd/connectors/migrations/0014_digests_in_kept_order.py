"""Contents are told apart by their JSON in the order PostgreSQL keeps it in (docs/adr/0134): digests of what is public are written anew, so
that the next reading finds the same rows the same. A row without a column of its own for a key is known by its digest, and follows it."""

from __future__ import annotations

import json
from typing import Any

import xxhash
from django.db import migrations

_SOME = 5_000
_WAITING = """SELECT relname FROM pg_class WHERE relkind = 'r' AND relname ~ '^connectors_datarow_s[0-9]+$'
AND NOT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = pg_class.oid)"""
"""Tables of large first versions that nobody has published yet."""
_WRITE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def digest_of(values: dict[str, Any]) -> bytes:
    """Return what tells a content from another since this migration."""
    ordered = {key: values[key] for key in sorted(values, key=lambda one: (len(one.encode()), one.encode()))}
    return xxhash.xxh3_128_digest(_WRITE(ordered).encode())


def write_anew(apps: Any, schema_editor: Any) -> None:
    with schema_editor.connection.cursor() as cursor:
        tables = [("connectors_datarow", "until IS NULL"), ("connectors_change", "act <> 'r'")]
        cursor.execute(_WAITING)
        tables += [(name, "true") for (name,) in cursor.fetchall()]
        for table, which in tables:
            last = 0
            while rows := _some(cursor, table, which, last):
                _change(cursor, table, rows)
                last = rows[-1][0]


def _some(cursor: Any, table: str, which: str, last: int) -> list[tuple[Any, ...]]:
    cursor.execute(
        f"SELECT id, key, digest, values::text FROM {table} WHERE {which} AND id > %s ORDER BY id LIMIT {_SOME}", [last]
    )
    return list(cursor.fetchall())


def _change(cursor: Any, table: str, rows: list[tuple[Any, ...]]) -> None:
    ids, keys, codes, digests, moved = [], [], [], [], []
    for pk, key, before, values in rows:
        digest = digest_of(json.loads(values))
        ids.append(pk)
        digests.append(digest)
        nameless = key == bytes(before).hex()
        keys.append(digest.hex() if nameless else key)
        codes.append(xxhash.xxh3_64_digest(keys[-1].encode()).hex())
        if nameless:
            moved.append((xxhash.xxh3_64_digest(key.encode()).hex(), codes[-1]))
    cursor.execute(
        f"UPDATE {table} AS r SET key = told.key, code = told.code, digest = told.digest "
        "FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::bytea[]) AS told(id, key, code, digest) WHERE r.id = told.id",
        [ids, keys, codes, digests],
    )
    if moved and table == "connectors_datarow":
        cursor.execute(
            "UPDATE connectors_follow AS f SET row_code = told.now FROM unnest(%s::text[], %s::text[]) AS told(was, now) "
            "WHERE f.row_code = told.was",
            [[was for was, _now in moved], [now for _was, now in moved]],
        )


class Migration(migrations.Migration):
    dependencies = [("connectors", "0013_own_indexes")]

    operations = [migrations.RunPython(write_anew, migrations.RunPython.noop)]
