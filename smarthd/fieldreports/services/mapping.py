"""Folding what changed on the map into the sums its cells are. What is not folded yet is added at reading, so nothing is ever behind."""

from __future__ import annotations

from django.db import connection, transaction

from smarthd.fieldreports.rules import mapping

_LOCK = 6_104_030

_FOLD = """
WITH taken AS (
  DELETE FROM fieldreports_mapchange WHERE id IN (SELECT id FROM fieldreports_mapchange ORDER BY id LIMIT %(most)s) RETURNING *
), told AS (
  SELECT mx, my, category_id, state, shown, change FROM taken
  UNION ALL SELECT mx, my, 0, state, shown, change FROM taken
), summed AS (
  SELECT l.level, mx >> (%(bits)s - l.level) AS x, my >> (%(bits)s - l.level) AS y, category_id, state, shown,
    sum(change) AS count, sum(change * mx::bigint) AS sum_mx, sum(change * my::bigint) AS sum_my
  FROM told CROSS JOIN unnest(%(levels)s::int[]) AS l(level)
  GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(change) <> 0 OR sum(change * mx::bigint) <> 0 OR sum(change * my::bigint) <> 0
)
INSERT INTO fieldreports_mapcell (level, x, y, category_id, state, shown, count, sum_mx, sum_my)
SELECT level, x, y, category_id, state, shown, count, sum_mx, sum_my FROM summed
ORDER BY level, x, y, category_id, state, shown
ON CONFLICT (level, x, y, category_id, state, shown) DO UPDATE SET
  count = fieldreports_mapcell.count + EXCLUDED.count,
  sum_mx = fieldreports_mapcell.sum_mx + EXCLUDED.sum_mx,
  sum_my = fieldreports_mapcell.sum_my + EXCLUDED.sum_my
"""


def fold(*, batch: int = 20_000) -> int:
    """Fold everything that waits, a batch a transaction; return how many changes went in."""
    folded = 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
            cursor.execute("SELECT count(*) FROM (SELECT 1 FROM fieldreports_mapchange LIMIT %s) AS waiting", [batch])
            waiting = int(cursor.fetchone()[0])
            if not waiting:
                if not folded:
                    return 0
                cursor.execute("DELETE FROM fieldreports_mapcell WHERE count = 0")
                return folded
            cursor.execute(_FOLD, {"most": batch, "bits": mapping.SCALE_BITS, "levels": list(mapping.LEVELS)})
        folded += waiting


@transaction.atomic
def rebuild() -> int:
    """Make the cells anew from the reports themselves; return how many reports lie on the map."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute("LOCK TABLE fieldreports_report IN SHARE MODE")
        cursor.execute("TRUNCATE fieldreports_mapcell, fieldreports_mapchange")
        cursor.execute(
            "INSERT INTO fieldreports_mapcell (level, x, y, category_id, state, shown, count, sum_mx, sum_my) "
            "SELECT l.level, mx >> (%(bits)s - l.level), my >> (%(bits)s - l.level), c.id, state, visibility = 'public', "
            "count(*), sum(mx::bigint), sum(my::bigint) FROM fieldreports_report "
            "CROSS JOIN LATERAL (VALUES (category_id), (0::bigint)) AS c(id) CROSS JOIN unnest(%(levels)s::int[]) AS l(level) "
            "WHERE mx IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6",
            {"bits": mapping.SCALE_BITS, "levels": list(mapping.LEVELS)},
        )
        cursor.execute("SELECT count(*) FROM fieldreports_report WHERE mx IS NOT NULL")
        return int(cursor.fetchone()[0])
