"""What must hold before citizens read a notice or a page, whoever publishes it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from smarthd.agencies import selectors as agencies
from smarthd.content import markup, rules
from smarthd.content.models import Article, Notice
from smarthd.content.rules import kinds, tables
from smarthd.kernel import clock, errors
from smarthd.places import selectors as places


def check_audience(*, agency_id: int, audience: str, unit_ids: Sequence[int], now: datetime) -> None:
    """Refuse an audience outside the agency's own unit (AudienceTooWide); a provincial agency speaks to anyone."""
    on = clock.day_of(now)
    home_id = agencies.agency_view(agency_id, on).place_id
    if home_id is None:
        return
    homes = places.views([home_id], on)
    home_is_province = home_id in homes and homes[home_id].level == "province"
    if audience == rules.Audience.PROVINCE and not home_is_province:
        raise rules.AudienceTooWide(places=[])
    paths = {unit_id: frozenset(view.id for view in places.path(unit_id, on)) for unit_id in unit_ids}
    outside = rules.within_reach(home_id=home_id, home_is_province=home_is_province, paths=paths)
    if outside:
        names = places.views(sorted(outside), on)
        raise rules.AudienceTooWide(places=[view.full_name for view in names.values()])


def require_publishable(piece: Notice | Article, *, now: datetime) -> None:
    """Refuse what is incomplete (NoticeIncomplete) or speaks beyond its agency's territory (AudienceTooWide)."""
    unit_ids = tuple(place.unit_id for place in piece.places.all())
    found = kinds.faults(draft_of(piece), now=now) if isinstance(piece, Article) else _notice_faults(piece, now=now)
    if found:
        raise rules.NoticeIncomplete(fields=found)
    try:
        check_audience(agency_id=piece.agency_id, audience=piece.audience, unit_ids=unit_ids, now=now)
    except errors.NotFound:
        raise rules.NoticeIncomplete(fields={"agency": "gone"}) from None


def _notice_faults(notice: Notice, *, now: datetime) -> dict[str, str]:
    draft = rules.Draft(
        title=notice.title,
        summary=notice.summary,
        words=markup.plain(markup.clean(notice.body)),
        audience=notice.audience,
        place_ids=tuple(place.unit_id for place in notice.places.all()),
        has_picture=notice.image_id is not None,
        picture_words=notice.image_alt,
        go_live_at=notice.go_live_at,
        expire_at=notice.expire_at,
    )
    return rules.faults(draft, now=now)


def draft_of(article: Article) -> kinds.ArticleDraft:
    """Return the values that decide whether a page may go out."""
    return kinds.ArticleDraft(
        kind=kinds.Kind(article.kind),
        title=article.title,
        summary=article.summary,
        words=markup.plain(markup.clean(article.body)),
        audience=article.audience,
        place_ids=tuple(place.unit_id for place in article.places.all()),
        has_picture=article.image_id is not None,
        picture_words=article.image_alt,
        go_live_at=article.go_live_at,
        expire_at=article.expire_at,
        steps=article.steps,
        papers=article.papers,
        place=article.place,
        service_level=article.service_level,
        link=article.link,
        number=article.number,
        issued_on=article.issued_on,
        effective_on=article.effective_on,
        ended_on=article.ended_on,
        starts_at=article.starts_at,
        ends_at=article.ends_at,
        silent_videos=tuple(
            file.title
            for file in article.files.all()
            if file.form == kinds.FileForm.VIDEO and not (file.transcript.strip() and (file.captions or file.silent))
        ),
        faulty_tables=tuple(
            table.caption
            for table in article.tables.all()
            if any(
                fault.blocks
                for fault in tables.faults(caption=table.caption, pasted=table.cells, row_heads=table.row_heads)
            )
        ),
    )
