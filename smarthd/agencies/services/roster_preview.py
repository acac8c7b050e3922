"""An uploaded roster, read and compared with what is known; nothing in any roster changes yet."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

from django.db import connection, transaction

from smarthd.agencies import phones, policies
from smarthd.agencies.adapters import spreadsheets
from smarthd.agencies.errors import AsOfOutOfReach, NoRosterFound, RosterIsNewer
from smarthd.agencies.models import Agency, RosterImport
from smarthd.agencies.rules import deciding, encodings, headings, roster, tables
from smarthd.agencies.selectors import AgencyView, agency_view
from smarthd.agencies.services import roster_files
from smarthd.agencies.services.unit_names import resolve_units
from smarthd.kernel import audit, clock
from smarthd.kernel.actor import Actor
from smarthd.people import rules as people

MANY_LEAVERS = 0.3
_COPY = (
    "COPY agencies_rosterimportrow (roster_import_id, sheet, row_number, outcome, agency_id, staff_id, full_name, name_key, position, "
    "phone_sealed, phone_index, starts_on, messages) FROM STDIN"
)

# Arrays, not lists of parameters: forty-five thousand numbers are one value.
_KNOWN = """
SELECT s.id, s.agency_id, s.full_name, s.name_key, s.position, s.phone_index, s.valid_to IS NULL FROM agencies_staff s
WHERE (s.agency_id = ANY(%(agencies)s) OR s.phone_index = ANY(%(indexes)s::bytea[])) AND (s.valid_to IS NULL OR s.valid_to > %(day)s)
ORDER BY s.id
"""


@transaction.atomic
def preview_roster(
    raw: bytes,
    *,
    file_name: str,
    agency_id: int,
    complete: bool,
    actor: Actor,
    now: datetime,
    as_of: date | None = None,
    encoding: encodings.Encoding | None = None,
) -> RosterImport:
    """Read a roster of an agency and those below it, and keep what it would change for everybody to see before it does.

    ``complete`` declares a full list: persons of the agencies named in it who are missing have left. ``as_of`` (default today) is the
    day the list holds from. Raises NotAllowed, AgencyUnknown, AsOfOutOfReach, RosterIsNewer, NoRosterFound, EncodingUnclear and the
    refusals of ``adapters.spreadsheets.read``; then nothing is kept.
    """
    as_of = as_of or clock.day_of(now)
    agency = agency_view(agency_id, as_of)
    policies.require(policies.can_import_roster(actor, agency_id), act="import_roster")
    _check_day(agency_id, as_of, now)
    sheets, read_as = spreadsheets.read(raw, file_name=file_name, encoding=encoding)
    read = tables.read_sheets(sheets)
    if not read.entries:
        raise NoRosterFound(sheets=[sheet.name for sheet in sheets], words=_what_was_seen(sheets))
    candidates, views = _understand(read, agency, as_of)
    known = _known(views.keys(), {line.phone_index for line in candidates if line.phone_index}, as_of)
    named = {line.agency_id for line in candidates if line.agency_id is not None and not line.faulty}
    leavers_of = frozenset(named | {agency_id}) if complete else None
    decision = deciding.decide(candidates, known, leavers_of=leavers_of)
    sha256, kept = roster_files.keep_sealed(raw)
    upload = RosterImport.objects.create(
        agency_id=agency_id,
        status=roster.ImportStatus.PREVIEWED,
        file_sha256=sha256,
        kept_sha256=kept,
        file_name=file_name[-255:],
        encoding=read_as,
        complete=complete,
        as_of=as_of,
        counts=_counts(decision),
        notes=_notes(read, decision, views, leavers_of, known),
        roster_versions=_versions(decision, views.keys()),
        uploaded_by_id=actor.account_id,
        uploaded_at=now,
    )
    _copy_rows(upload, decision.lines)
    audit.record(actor, "agencies.roster_previewed", upload, at=now, agency_id=agency_id, counts=upload.counts)
    return upload


def _check_day(agency_id: int, as_of: date, now: datetime) -> None:
    today = clock.day_of(now)
    if as_of > today:
        raise AsOfOutOfReach(as_of=as_of.isoformat(), today=today.isoformat())
    later = RosterImport.objects.filter(
        agency_id=agency_id, status=roster.ImportStatus.CONFIRMED, as_of__gt=as_of
    ).order_by("-as_of")
    if newest := later.first():
        raise RosterIsNewer(as_of=as_of.isoformat(), newest=newest.as_of.isoformat())


def _what_was_seen(sheets: Sequence[tables.Sheet]) -> str:
    rows = (row for sheet in sheets for row in sheet.rows)
    first = next((" | ".join(cell for cell in row if cell)[:120] for row in rows if any(row)), "")
    return (
        "Không thấy bảng danh sách: cần một dòng tiêu đề có cột “Họ và tên” và ít nhất một cột như “Chức vụ”, “Số điện thoại”. "
        + (f"Dòng đầu tiên đọc được: “{first}”." if first else "Tệp không có chữ nào.")
    )


def _understand(
    read: tables.Read, agency: AgencyView, as_of: date
) -> tuple[list[roster.Candidate], dict[int, AgencyView]]:
    units, views = resolve_units(roster.unit_texts(read.entries), under=agency.id, on=as_of)
    reading = roster.Reading(agency.id, _phones(roster.phone_texts(read.entries)), units)
    candidates = [roster.understand(entry, reading) for entry in read.entries]
    return [
        replace(line, phone_index=phones.index_of(line.phone)) if line.phone else line for line in candidates
    ], views


def _phones(cells: Iterable[str]) -> dict[str, str | roster.Message]:
    found: dict[str, str | roster.Message] = {}
    for cell in cells:
        try:
            found[cell] = people.normalise_phone(cell.lstrip("'’`"))
        except people.NotAPhone as refusal:
            found[cell] = roster.phone_fault(cell, refusal.words)
    return found


def _known(agency_ids: Iterable[int], indexes: set[bytes], as_of: date) -> list[roster.Known]:
    """Return everybody in reach, and everybody anywhere who has one of the numbers; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, {"agencies": list(agency_ids), "indexes": list(indexes), "day": as_of})
        return [
            roster.Known(pk, agency_id, name, key, position, bytes(index) if index else None, open=is_open)
            for pk, agency_id, name, key, position, index, is_open in cursor.fetchall()
        ]


def _versions(decision: roster.Decision, scope: Iterable[int]) -> dict[str, int]:
    """Return the roster versions this preview leans on: all agencies in reach, and those persons would come from."""
    ids = set(scope) | {line.known.agency_id for line in decision.lines if line.known}
    return {str(pk): version for pk, version in Agency.objects.filter(id__in=ids).values_list("id", "roster_version")}


def _counts(decision: roster.Decision) -> dict[str, int]:
    counts = Counter(line.outcome.value for line in decision.lines)
    return {outcome.value: counts.get(outcome.value, 0) for outcome in roster.Outcome}


def _notes(
    read: tables.Read,
    decision: roster.Decision,
    views: dict[int, AgencyView],
    leavers_of: frozenset[int] | None,
    known: Sequence[roster.Known],
) -> list[str]:
    notes = [f"Trang “{name}” không có bảng danh sách, đã bỏ qua." for name in read.skipped]
    if read.ignored:
        notes.append(f"Không đọc và không lưu các cột: {', '.join(read.ignored)}.")
    missing = [
        headings.WORDS[column]
        for column in (headings.Column.PHONE, headings.Column.POSITION)
        if all(column not in header.columns for header in read.headers.values())
    ]
    if missing:
        notes.append(f"Tệp không có cột: {', '.join(missing)}.")
    if leavers_of is None:
        notes.append("Danh sách một phần: không ai bị đưa ra khỏi sổ vì vắng mặt trong tệp.")
        return notes
    names = sorted(views[agency].name for agency in leavers_of if agency in views)
    shown = "; ".join(names[:5]) + (f" và {len(names) - 5} đơn vị khác" if len(names) > 5 else "")
    notes.append(f"Danh sách đầy đủ của: {shown}.")
    if decision.spared:
        notes.append(
            f"{len(decision.spared)} người vắng mặt nhưng trùng tên với dòng có lỗi: giữ nguyên trong sổ cho đến khi sửa dòng lỗi."
        )
    before = sum(1 for person in known if person.open and person.agency_id in leavers_of)
    gone = sum(1 for line in decision.lines if line.outcome is roster.Outcome.LEFT)
    if gone >= 10 and gone > MANY_LEAVERS * before:
        notes.append(f"Chú ý: {gone} trên {before} người hiện có sẽ ra khỏi sổ. Xem kỹ trước khi xác nhận.")
    return notes


def _copy_rows(upload: RosterImport, lines: Iterable[roster.Line]) -> None:
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        for line in lines:
            copy.write_row(_row(upload.pk, line))


def _row(upload_id: int, line: roster.Line) -> tuple[object, ...]:
    messages = json.dumps([message.as_json() for message in line.messages], ensure_ascii=False)
    staff_id = line.known.staff_id if line.known else None
    if line.candidate is None:
        assert line.known is not None  # noqa: S101 - a line is a candidate, a known person, or both
        known = line.known
        return (upload_id, "", None, line.outcome.value, known.agency_id, staff_id, known.full_name, known.name_key, known.position,
                None, None, None, messages)  # fmt: skip
    seen = line.candidate
    sealed = phones.sealed(seen.phone) if seen.phone else None
    return (upload_id, seen.sheet[:60], seen.row_number, line.outcome.value, seen.agency_id, staff_id, seen.full_name, seen.name_key,
            seen.position, sealed, seen.phone_index, seen.starts_on, messages)  # fmt: skip
