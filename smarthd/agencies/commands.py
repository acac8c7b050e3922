"""``smarthd agencies``: agencies of a day, the working calendar, rosters from files."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec

import click

from smarthd.kernel import actor, clock
from smarthd.kernel.errors import Refusal
from smarthd.ui import refusals

P = ParamSpec("P")
_DAY = click.DateTime(formats=["%Y-%m-%d"])
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_ACTOR = actor.system("smarthd agencies")
_ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "windows-1258", "tcvn3", "vni")
DAY_KINDS = ("holiday", "compensation", "swapped_off", "swapped_on", "ordinary")
_json = click.option("--json", "as_json", is_flag=True, help="Trả lời bằng JSON.")


def _refusals_in_words(command: Callable[P, None]) -> Callable[P, None]:
    """Answer a refusal with its words on stderr (and samples, where a choice is asked) and exit code 2."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except Refusal as refusal:
            words = refusals.words_of(refusal)
            click.echo(f"{words.title}. {words.body}", err=True)
            samples = refusal.facts.get("samples")
            for name, lines in samples.items() if isinstance(samples, dict) else ():
                click.echo(f"  --encoding {name}: " + " ⏎ ".join(lines), err=True)
            sys.exit(2)

    return run


def _day(value: datetime | None) -> date:
    return value.date() if value else clock.today()


@click.group(name="agencies", context_settings={"help_option_names": ["-h", "--help"]})
def group() -> None:
    """Cơ quan theo thời gian, danh sách cán bộ, lịch làm việc."""


@group.command("import-roster")
@click.argument("path", metavar="TỆP", type=_FILE)
@click.option("--agency", "code", required=True, help="Mã cơ quan, ví dụ stttt hoặc ubnd-10615.")
@click.option("--as-of", type=_DAY, help="Danh sách có giá trị từ ngày nào; mặc định hôm nay.")
@click.option("--encoding", type=click.Choice(_ENCODINGS), help="Bảng mã của tệp khi không phải Unicode.")
@click.option("--complete", is_flag=True, help="Đây là danh sách đầy đủ: ai vắng mặt coi như đã rời đơn vị.")
@click.option("--confirm", is_flag=True, help="Ghi vào sổ ngay; không có thì chỉ xem trước.")
@_json
@_refusals_in_words
def import_roster(
    *,
    path: Path,
    code: str,
    as_of: datetime | None,
    encoding: str | None,
    complete: bool,
    confirm: bool,
    as_json: bool,
) -> None:
    """Đọc danh sách cán bộ (.xlsx, .csv) của một cơ quan; xem trước, hoặc ghi vào sổ khi có --confirm."""
    from smarthd.agencies import selectors, services
    from smarthd.agencies.rules.encodings import Encoding

    services.check_roster_size(path.stat().st_size)
    now = clock.now()
    upload = services.preview_roster(
        path.read_bytes(),
        file_name=path.name,
        agency_id=selectors.agency_by_code(code, _day(as_of)).id,
        complete=complete,
        as_of=_day(as_of),
        encoding=Encoding(encoding) if encoding else None,
        actor=_ACTOR,
        now=now,
    )
    if confirm:
        upload = services.confirm_roster(import_uid=upload.uid, actor=_ACTOR, now=now)
    answer = _import_answer(upload.uid)
    if as_json:
        click.echo(json.dumps(answer, ensure_ascii=False))
        return
    _say_import(answer)


def _import_answer(uid: Any) -> dict[str, Any]:
    from smarthd.agencies import selectors
    from smarthd.agencies.rules.roster import Outcome

    view = selectors.import_for(_ACTOR, uid)
    faulty = selectors.import_rows_for(_ACTOR, uid, outcome=Outcome.FAULTY, size=1000) if view.has_file else None
    rows = [
        {
            "sheet": row.sheet,
            "row": row.row_number,
            "messages": [message for message in row.messages if message["fault"]],
        }
        for row in (faulty.items if faulty else ())
    ]
    return {
        "uid": str(view.uid),
        "status": view.status,
        "encoding": view.encoding,
        "as_of": view.as_of.isoformat(),
        "complete": view.complete,
        "counts": view.counts,
        "notes": list(view.notes),
        "faulty": rows,
    }


def _say_import(answer: dict[str, Any]) -> None:
    from smarthd.agencies.rules.roster import OUTCOME_WORDS

    state = "Đã ghi vào sổ" if answer["status"] == "confirmed" else "Xem trước (chưa ghi gì)"
    counts = ", ".join(f"{OUTCOME_WORDS[key].lower()} {count}" for key, count in answer["counts"].items() if count)
    click.echo(f"{state}: {counts}.")
    for note in answer["notes"]:
        click.echo(f"  - {note}")
    for row in answer["faulty"]:
        for message in row["messages"]:
            value = f" “{message['value']}”" if message["value"] else ""
            click.echo(f"  Dòng {row['row']}, {message['column']}{value}: {message['text']}. {message['mend']}.")


@group.command("list")
@click.option("--on", type=_DAY, help="Ngày nào; mặc định hôm nay.")
@click.option("--under", "code", help="Chỉ cơ quan có mã này và các đơn vị dưới nó.")
@click.option("--kind", "kinds", multiple=True, help="Chỉ một loại, ví dụ department; dùng được nhiều lần.")
@_json
@_refusals_in_words
def list_agencies(*, on: datetime | None, code: str | None, kinds: tuple[str, ...], as_json: bool) -> None:
    """Liệt kê cơ quan của một ngày, cấp trên và số người trong danh sách."""
    from smarthd.agencies import selectors

    day = _day(on)
    under = selectors.agency_by_code(code, day).id if code else None
    views = selectors.agencies_on(day, under=under, kinds=list(kinds) or None)
    sizes = selectors.roster_sizes([view.id for view in views], day)
    codes = {view.id: view.code for view in selectors.agencies_on(day)}
    rows = [
        {
            "code": view.code,
            "name": view.name,
            "kind": view.kind,
            "parent": codes.get(view.parent_id or 0, ""),
            "staff": sizes.get(view.id, 0),
        }
        for view in views
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        click.echo(f"{row['code']:<22} {row['staff']:>6} người  {row['name']}")
    click.echo(f"{len(rows)} cơ quan ngày {day:%d/%m/%Y}.")


@group.command("calendar")
@click.option("--year", type=int, help="Năm nào; mặc định năm nay.")
@click.option("--before", type=_DAY, help="Hạn “trước ngày …” kết thúc khi nào.")
@_json
@_refusals_in_words
def show_calendar(*, year: int | None, before: datetime | None, as_json: bool) -> None:
    """Lịch nghỉ lễ, nghỉ bù, làm bù của năm, kèm nguồn; hoặc hạn “trước ngày …”."""
    from smarthd.agencies import calendar

    if before is not None:
        due = calendar.due_before(before.date()).astimezone(clock.ZONE)
        answer = {"before": before.date().isoformat(), "due": due.isoformat()}
        click.echo(
            json.dumps(answer) if as_json else f"Trước ngày {before:%d/%m/%Y} nghĩa là đến {due:%H giờ %M, %d/%m/%Y}."
        )
        return
    chosen = year or clock.today().year
    lines = [line for line in calendar.schedule() if line.day.year == chosen]
    if as_json:
        rows = [
            {
                "day": line.day.isoformat(),
                "kind": line.kind.value,
                "name": line.name,
                "source": line.source,
                "confidence": line.confidence.value,
                "in_force": line.in_force,
            }
            for line in lines
        ]
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for line in lines:
        note = "" if line.in_force else "  (chưa áp dụng)"
        click.echo(f"{line.day:%d/%m/%Y}  {line.name}  [{line.source}]{note}")


@group.command("set-day")
@click.argument("day", metavar="NGÀY", type=_DAY)
@click.option(
    "--kind",
    type=click.Choice(DAY_KINDS),
    required=True,
    help="holiday nghỉ lễ, compensation nghỉ bù, swapped_off nghỉ hoán đổi, swapped_on làm bù, ordinary ngày thường.",
)
@click.option("--name", required=True, help="Tên ngày, ví dụ “Tết Đinh Mùi (mùng 5)”.")
@click.option("--source", required=True, help="Số, ký hiệu, ngày của văn bản.")
@_refusals_in_words
def set_day(*, day: datetime, kind: str, name: str, source: str) -> None:
    """Ghi một ngày của lịch nghỉ lễ, nghỉ bù, làm bù theo văn bản; thay cho dòng có sẵn của ngày ấy."""
    from smarthd.agencies import calendar
    from smarthd.agencies.rules.calendar import Confidence, DayKind

    line = calendar.ScheduleLine(day.date(), DayKind(kind), name, source, Confidence.OFFICIAL)
    calendar.set_day(line, actor=_ACTOR, now=clock.now())
    works = "làm việc" if calendar.is_working_day(line.day) else "nghỉ"
    click.echo(f"Đã ghi: {line.day:%d/%m/%Y} {works}, {name} [{source}].")


@group.command("faulty-rows")
@click.argument("uid", metavar="MÃ-LẦN-TẢI", type=click.UUID)
@click.argument("target", metavar="TỆP-RA", type=click.Path(dir_okay=False, path_type=Path))
@_refusals_in_words
def faulty_rows(*, uid: Any, target: Path) -> None:
    """Ghi các dòng có lỗi của một lần tải ra tệp .xlsx, kèm cách sửa."""
    from smarthd.agencies import services

    target.write_bytes(services.faulty_rows_workbook(import_uid=uid, actor=_ACTOR))
    click.echo(f"Đã ghi {target}.")


@group.command("follow-places")
@click.option("--on", "on", type=_DAY, required=True, help="Ngày của thay đổi địa giới, ví dụ 2025-07-01.")
@click.option("--document", default="", help="Số, ký hiệu văn bản.")
@_json
@_refusals_in_words
def follow_places(*, on: datetime, document: str, as_json: bool) -> None:
    """Cho Ủy ban nhân dân các cấp đi theo thay đổi địa giới của một ngày: thành lập, hợp nhất, đổi tên, chuyển cấp trên."""
    from smarthd.agencies import selectors, services
    from smarthd.agencies.rules.kinds import COMMITTEE_OF

    day = on.date()
    event = services.follow_places(on=day, actor=_ACTOR, now=clock.now(), legal_document=document)
    standing = len(selectors.agencies_on(day, kinds=[kind.value for kind in COMMITTEE_OF.values()]))
    answer = {"on": day.isoformat(), "changed": event is not None, "committees": standing}
    sentence = f"Ngày {day:%d/%m/%Y} có {standing} Ủy ban nhân dân các cấp."
    click.echo(json.dumps(answer, ensure_ascii=False) if as_json else sentence)
