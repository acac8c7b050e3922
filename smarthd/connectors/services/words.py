"""The words public rows are found by: written with a small change at once, after a large one by the queue; rebuilt and checked on demand."""

from __future__ import annotations

from collections import Counter

from django.db import connection, transaction
from django.db.models import F
from procrastinate.exceptions import AlreadyEnqueued

from smarthd.connectors import events
from smarthd.connectors.models import DataRow, RowTerm, RowWords, Source
from smarthd.connectors.rules import finding
from smarthd.connectors.rules.mapping import mapping_of
from smarthd.connectors.rules.sources import publication_of
from smarthd.kernel.events import announce

AT_ONCE = 5_000
"""Changes of rows up to which words are written in the transaction that publishes."""
_BATCH = 10_000
_PENDING_KB = 65_536
"""What may wait beside the index while many words are written: taken in together, long lists are written once instead of ten times."""


def keep_up(source: Source, *, before: int, changes: int) -> None:
    """Write the words of what a version changed: now, or by the queue where that takes longer than whoever publishes would wait.

    ``before`` is the version that was public: where its words are still owed, the queue has them to do.
    """
    if changes <= AT_ONCE and source.found_version == before:
        bring_up(source.pk)
        return
    ask(source.pk)


def ask(source_id: int) -> bool:
    """Have the queue write a dataset's words; return whether that was not waiting there already."""
    from smarthd.connectors.tasks import find_words  # tasks import this module

    lock = f"connectors.words.{source_id}"
    try:
        with transaction.atomic():
            find_words.configure(queueing_lock=lock, lock=lock).defer(source_id=source_id)
    except AlreadyEnqueued:
        return False
    return True


def bring_up(source_id: int) -> int:
    """Make the words of a dataset those of its public version. Return how many rows got theirs."""
    written = 0
    while True:
        source = Source.objects.get(pk=source_id)
        if source.found_version == source.version:
            return written
        _take_away(source)
        last: int | None = 0
        before = written
        while last is not None:
            last, some = _write_some(source, after=last)
            written += some
        if written - before > AT_ONCE:
            _put_in_order()
        _done(source)


@transaction.atomic
def _done(source: Source) -> None:
    Source.objects.filter(pk=source.pk).update(found_version=source.version)
    RowTerm.objects.filter(source=source, rows__lte=0).delete()
    announce(events.RowsFindable(source_id=source.pk, key=source.key, version=source.version))


def _put_in_order() -> None:
    """Let the index take in what waits beside it: until then every search reads that through."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT gin_clean_pending_list('row_words')")


@transaction.atomic
def _take_away(source: Source) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH gone AS (DELETE FROM connectors_rowwords w USING connectors_datarow r "
            "WHERE r.source_id = %(source)s AND r.until > %(found)s AND w.row_id = r.id RETURNING w.words), "
            "told AS (SELECT word, count(*) AS rows FROM gone, unnest(tsvector_to_array(words)) AS word GROUP BY word) "
            "UPDATE connectors_rowterm t SET rows = t.rows - told.rows FROM told "
            "WHERE t.source_id = %(source)s AND t.word = told.word",
            {"source": source.pk, "found": source.found_version},
        )


def _count(source: Source, counted: Counter[str]) -> None:
    """Add to how many rows of a dataset hold each word."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO connectors_rowterm (source_id, word, rows) SELECT %s, word, rows FROM unnest(%s::text[], %s::bigint[]) "
            "AS told(word, rows) ON CONFLICT (source_id, word) DO UPDATE SET rows = connectors_rowterm.rows + excluded.rows",
            [source.pk, list(counted), list(counted.values())],
        )


@transaction.atomic
def _write_some(source: Source, *, after: int) -> tuple[int | None, int]:
    """Write the words of the next rows; return the last of them, None after the last of all, and how many were written. Words that a job
    broken off had written already stay."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, values::text, unit_id, lat, lon FROM connectors_datarow WHERE source_id = %s AND id > %s AND since > %s AND until IS NULL "
            "ORDER BY id LIMIT %s",
            [source.pk, after, source.found_version, _BATCH],
        )
        rows = cursor.fetchall()
        if not rows:
            return None, 0
        cursor.execute("SELECT row_id FROM connectors_rowwords WHERE row_id = ANY(%s)", [[row[0] for row in rows]])
        there = {pk for (pk,) in cursor.fetchall()}
        mapping = mapping_of(source.mapping)
        title = publication_of(source.publication).title or mapping.title.key
        vector = finding.vector_of(mapping, title, source.pk, source.title)
        told = {pk: vector(*row) for pk, *row in rows if pk not in there}
        cursor.execute(f"SET LOCAL gin_pending_list_limit = {_PENDING_KB}")
        with cursor.copy("COPY connectors_rowwords (row_id, source_id, words) FROM STDIN") as into:
            into.write("".join(f"{pk}\t{source.pk}\t{one}\n" for pk, one in told.items()))
    counted: Counter[str] = Counter()
    for one in told.values():
        counted.update(finding.terms_of(one))
    _count(source, counted)
    return rows[-1][0], len(told)


def forget_ended() -> int:
    """Delete the words of datasets that ended: nobody finds their rows, and they would stand before those that are found. Return how many."""
    RowTerm.objects.filter(source__ended_at__isnull=False).delete()
    return RowWords.objects.filter(source__ended_at__isnull=False).delete()[0]


def behind() -> list[int]:
    """Return the datasets whose public rows cannot be found by words yet."""
    late = Source.objects.filter(ended_at=None, version__gt=0).exclude(found_version=F("version"))
    return list(late.values_list("pk", flat=True))


def rebuild(source_id: int) -> int:
    """Write all words of a dataset anew. Return of how many rows."""
    with transaction.atomic():
        RowWords.objects.filter(source=source_id).delete()
        RowTerm.objects.filter(source=source_id).delete()
        Source.objects.filter(pk=source_id).update(found_version=0)
    return bring_up(source_id)


def differences() -> dict[str, int]:
    """Return how many public rows have no words, and how many words have no public row, of datasets that are brought up."""
    ready = Source.objects.filter(ended_at=None, version__gt=0, found_version=F("version"))
    public = DataRow.objects.filter(source__in=ready, until=None)
    known = RowWords.objects.filter(source__in=ready)
    return {
        "missing": public.exclude(id__in=known.values("row_id")).count(),
        "spare": known.exclude(row_id__in=public.values("id")).count(),
    }
