"""Taking a report in, by whatever road, once: checked, placed, given to the agency that answers for it, its clocks started."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from smarthd.agencies import selectors as agencies
from smarthd.agencies.selectors import AgencyView
from smarthd.fieldreports import policies
from smarthd.fieldreports.errors import (
    CategoryUnknown,
    FieldReportFaulty,
    NoPlace,
    SameIdOtherContent,
    TooManyFiles,
)
from smarthd.fieldreports.events import ReportReceived
from smarthd.fieldreports.models import Attachment, Category, Report, ReportStep, Sender
from smarthd.fieldreports.rules import attachments, attributes, deadlines, intake, mapping
from smarthd.fieldreports.rules.categories import FALLBACK
from smarthd.fieldreports.rules.intake import Channel, PlaceSource
from smarthd.fieldreports.rules.states import State, Visibility
from smarthd.fieldreports.selectors import categories, ground, routing, suggestions
from smarthd.fieldreports.selectors.ground import Ground
from smarthd.fieldreports.services import floods, steps
from smarthd.fieldreports.values import Caller, Sent, mark_of_token
from smarthd.kernel import audit, clock, events, ids, sealing, text
from smarthd.kernel.policies import require
from smarthd.people import rules as people_rules
from smarthd.people import selectors as people
from smarthd.people import services as people_services

LONGEST_NAME = 100
_TRIES = 5


@dataclass(frozen=True, slots=True)
class NewReport:
    """What somebody sends. A point (degrees) or a commune says where; ``agency_id`` is the official's own for phone and counter."""

    words: str
    category_key: str = ""
    lat: float | None = None
    lon: float | None = None
    accuracy_m: int | None = None
    place_source: PlaceSource = PlaceSource.COMMUNE
    commune_id: int | None = None
    address: str = ""
    urgent: bool = False
    anonymous: bool = False
    private: bool = False
    client_id: UUID | None = None
    channel: Channel = Channel.WEB
    attachment_uids: Sequence[UUID] = ()
    answers: Mapping[str, Any] = field(default_factory=dict)
    name: str = ""
    phone: str = ""
    agency_id: int | None = None


@dataclass(frozen=True, slots=True)
class _Checked:
    """What was sent, cleaned."""

    words: str
    address: str
    name: str
    phone: str
    category: Category
    suggested: tuple[Category, float] | None
    answers: dict[str, Any]
    where: Ground
    mark: str


class _SentMeanwhile(Exception):
    """The same client id came in by another request while this one was being written."""


def new_token() -> str:
    """Return a secret for a phone (160 random bits) by which it follows what it sends; we keep only its hash."""
    return secrets.token_urlsafe(20)


@transaction.atomic
def send_report(new: NewReport, *, caller: Caller, address: str, now: datetime) -> Sent:
    """Take a report in. The same client id with the same content is the report it was; with other content it is refused.

    ``address`` is the network address of the asker, for limits only; it is never stored but as a keyed hash for two days.
    """
    mark = intake.content_hash(_content(new), [str(uid) for uid in new.attachment_uids])
    before = _sent_before(new, mark, caller, now)
    if before is not None:
        return before
    if new.channel in intake.ON_BEHALF:
        require(new.agency_id is not None and policies.can_take_on_behalf(caller.actor, new.agency_id))
    checked = _checked(new, mark, now)
    _count(new, checked, caller, address, now)
    try:
        return _create(new, checked, caller, now)
    except _SentMeanwhile:
        before = _sent_before(new, mark, caller, now)
        if before is None:
            raise
        return before


def _content(new: NewReport) -> dict[str, Any]:
    """Return what makes a report what it is; the position's accuracy and the road may differ from one try to the next."""
    return {
        "words": intake.cleaned(new.words),
        "category": new.category_key,
        "lat": None if new.lat is None else round(new.lat, 5),
        "lon": None if new.lon is None else round(new.lon, 5),
        "commune": new.commune_id,
        "address": intake.cleaned(new.address),
        "urgent": new.urgent,
        "private": new.private,
        "anonymous": new.anonymous,
        "answers": dict(new.answers),
    }


def _sent_before(new: NewReport, mark: str, caller: Caller, now: datetime) -> Sent | None:
    if new.client_id is None:
        return None
    report = Report.objects.filter(client_id=new.client_id).first()
    if report is None:
        return None
    own = policies.is_sender(caller, report) or bool(caller.actor.system)
    if not own or report.content_hash != mark:
        raise SameIdOtherContent(code=report.code if own else "")
    day = clock.day_of(now)
    holder = agencies.agency_views([report.holder_id], day).get(report.holder_id)
    where = ground.commune(report.commune_id, report.received_at)
    return Sent(
        code=report.code,
        uid=report.uid,
        token=caller.token,
        holder_name=holder.name if holder else "",
        intake_due_at=report.intake_due_at,
        commune_name=where.commune.full_name,
        snapped_m=report.snapped_m,
        again=True,
    )


# --- checking --------------------------------------------------------------------------------------------------------
def _checked(new: NewReport, mark: str, now: datetime) -> _Checked:
    """Return what was sent, cleaned and placed, or refuse it with everything that is wrong at once."""
    words = intake.cleaned(new.words)
    problems = intake.problems_of(words, has_files=bool(new.attachment_uids))
    address = intake.cleaned(new.address).replace("\n", " ")
    if len(address) > intake.LONGEST_ADDRESS:
        problems["address"] = f"Địa chỉ dài quá {intake.LONGEST_ADDRESS} chữ."
    name = intake.cleaned(new.name).replace("\n", " ")
    if len(name) > LONGEST_NAME:
        problems["name"] = f"Họ tên dài quá {LONGEST_NAME} chữ."
    phone = _phone(new.phone, problems)
    category, suggested = _category(new.category_key, words, problems)
    answers: dict[str, Any] = {}
    if category is not None:
        answers, wrong = attributes.checked(categories.questions(category.key), new.answers)
        problems |= {f"answers.{code}": said for code, said in wrong.items()}
    if len(set(new.attachment_uids)) > intake.PHOTOS + intake.VOICES:
        raise TooManyFiles(most=intake.PHOTOS)
    if problems or category is None:
        raise FieldReportFaulty(fields=problems)
    return _Checked(words, address, name, phone, category, suggested, answers, _where(new, now), mark)


def _phone(raw: str, problems: dict[str, str]) -> str:
    if not raw.strip():
        return ""
    try:
        return people_rules.normalise_phone(raw)
    except people_rules.NotAPhone as wrong:
        problems["phone"] = str(wrong.words)
        return ""


def _category(key: str, words: str, problems: dict[str, str]) -> tuple[Category | None, tuple[Category, float] | None]:
    """Return the category that was chosen, else the one the words say for certain; asks where they do not."""
    guess = suggestions.categories_for(words)
    suggested = None
    if guess.best is not None:
        row = Category.objects.filter(key=guess.best.key).first()
        suggested = (row, guess.best.certainty) if row is not None else None
    if not key and not words:
        key = FALLBACK  # only a photo or a voice: whoever reads it says what it is about
    if not key and suggested is not None and guess.certain:
        return suggested[0], suggested
    try:
        return categories.leaf(key), suggested
    except CategoryUnknown:
        problems["category"] = "Xin chọn lĩnh vực của phản ánh."
        return None, suggested


def _where(new: NewReport, now: datetime) -> Ground:
    if new.lat is not None and new.lon is not None:
        return ground.stand(new.lat, new.lon, now)
    if new.commune_id is None:
        raise NoPlace
    return ground.commune(new.commune_id, now)


def _count(new: NewReport, checked: _Checked, caller: Caller, address: str, now: datetime) -> None:
    """Count one report of this device, this person and this network address; an official who writes for others is not counted."""
    if caller.actor.system or new.channel in intake.ON_BEHALF or new.channel is Channel.IMPORT:
        return
    keys: list[tuple[str, str, Any]] = []
    if caller.token:
        keys.append(("device", mark_of_token(caller.token).hex()[:40], intake.PER_DEVICE))
    if caller.actor.account_id is not None:
        keys.append(("phone", f"a{caller.actor.account_id}", intake.PER_PHONE))
    if checked.phone:
        keys.append(("phone", people_services.phone_index(checked.phone).hex()[:40], intake.PER_PHONE))
    if address:
        keys.append(("address", sealing.blind_index(address, purpose=intake.ADDRESS).hex()[:40], intake.PER_ADDRESS))
    floods.count_sendings("fr", keys, now=now)


# --- creating --------------------------------------------------------------------------------------------------------
def _create(new: NewReport, checked: _Checked, caller: Caller, now: datetime) -> Sent:
    found = routing.route(commune_id=checked.where.commune.id, category=checked.category, at=now)
    urgent = new.urgent
    category = checked.category
    hours = (
        deadlines.Hours(category.urgent_intake_hours, category.urgent_hours)
        if urgent
        else deadlines.Hours(category.intake_hours, category.working_hours)
    )
    terms = deadlines.terms(now, hours, steps.working())
    report = _row(new, checked, found.agency, now)
    report.route_uid = found.rule.uid if found.rule else None
    report.intake_due_at, report.due_at = terms.intake_due_at, terms.due_at
    _insert(report, checked)
    token = caller.token or ("" if caller.actor.account_id is not None else new_token())
    token = "" if new.channel in intake.ON_BEHALF else token
    _keep_sender(report, new, checked, caller, token)
    _attach(report, new.attachment_uids, caller, token)
    _first_step(report, caller, new, found.agency, now)
    return Sent(
        code=report.code,
        uid=report.uid,
        token=token,
        holder_name=found.agency.name,
        intake_due_at=report.intake_due_at,
        commune_name=checked.where.commune.full_name,
        snapped_m=checked.where.snapped_m,
        again=False,
    )


def _row(new: NewReport, checked: _Checked, holder: AgencyView, now: datetime) -> Report:
    has_point = new.lat is not None and new.lon is not None
    grid = mapping.grid_of(new.lat or 0, new.lon or 0) if has_point else (None, None)
    private = new.private or checked.category.sensitive
    return Report(
        client_id=new.client_id,
        content_hash=checked.mark,
        channel=new.channel,
        category=checked.category,
        suggested_category=checked.suggested[0] if checked.suggested else None,
        suggested_certainty=checked.suggested[1] if checked.suggested else None,
        answers_given=checked.answers,
        urgent=new.urgent,
        anonymous=new.anonymous,
        text=checked.words,
        lat=new.lat if has_point else None,
        lon=new.lon if has_point else None,
        mx=grid[0],
        my=grid[1],
        accuracy_m=None if new.accuracy_m is None else max(0, min(new.accuracy_m, 100_000)),
        place_source=new.place_source if has_point else PlaceSource.COMMUNE,
        address=checked.address,
        commune_id=checked.where.commune.id,
        snapped_m=checked.where.snapped_m,
        visibility=Visibility.PRIVATE if private else Visibility.PUBLIC,
        state=State.RECEIVED,
        intake_id=holder.id,
        holder_id=holder.id,
        involved=[holder.id],
        held_since=now,
        received_at=now,
        photos=0,
        steps_count=1,
    )


def _insert(report: Report, checked: _Checked) -> None:
    """Insert under a code nobody has."""
    for left in range(_TRIES, 0, -1):
        report.code = f"{intake.CODE_PREFIX}{ids.spoken_code(7)}"
        report.folded = folded_words(report.code, report.address, checked.words)
        try:
            with transaction.atomic():
                report.save(force_insert=True)
        except IntegrityError:
            if report.client_id is not None and Report.objects.filter(client_id=report.client_id).exists():
                raise _SentMeanwhile from None
            if left == 1 or not Report.objects.filter(code=report.code).exists():
                raise
        else:
            return


def folded_words(code: str, address: str, words: str) -> str:
    """Return what a search finds a report by."""
    return text.fold(f"{code.removeprefix(intake.CODE_PREFIX)} {code} {address} {words}")[: intake.LONGEST * 2]


def _keep_sender(report: Report, new: NewReport, checked: _Checked, caller: Caller, token: str) -> None:
    on_behalf = new.channel in intake.ON_BEHALF
    index = people_services.phone_index(checked.phone) if checked.phone else None
    account_id = None if on_behalf else caller.actor.account_id
    if on_behalf and index is not None:
        account_id = people.account_id_by_phone_index(index)
    Sender.objects.create(
        report=report,
        account_id=account_id,
        token_hash=mark_of_token(token) if token else None,
        name_sealed=sealing.seal(checked.name, purpose=intake.NAME) if checked.name else None,
        phone_sealed=sealing.seal(checked.phone, purpose=intake.PHONE) if checked.phone else None,
        phone_index=index,
        taken_by=caller.actor.account_id if on_behalf else None,
        taken_at_agency_id=new.agency_id if on_behalf else None,
    )


def _attach(report: Report, uids: Sequence[UUID], caller: Caller, token: str) -> None:
    """Bind what this caller uploaded to the report; another's files are not found."""
    if not uids:
        return
    marks = {*caller.marks, *([mark_of_token(token)] if token else [])}
    rows = list(
        Attachment.objects.select_for_update()
        .filter(uid__in=set(uids), report=None, owner__in=list(marks))
        .order_by("id")
    )
    if len(rows) != len(set(uids)):
        raise FieldReportFaulty(
            fields={"attachments": "Có ảnh hoặc đoạn ghi âm chưa gửi xong. Xin gửi lại tệp ấy rồi gửi phản ánh."}
        )
    photos = [row for row in rows if row.kind == attachments.Kind.PHOTO]
    voices = [row for row in rows if row.kind == attachments.Kind.VOICE]
    if len(photos) > intake.PHOTOS or len(voices) > intake.VOICES:
        raise TooManyFiles(most=intake.PHOTOS)
    Attachment.objects.filter(pk__in=[row.pk for row in rows]).update(report=report)
    Report.objects.filter(pk=report.pk).update(photos=len(photos))


def _first_step(report: Report, caller: Caller, new: NewReport, holder: AgencyView, now: datetime) -> None:
    ReportStep.objects.create(
        report=report,
        number=1,
        act="received",
        state=report.state,
        at=now,
        by=caller.actor.account_id if new.channel in intake.ON_BEHALF else None,
        by_agency_id=new.agency_id if new.channel in intake.ON_BEHALF else None,
        holder_id=holder.id,
        due_at=report.intake_due_at,
        text="",
        public=True,
        note={"channel": str(new.channel)} | ({"snapped_m": report.snapped_m} if report.snapped_m else {}),
    )
    audit.record(caller.actor, "fieldreports.received", report, at=now, channel=str(new.channel), holder=holder.id)
    events.announce(
        ReportReceived(
            report_uid=report.uid,
            code=report.code,
            holder_id=holder.id,
            category_key=report.category.key,
            commune_id=report.commune_id,
            urgent=report.urgent,
            at=now,
        )
    )
