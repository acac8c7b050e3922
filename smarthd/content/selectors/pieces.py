"""What notices and pages share as citizens see them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from smarthd.agencies import selectors as agencies
from smarthd.content import rules
from smarthd.content.models import Article, Notice
from smarthd.kernel import clock, paging

IMAGE_SIZES = ("width-480|format-jpeg|jpegquality-72", "width-960|format-jpeg|jpegquality-72")
_LAST_MICROS = 4_000_000_000_000_000  # in the year 2096


@dataclass(frozen=True, slots=True)
class PictureView:
    """One picture in two widths; ``alt`` says what it shows."""

    small_url: str
    large_url: str
    width: int
    height: int
    alt: str


def standing_of(piece: Notice | Article, *, now: datetime) -> rules.Standing:
    """Return how a piece stands for who follows a link to it."""
    return rules.standing(
        live=piece.live,
        expired=piece.expired,
        ever_published=piece.first_published_at is not None,
        expire_at=piece.expire_at,
        now=now,
    )


def picture(piece: Notice | Article) -> PictureView | None:
    """Return the piece's picture in its two sizes, making them on first use."""
    if piece.image is None:
        return None
    sizes = piece.image.get_renditions(*IMAGE_SIZES)
    small, large = (sizes[spec] for spec in IMAGE_SIZES)
    return PictureView(
        small_url=small.url, large_url=large.url, width=large.width, height=large.height, alt=piece.image_alt
    )


def agency_names(agency_ids: Iterable[int | None], on: date) -> dict[int, str]:
    """Return agencies' names of a day."""
    wanted = {agency_id for agency_id in agency_ids if agency_id is not None}
    return {key: view.name for key, view in agencies.agency_views(wanted, on).items()} if wanted else {}


def cursor_of(instant: datetime, last_id: int) -> str:
    """Return the cursor of a list ordered by an instant and an id."""
    return paging.encode_cursor(int(instant.timestamp()) * 1_000_000 + instant.microsecond, last_id)


def position(cursor: str) -> tuple[datetime, int]:
    """Return where a cursor stands; raises BadCursor."""
    micros, last_id = paging.decode_cursor(cursor, length=2)
    if not isinstance(micros, int) or not isinstance(last_id, int):
        raise paging.BadCursor
    if not (0 <= micros <= _LAST_MICROS and 0 <= last_id < 2**63):
        raise paging.BadCursor
    seconds, rest = divmod(micros, 1_000_000)
    return datetime.fromtimestamp(seconds, tz=clock.ZONE).replace(microsecond=rest), last_id
