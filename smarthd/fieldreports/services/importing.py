"""Taking over reports of another system: each line once, whatever is wrong said by its line, nothing half.

What comes over is history: it keeps its own dates, nobody is told, no clock starts for what was answered; what is open is received now.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from smarthd.fieldreports.errors import CategoryUnknown, FileUnreadable, NoPlace, OutsideProvince, SourceUnreachable
from smarthd.fieldreports.models import Answer, Category, ImportRun, Report, ReportStep
from smarthd.fieldreports.rules import categories as shipped
from smarthd.fieldreports.rules import deadlines, importing, intake, mapping
from smarthd.fieldreports.rules.importing import Line
from smarthd.fieldreports.rules.intake import Channel, PlaceSource
from smarthd.fieldreports.rules.states import Ending, Outcome, State, Visibility
from smarthd.fieldreports.selectors import categories, ground, routing, suggestions
from smarthd.fieldreports.selectors.ground import Ground
from smarthd.fieldreports.services import intake as taking
from smarthd.fieldreports.services import steps
from smarthd.kernel import audit, clock, ids, text
from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require
from smarthd.places import selectors as places

MOST_FAULTS = 200


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file."""

    lines: int
    made: int
    known: int
    faults: tuple[str, ...]


def import_reports(
    raw: bytes, *, source: str, actor: Actor, now: datetime, default_commune: int | None = None
) -> Imported:
    """Take over the reports of a CSV. ``source`` names the other system: its ids are known by it, so a file may come again."""
    require(bool(actor.system))
    mark = hashlib.sha256(raw).hexdigest()
    return import_lines(
        importing.lines_of(raw),
        source=source,
        mark=lambda: mark,
        actor=actor,
        now=now,
        default_commune=default_commune,
        place="Dòng",
    )


def import_lines(
    lines: Iterable[Line],
    *,
    source: str,
    mark: Callable[[], str],
    actor: Actor,
    now: datetime,
    default_commune: int | None,
    place: str,
) -> Imported:
    """Take over lines as they come, each in a transaction of its own; what is wrong is said by its number (``place`` names what it counts).

    ``mark`` is asked at the end for the mark of what was read. Where reading breaks off, the run is written down with what came
    before, and the refusal rises.
    """
    require(bool(actor.system))
    run = _Run(text.nfc(source)[:60])
    try:
        for line in lines:
            run.lines += 1
            try:
                if _take(line, run.source, default_commune, actor, now):
                    run.made += 1
                else:
                    run.known += 1
            except (ValueError, NoPlace, OutsideProvince, CategoryUnknown) as wrong:
                run.faults.append(f"{place} {line.number}: {_words(wrong)}")
    except importing.Unreadable as wrong:
        raise FileUnreadable(words=str(wrong)) from None
    except (SourceUnreachable, FileUnreadable) as broken:
        run.faults.append(str(broken.facts["words"]))
        _write_down(run, mark(), actor, now)
        raise
    return _write_down(run, mark(), actor, now)


@dataclass(slots=True)
class _Run:
    """What became of the lines so far."""

    source: str
    lines: int = 0
    made: int = 0
    known: int = 0
    faults: list[str] = field(default_factory=list)


def _write_down(run: _Run, mark: str, actor: Actor, now: datetime) -> Imported:
    """Keep what became of a run, and leave its line in the trail."""
    row = ImportRun.objects.create(
        source=run.source,
        file_sha256=mark,
        at=now,
        by=actor.account_id,
        lines=run.lines,
        made=run.made,
        known=run.known,
        faults=run.faults[:MOST_FAULTS],
    )
    told = {"source": run.source, "made": run.made, "known": run.known, "faults": len(run.faults)}
    audit.record(actor, "fieldreports.imported", row, at=now, **told)
    return Imported(run.lines, run.made, run.known, tuple(run.faults))


def _words(wrong: Exception) -> str:
    if isinstance(wrong, OutsideProvince):
        return "vị trí nằm ngoài địa bàn"
    if isinstance(wrong, NoPlace):
        return "không biết xã, phường nào: cần tọa độ hoặc tên xã, phường"
    if isinstance(wrong, CategoryUnknown):
        return "không có lĩnh vực này"
    return str(wrong)


@transaction.atomic
def _take(line: Line, source: str, default_commune: int | None, actor: Actor, now: datetime) -> bool:
    """Make one report of one line; return whether it is new."""
    foreign_id = line.get("foreign_id")
    if not foreign_id or len(foreign_id) > 100:
        msg = "thiếu mã phản ánh, hoặc mã dài quá 100 chữ"
        raise ValueError(msg)
    if Report.objects.filter(source=source, foreign_id=foreign_id).exists():
        return False
    words = intake.cleaned(line.get("words"))
    if not 1 <= len(words) <= intake.LONGEST:
        msg = f"nội dung trống hoặc dài quá {intake.LONGEST} chữ"
        raise ValueError(msg)
    received_at = importing.instant(line.get("received_at"))
    if received_at > now:
        msg = "ngày gửi ở tương lai"
        raise ValueError(msg)
    where, point = _where(line, received_at, default_commune)
    report = _row(line, words, source=source, received_at=received_at, where=where, point=point)
    _history(report, line, received_at, actor, now)
    return True


def _where(line: Line, at: datetime, default: int | None) -> tuple[Ground, tuple[float, float] | None]:
    lat, lon = importing.number(line.get("lat")), importing.number(line.get("lon"))
    if lat is not None and lon is not None:
        return ground.stand(lat, lon, at), (lat, lon)
    named = line.get("commune")
    if named:
        found = [unit for unit in places.resolve_name(named, clock.day_of(at)) if unit.level == "commune"]
        if len(found) == 1:
            return ground.commune(found[0].id, at), None
    addressed = ground.named(line.get("address"), at)
    if len(addressed) == 1:
        return ground.commune(addressed[0].id, at), None
    if default is not None:
        return ground.commune(default, at), None
    raise NoPlace


def _category(line: Line, words: str) -> Category:
    """Return the category a line names by key or name; else what its words say for certain; else "other"."""
    for named in filter(None, (line.get("category"), line.get("category_name"))):
        folded = text.slug(named)
        for key, name in Category.objects.filter(ended_at=None).values_list("key", "name"):
            if folded in {key, text.slug(name)}:
                return categories.leaf(key)
    guess = suggestions.categories_for(words)
    if guess.certain and guess.best is not None:
        return categories.leaf(guess.best.key)
    return categories.leaf(shipped.FALLBACK)


def _row(
    line: Line,
    words: str,
    *,
    source: str,
    received_at: datetime,
    where: Ground,
    point: tuple[float, float] | None,
) -> Report:
    category = _category(line, words)
    holder = routing.route(commune_id=where.commune.id, category=category, at=received_at).agency
    grid = mapping.grid_of(*point) if point else (None, None)
    terms = deadlines.terms(
        received_at, deadlines.Hours(category.intake_hours, category.working_hours), steps.working()
    )
    address = intake.cleaned(line.get("address")).replace("\n", " ")[: intake.LONGEST_ADDRESS]
    code = f"{intake.CODE_PREFIX}{ids.spoken_code(8)}"
    return Report(
        code=code,
        channel=Channel.IMPORT,
        category=category,
        text=words,
        folded=taking.folded_words(code, address, words),
        lat=point[0] if point else None,
        lon=point[1] if point else None,
        mx=grid[0],
        my=grid[1],
        place_source=PlaceSource.PIN if point else PlaceSource.COMMUNE,
        address=address,
        commune_id=where.commune.id,
        snapped_m=where.snapped_m,
        visibility=Visibility.PRIVATE,  # nobody here has read it: an official may make it public
        intake_id=holder.id,
        holder_id=holder.id,
        involved=[holder.id],
        held_since=received_at,
        received_at=received_at,
        intake_due_at=terms.intake_due_at,
        due_at=terms.due_at,
        source=source,
        foreign_id=line.get("foreign_id"),
    )


def _history(report: Report, line: Line, received_at: datetime, actor: Actor, now: datetime) -> None:
    """Write the report and the steps its line tells of: received, and answered where it was."""
    answered = text.fold(line.get("state")) in importing.DONE_WORDS or bool(line.get("answered_at"))
    told: list[dict[str, Any]] = [{"act": "received", "state": State.RECEIVED, "at": received_at}]
    if answered:
        written = line.get("answered_at")
        at = importing.instant(written) if written else received_at
        if not received_at <= at <= now:
            msg = "ngày trả lời trước ngày gửi, hoặc ở tương lai"
            raise ValueError(msg)
        report.state, report.ending = State.CLOSED, Ending.SILENCE
        report.accepted_at = report.answered_at = report.first_answered_at = report.ended_at = at
        report.original_due_at = report.due_at
        told.append({"act": "answered", "state": State.CLOSED, "at": at})
    report.steps_count = len(told)
    report.save(force_insert=True)
    if answered:
        at = told[-1]["at"]
        Answer.objects.create(
            report=report,
            number=1,
            agency_id=report.holder_id,
            outcome=Outcome.EXPLAINED,
            words=intake.cleaned(line.get("answer")) or "(Hệ thống cũ không ghi nội dung trả lời)",
            at=at,
            in_time_first=at <= report.due_at,
            in_time_extended=at <= report.due_at,
        )
    ReportStep.objects.bulk_create(
        ReportStep(report=report, number=number, holder_id=report.holder_id, note={"source": report.source}, **one)
        for number, one in enumerate(told, start=1)
    )
    audit.record(actor, "fieldreports.report_imported", report, at=now, source=report.source)
