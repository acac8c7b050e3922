"""The tree of categories, with counts, and one category with the questions it asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, Sum

from smarthd.fieldreports import policies
from smarthd.fieldreports.errors import CategoryUnknown
from smarthd.fieldreports.models import Category, CategoryAttribute, MapCell, Report
from smarthd.fieldreports.rules import attributes, mapping, states
from smarthd.kernel.actor import Actor
from smarthd.kernel.models import AuditEntry


@dataclass(frozen=True, slots=True)
class CategoryView:
    """One category. ``count`` is of reports in it (and below it), None where no counts were asked for."""

    id: int
    key: str
    name: str
    hint: str
    icon: str
    parent_key: str
    intake_hours: float
    working_hours: float
    urgent_intake_hours: float
    urgent_hours: float
    radius_m: int
    sensitive: bool
    dangerous: bool
    words: str
    ended_at: datetime | None
    children: tuple[CategoryView, ...] = ()
    count: int | None = None


def tree(*, with_ended: bool = False) -> tuple[CategoryView, ...]:
    """Return the roots with their leaves, in order. One statement."""
    return _tree(with_ended=with_ended, counts=None)


def tree_with_counts(actor: Actor | None = None) -> tuple[CategoryView, ...]:
    """Return the tree with how many reports are open: everybody's public ones, or those an official's lists hold. Two statements."""
    if actor is None:
        cells = MapCell.objects.filter(level=mapping.LEVELS[0], shown=True, state__in=list(states.OPEN))
        counts = dict(
            cells.exclude(category_id=0)
            .values_list("category_id")
            .annotate(count=Sum("count"))
            .values_list("category_id", "count")
        )
    else:
        rows = Report.objects.filter(policies.visible_to(actor), state__in=list(states.OPEN))
        counts = dict(rows.order_by().values_list("category_id").annotate(count=Count("id")))
    return _tree(with_ended=False, counts={key: int(value) for key, value in counts.items()})


def _tree(*, with_ended: bool, counts: dict[int, int] | None) -> tuple[CategoryView, ...]:
    rows = list(Category.objects.order_by("position", "id"))
    if not with_ended:
        rows = [row for row in rows if row.ended_at is None]
    keys = {row.pk: row.key for row in rows}
    below: dict[int | None, list[CategoryView]] = {}
    for row in rows:
        if row.parent_id is not None:
            count = None if counts is None else counts.get(row.pk, 0)
            below.setdefault(row.parent_id, []).append(_view(row, keys.get(row.parent_id, ""), (), count))
    return tuple(
        _view(row, "", tuple(below.get(row.pk, ())), _sum(below.get(row.pk, []), counts, row.pk))
        for row in rows
        if row.parent_id is None
    )


def _sum(children: list[CategoryView], counts: dict[int, int] | None, own: int) -> int | None:
    return None if counts is None else counts.get(own, 0) + sum(child.count or 0 for child in children)


def _view(row: Category, parent_key: str, children: tuple[CategoryView, ...], count: int | None) -> CategoryView:
    return CategoryView(
        id=row.pk,
        key=row.key,
        name=row.name,
        hint=row.hint,
        icon=row.icon,
        parent_key=parent_key,
        intake_hours=row.intake_hours,
        working_hours=row.working_hours,
        urgent_intake_hours=row.urgent_intake_hours,
        urgent_hours=row.urgent_hours,
        radius_m=row.radius_m,
        sensitive=row.sensitive,
        dangerous=row.dangerous,
        words=row.words,
        ended_at=row.ended_at,
        children=children,
        count=count,
    )


def category(key: str) -> CategoryView:
    """Return one category in use, or raise CategoryUnknown."""
    row = Category.objects.select_related("parent").filter(key=key, ended_at=None).first()
    if row is None:
        raise CategoryUnknown(key=key)
    return _view(row, row.parent.key if row.parent else "", (), None)


def leaf(key: str) -> Category:
    """Return the row of a category that takes reports: in use, without children in use."""
    row = Category.objects.select_related("parent").filter(key=key, ended_at=None).first()
    if row is None or Category.objects.filter(parent=row, ended_at=None).exists():
        raise CategoryUnknown(key=key)
    return row


def questions(key: str) -> list[attributes.Question]:
    """Return the further questions of a category, in order; one statement."""
    rows = CategoryAttribute.objects.filter(category__key=key).order_by("position", "id")
    return [question_of(row) for row in rows]


def asking() -> frozenset[str]:
    """Return the keys of the categories that ask further questions; one statement."""
    return frozenset(CategoryAttribute.objects.values_list("category__key", flat=True))


def changed_at() -> datetime | None:
    """Return when somebody last changed the categories or their questions; None while they are as shipped. One statement."""
    found = AuditEntry.objects.filter(subject_type=Category._meta.label_lower).order_by("-at").first()
    return found.at if found is not None else None


def question_of(row: CategoryAttribute) -> attributes.Question:
    """Return one stored question as a value."""
    return attributes.Question(
        code=row.code,
        datatype=attributes.Datatype(row.datatype),
        description=row.description,
        required=row.required,
        variable=row.variable,
        values=tuple((str(key), str(words)) for key, words in row.values),
    )


def names() -> dict[int, str]:
    """Return the name of every category by id, ended ones too."""
    return dict(Category.objects.values_list("id", "name"))


def ids_under(key: str) -> list[int]:
    """Return the ids of a category and of those below it; empty for a key nobody knows."""
    return list(Category.objects.filter(Q(key=key) | Q(parent__key=key)).values_list("id", flat=True))
