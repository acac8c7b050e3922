"""A cell of a row as pages compare it: its text, letter by letter, as far as an index holds it. What is asked so is found by
``services.indexes``.
"""

from __future__ import annotations

from django.db.models import TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, Collate, Left

LONGEST = 200
"""Signs by which cells are told apart: an index takes no more than 2,704 bytes, and a longer one would stop the next version."""
_BYTEWISE = "C"


def cell(key: str) -> Collate:
    """Return a cell as text, its first ``LONGEST`` signs, null where it holds nothing."""
    return Collate(Left(KeyTextTransform(key, "values"), LONGEST), _BYTEWISE)


def cell_or_nothing(key: str) -> Coalesce:
    """Return a cell as text, empty where it holds nothing: rows can be put in order by it."""
    return Coalesce(cell(key), Value(""), output_field=TextField())


def literal(text: str) -> str:
    """Return a text of ours as SQL; a statement with parameters takes its percent signs doubled."""
    return "'" + text.replace("'", "''").replace("%", "%%") + "'"


def cell_sql(key: str) -> str:
    """Return the SQL of ``cell``."""
    return f'(left(values ->> {literal(key)}, {LONGEST}) COLLATE "{_BYTEWISE}")'


def whole_sql(key: str) -> str:
    """Return the SQL of a cell as text, however long."""
    return f'((values ->> {literal(key)}) COLLATE "{_BYTEWISE}")'


def order_sql(key: str) -> str:
    """Return the SQL of ``cell_or_nothing``."""
    return f"COALESCE({cell_sql(key)}, '')"


def choices_sql(key: str) -> str:
    """Return the SQL of the cells of one dataset that differ, in their order, found by leaping through their index: as many steps as
    there are answers. Parameters: the source twice, the most answers."""
    at = cell_sql(key)
    first = f"SELECT {at} AS told FROM connectors_datarow WHERE source_id = %s AND until IS NULL AND {at}"  # noqa: S608 - our own words
    following = f"SELECT ({first} > step.told ORDER BY 1 LIMIT 1) FROM step WHERE step.told IS NOT NULL"  # noqa: S608
    steps = f"({first} IS NOT NULL ORDER BY 1 LIMIT 1) UNION ALL {following}"
    return f"WITH RECURSIVE step AS ({steps}) SELECT told FROM step WHERE told IS NOT NULL LIMIT %s"  # noqa: S608
