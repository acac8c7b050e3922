"""Bases from an uploaded table: read and shown line by line first; a confirmation writes what was shown, and nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from smarthd.agencies import services as agencies
from smarthd.agencies.rules import encodings
from smarthd.kernel import audit, clock
from smarthd.kernel.actor import Actor
from smarthd.kernel.errors import Refusal
from smarthd.kernel.policies import require
from smarthd.places import selectors as places
from smarthd.places.values import UnitView
from smarthd.rollout import policies, rules
from smarthd.rollout.errors import BadDenominator, BaseImportClosed, BaseImportUnknown, MixedBase, NoBaseTable
from smarthd.rollout.models import BaseImport, Denominator
from smarthd.rollout.rules import base_files
from smarthd.rollout.rules.base_files import Column, Understood, Written
from smarthd.rollout.services.denominators import NewDenominator, refuse_mixed, refuse_unfit_units, set_denominators


@dataclass(frozen=True, slots=True)
class Defaults:
    """What holds for lines that do not say it themselves."""

    as_of: date | None
    source: str
    method: str


@transaction.atomic
def preview_bases(
    raw: bytes,
    *,
    file_name: str,
    defaults: Defaults,
    actor: Actor,
    now: datetime,
    encoding: encodings.Encoding | None = None,
) -> BaseImport:
    """Read a table of bases and keep what it would change, line by line, with what is wrong in words. Nothing is in force yet.

    Raises NotAllowed, NoBaseTable (no header, or over 5,000 lines), and the refusals of agencies' ``read_uploaded_table``.
    """
    require(policies.can_keep_bases(actor))
    sheets = agencies.read_uploaded_table(
        raw, file_name=file_name, encoding=encoding, fits=base_files.columns_understood
    )
    written: list[Written] = []
    for sheet in sheets:
        header = base_files.find_header(sheet.rows)
        if header is not None:
            written += base_files.lines_of(sheet.name, sheet.rows, header)
    if not written or len(written) > base_files.MOST_LINES:
        raise NoBaseTable(lines=len(written), most=base_files.MOST_LINES)
    upload = BaseImport.objects.create(
        status="previewed",
        file_name=file_name[-255:],
        file_sha256=hashlib.sha256(raw).hexdigest(),
        lines=_lines(written, defaults, today=clock.day_of(now)),
        uploaded_by=actor.account_id,
        uploaded_at=now,
    )
    audit.record(actor, "rollout.bases_previewed", upload, at=now, lines=len(written))
    return upload


@transaction.atomic
def confirm_bases(uid: UUID, *, actor: Actor, now: datetime) -> int:
    """Write the sound lines of a preview, all or none; return how many bases are new or corrected. Twice is once.

    Raises BaseImportClosed where the preview was given up, or the bases have changed so that what was shown cannot stand.
    """
    require(policies.can_keep_bases(actor))
    upload = _locked(uid)
    if upload.status == "confirmed":
        return upload.written
    if upload.status != "previewed":
        raise BaseImportClosed(uid=str(uid))
    try:
        written = set_denominators(sound_rows(upload.lines), actor=actor, now=now)
    except (BadDenominator, MixedBase) as refusal:
        raise BaseImportClosed(uid=str(uid)) from refusal
    upload.status, upload.confirmed_at, upload.confirmed_by = "confirmed", now, actor.account_id
    upload.written = written
    upload.save(update_fields=["status", "confirmed_at", "confirmed_by", "written"])
    audit.record(actor, "rollout.bases_confirmed", upload, at=now, written=written)
    return written


@transaction.atomic
def withdraw_bases(uid: UUID, *, actor: Actor, now: datetime) -> None:
    """Give a preview up; nothing of it was in force."""
    require(policies.can_keep_bases(actor))
    upload = _locked(uid)
    if upload.status != "previewed":
        raise BaseImportClosed(uid=str(uid))
    upload.status = "withdrawn"
    upload.save(update_fields=["status"])
    audit.record(actor, "rollout.bases_withdrawn", upload, at=now)


def sound_rows(lines: Iterable[dict[str, Any]]) -> list[NewDenominator]:
    """Return the bases that the sound lines of a preview would write."""
    return [
        NewDenominator(
            unit_id=line["unit_id"],
            measure=rules.Measure(measure),
            value=value,
            source=line["source"],
            as_of=date.fromisoformat(line["as_of"]),
            method=line["method"],
        )
        for line in lines
        if not line["faults"]
        for measure, value in line["values"].items()
    ]


def _locked(uid: UUID) -> BaseImport:
    upload = BaseImport.objects.select_for_update().filter(uid=uid).first()
    if upload is None:
        raise BaseImportUnknown(uid=str(uid))
    return upload


def _lines(written: Sequence[Written], defaults: Defaults, *, today: date) -> list[dict[str, Any]]:
    """Return each line as it will be shown and, where sound, written."""
    made = []
    seen: dict[tuple[int, str, str], int] = {}
    for line in written:
        said = _with_defaults(base_files.understand(line, today=today), defaults)
        units = _units(line, said.as_of or today)
        faults = [*said.faults, *_unit_faults(line, units), *_open(said)]
        unit = units[0] if len(units) == 1 else None
        if unit is not None and said.as_of is not None:
            faults += _twice(seen, unit.id, said, line.number)
            faults += [] if faults else _cannot_stand(unit, said)
        made.append(_line(line, said, unit, faults))
    _say_what_stands(made)
    return made


def _with_defaults(said: Understood, defaults: Defaults) -> Understood:
    return replace(
        said,
        as_of=said.as_of or defaults.as_of,
        source=said.source or defaults.source,
        method=said.method or defaults.method,
    )


def _open(said: Understood) -> list[str]:
    found = []
    if said.as_of is None and not any(base_files.COLUMN_WORDS[Column.AS_OF] in fault for fault in said.faults):
        found.append("Chưa có ngày của số. Ghi ở cột “Ngày của số”, hoặc ở ô “Ngày của số” khi nộp tệp")
    if not said.source:
        found.append("Chưa có nguồn. Ghi ở cột “Nguồn”, hoặc ở ô “Nguồn” khi nộp tệp")
    return found


def _units(line: Written, day: date) -> list[UnitView]:
    """Return the communes or villages a line can mean: by code where it bears one, else by name (below ``Thuộc`` where given)."""
    code = line.cell(Column.CODE).split(".")[0]
    by_code = [view for view in places.units_on(day, "commune") if view.code == code] if code else []
    if by_code or not line.cell(Column.UNIT):
        return by_code
    above = places.resolve_name(line.cell(Column.ABOVE), day) if line.cell(Column.ABOVE) else []
    found = places.resolve_name(line.cell(Column.UNIT), day, above[0].id if len(above) == 1 else None)
    return [view for view in found if view.level in ("commune", "village")]


def _unit_faults(line: Written, units: Sequence[UnitView]) -> list[str]:
    named = line.cell(Column.UNIT) or line.cell(Column.CODE)
    if not units:
        return [
            f"Không có xã, phường hay thôn nào là “{named[:60]}” vào ngày ấy. Ghi đúng tên hoặc mã 5 chữ số của danh mục"
        ]
    if len(units) > 1:
        meant = "; ".join(f"{view.full_name} ({view.code})" for view in units[:4])
        return [f"Có nhiều nơi tên như vậy: {meant}. Ghi thêm mã hoặc cột “Thuộc”"]
    if not units[0].standing:
        return [f"{units[0].full_name} không còn, hoặc chưa có, vào ngày của số. Sửa ngày, hoặc ghi tên của ngày ấy"]
    return []


def _twice(seen: dict[tuple[int, str, str], int], unit_id: int, said: Understood, number: int) -> list[str]:
    found = []
    for measure in said.values:
        key = (unit_id, measure.value, str(said.as_of))
        if key in seen:
            found.append(f"{base_files.MEASURE_WORDS[measure]}: trùng với dòng {seen[key]}. Chỉ để một dòng")
        seen.setdefault(key, number)
    return found


def _cannot_stand(unit: UnitView, said: Understood) -> list[str]:
    """Ask the rules of bases about one line alone, so that the clerk sees which line it is."""
    rows = [NewDenominator(unit.id, m, v, said.source, said.as_of or date.min) for m, v in said.values.items()]
    try:
        refuse_unfit_units(rows)
        refuse_mixed(rows)
    except MixedBase:
        return ["Xã này đã có số theo từng thôn, hoặc thôn này thuộc xã đã có số chung: cộng cả hai là đếm hai lần"]
    except Refusal:
        return ["Chỉ xã, phường hoặc thôn, khu đang có vào ngày ấy mới có số riêng; huyện, tỉnh là tổng của các xã"]
    return []


def _line(line: Written, said: Understood, unit: UnitView | None, faults: list[str]) -> dict[str, Any]:
    return {
        "sheet": line.sheet,
        "number": line.number,
        "written": line.cell(Column.UNIT) or line.cell(Column.CODE),
        "unit_id": unit.id if unit else None,
        "unit": unit.full_name if unit else "",
        "values": {measure.value: value for measure, value in said.values.items()},
        "as_of": said.as_of.isoformat() if said.as_of else "",
        "source": said.source,
        "method": said.method,
        "faults": faults,
        "doubts": [],
        "outcome": "faulty" if faults else "new",
    }


def _say_what_stands(lines: list[dict[str, Any]]) -> None:
    """Write beside each sound line whether it is new, corrects or repeats what stands, and what a careful clerk would ask."""
    sound = [line for line in lines if not line["faults"]]
    standing: dict[int, list[Denominator]] = {}
    for row in Denominator.objects.filter(unit_id__in={line["unit_id"] for line in sound}, superseded_at=None):
        standing.setdefault(row.unit_id, []).append(row)
    for line in sound:
        rows = standing.get(line["unit_id"], [])
        same_day = {row.measure: row for row in rows if row.as_of.isoformat() == line["as_of"]}
        latest: dict[rules.Measure, int] = {}
        for row in sorted(rows, key=lambda one: one.as_of):
            latest[rules.Measure(row.measure)] = row.value
        values = {rules.Measure(key): value for key, value in line["values"].items()}
        line["doubts"] = base_files.doubts(values, latest)
        if any(key in same_day for key in line["values"]):
            repeated = all(_repeats(same_day.get(key), value, line) for key, value in line["values"].items())
            line["outcome"] = "same" if repeated else "corrected"


def _repeats(row: Denominator | None, value: int, line: dict[str, Any]) -> bool:
    return row is not None and (row.value, row.source, row.method) == (value, line["source"], line["method"])
