"""The words that stand somewhere, with what is left of them when letters are struck out: what typing errors are mended from."""

from __future__ import annotations

from django.db import connection, transaction

from smarthd.connectors.selectors import finding as rows
from smarthd.finding.models import Term, TermKey
from smarthd.finding.rules import nearness

_TERMS = (
    "SELECT word, count(*) FROM finding_entry, unnest(tsvector_to_array(heads)) AS word "
    "WHERE word ~ '^[a-z]{2,20}$' GROUP BY word"
)


@transaction.atomic
def recount_entries() -> int:
    """Count anew how many entries hold each word in title, popular names or summary; return how many words are new."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('finding.terms'))")
        cursor.execute(_TERMS)
        counted = dict(cursor.fetchall())
    return _keep(entries=counted)


@transaction.atomic
def take_rows() -> int:
    """Take over how many public rows of departments hold each word; return how many words are new."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('finding.terms'))")
    return _keep(rows=rows.terms())


def _keep(*, entries: dict[str, int] | None = None, rows: dict[str, int] | None = None) -> int:
    known = {term.word: term for term in Term.objects.all()}
    told = entries if entries is not None else rows or {}
    name = "entries" if entries is not None else "rows"
    changed, new = [], []
    for word in told.keys() | known.keys():
        count = told.get(word, 0)
        term = known.get(word)
        if term is None:
            new.append(Term(word=word, **{"entries": 0, "rows": 0, name: count}))
        elif getattr(term, name) != count:
            setattr(term, name, count)
            changed.append(term)
    Term.objects.bulk_create(new, batch_size=2_000)
    TermKey.objects.bulk_create(
        [TermKey(key=key, term_id=term.word) for term in new for key in nearness.keys_of(term.word)], batch_size=5_000
    )
    Term.objects.bulk_update(changed, [name], batch_size=1_000)
    Term.objects.filter(entries=0, rows=0).delete()
    return len(new)
