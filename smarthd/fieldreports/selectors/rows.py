"""One report as lists show it: made for a whole page at once, in three statements whatever its length."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from smarthd.agencies import selectors as agencies
from smarthd.fieldreports.models import Attachment, Report
from smarthd.fieldreports.rules import states
from smarthd.fieldreports.rules.attachments import Kind, Part
from smarthd.fieldreports.rules.attachments import State as FileState
from smarthd.fieldreports.rules.states import Ending, Stand, State, Visibility
from smarthd.kernel import clock
from smarthd.places import selectors as places

# What a list needs; the tsvector and the folded words stay in the database.
COLUMNS = (
    "id", "uid", "code", "category_id", "category__key", "category__name", "urgent", "anonymous", "text", "public_text", "lat", "lon",
    "address", "commune_id", "visibility", "published_at", "state", "holder_id", "intake_id", "worker", "held_since", "received_at",
    "accepted_at", "answered_at", "ended_at", "ending", "intake_due_at", "original_due_at", "due_at", "paused_at", "extensions",
    "reopenings", "hand_backs", "escalation", "merged_into_id", "merged_count", "followers", "photos", "stars", "channel",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One report in a list. ``text`` is what the reader may read: empty until an official has read it, for the public."""

    id: int
    uid: UUID
    code: str
    category_key: str
    category: str
    urgent: bool
    anonymous: bool
    text: str
    published: bool
    visibility: Visibility
    lat: float | None
    lon: float | None
    address: str
    commune_id: int
    commune: str
    state: State
    stand: Stand | None
    holder_id: int
    holder: str
    worker: int | None
    received_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    ending: Ending | None
    due_at: datetime
    intake_due_at: datetime
    original_due_at: datetime | None
    paused: bool
    overdue: bool
    extensions: int
    reopenings: int
    hand_backs: int
    escalation: int
    reporters: int
    followers: int
    photos: int
    thumb_uid: UUID | None
    stars: int | None

    @property
    def open(self) -> bool:
        """Say whether an agency still owes something."""
        return self.state in states.OPEN

    @property
    def term(self) -> datetime:
        """The term that runs: for looking at it, then for the answer."""
        return self.intake_due_at if self.state is State.RECEIVED else self.due_at


def fetched(reports: QuerySet[Report]) -> list[Report]:
    """Return the reports of a page with no more columns than a list needs. One statement."""
    return list(reports.select_related("category").only(*COLUMNS))


def rows_of(reports: Sequence[Report], *, inside: bool, now: datetime) -> list[Row]:
    """Return rows for handlers (``inside``) or for the public. Two statements."""
    holders = agency_names({one.holder_id for one in reports}, clock.day_of(now))
    communes = places.views({one.commune_id for one in reports}, clock.day_of(now)) if reports else {}
    thumbs = _thumbs([one.pk for one in reports if one.photos and (inside or shown_words(one))], inside=inside)
    return [
        _row(
            one,
            holders.get(one.holder_id, ""),
            communes[one.commune_id].full_name,
            thumbs.get(one.pk),
            inside=inside,
            now=now,
        )
        for one in reports
    ]


def shown_words(report: Report) -> bool:
    """Say whether everybody may read the report's words and see its photos: an official has read it."""
    return report.published_at is not None and report.visibility == Visibility.PUBLIC


def words_for(report: Report, *, inside: bool) -> str:
    """Return the words a reader may read."""
    if inside:
        return report.text
    if not shown_words(report):
        return ""
    return report.text if report.public_text is None else report.public_text


def agency_names(agency_ids: Iterable[int], on: date) -> dict[int, str]:
    """Return names by id as of a day; of those that no longer stand, as of the day before 1/7/2025."""
    ids = set(agency_ids)
    if not ids:
        return {}
    names = {view.id: view.name for view in agencies.agency_views(ids, on).values()}
    gone = ids - names.keys()
    if gone:
        names |= {view.id: view.name for view in agencies.agency_views(gone, date(2025, 6, 30)).values()}
    return names


def _thumbs(report_ids: Sequence[int], *, inside: bool) -> dict[int, UUID]:
    """Return the first photo of each report. One statement, none where there are no photos."""
    if not report_ids:
        return {}
    found = Attachment.objects.filter(
        report_id__in=report_ids, kind=Kind.PHOTO, part=Part.CITIZEN, state=FileState.READY
    )
    if not inside:
        found = found.filter(hidden_at=None)
    first: dict[int, UUID] = {}
    for report_id, uid in found.order_by("report_id", "id").values_list("report_id", "uid"):
        if report_id is not None:
            first.setdefault(report_id, uid)
    return first


def is_overdue(report: Report, now: datetime) -> bool:
    """Say whether the term that runs is over; a clock that stands is not."""
    state = State(report.state)
    if state is State.RECEIVED:
        return report.intake_due_at < now
    return state in states.OPEN and state is not State.WAITING and report.due_at < now


def _row(report: Report, holder: str, commune: str, thumb: UUID | None, *, inside: bool, now: datetime) -> Row:
    state = State(report.state)
    return Row(
        id=report.pk,
        uid=report.uid,
        code=report.code,
        category_key=report.category.key,
        category=report.category.name,
        urgent=report.urgent,
        anonymous=report.anonymous,
        text=words_for(report, inside=inside),
        published=report.published_at is not None,
        visibility=Visibility(report.visibility),
        lat=report.lat,
        lon=report.lon,
        address=report.address if inside or shown_words(report) else "",
        commune_id=report.commune_id,
        commune=commune,
        state=state,
        stand=states.stand_of(state),
        holder_id=report.holder_id,
        holder=holder,
        worker=report.worker if inside else None,
        received_at=report.received_at,
        answered_at=report.answered_at,
        ended_at=report.ended_at,
        ending=Ending(report.ending) if report.ending else None,
        due_at=report.due_at,
        intake_due_at=report.intake_due_at,
        original_due_at=report.original_due_at,
        paused=report.paused_at is not None,
        overdue=is_overdue(report, now),
        extensions=report.extensions,
        reopenings=report.reopenings,
        hand_backs=report.hand_backs,
        escalation=report.escalation,
        reporters=1 + report.merged_count,
        followers=report.followers,
        photos=report.photos if inside or shown_words(report) else 0,
        thumb_uid=thumb,
        stars=report.stars,
    )
