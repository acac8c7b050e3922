"""``smarthd alerts relay``, ``quarantine``, ``dismiss``: the exchange with other provinces and the centre."""

from __future__ import annotations

import signal
import time
from types import FrameType

import click
from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections

from smarthd.agencies import selectors as agencies
from smarthd.alerts.ports import Exchange, ExchangeLost
from smarthd.alerts.selectors import cells
from smarthd.alerts.services import relaying
from smarthd.kernel import actor, clock

_ACTOR = actor.system("smarthd alerts relay")
_PATIENCE_S = 1.0
_SEEN_EVERY_S = 10.0
_WAITS_S = (1, 2, 4, 8, 15)


def add_to(group: click.Group) -> None:
    """Give the context's group these commands."""
    for command in (relay_command, quarantine_command, dismiss_command):
        group.add_command(command)


class _Stop:
    def __init__(self) -> None:
        self.asked = False
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, self._ask)

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self.asked = True


def _agency(code: str) -> int:
    return agencies.agency_by_code(code, clock.day_of(clock.now())).id


_AGENCY = click.option("--agency", "agency_code", required=True, metavar="MÃ", help="Mã cơ quan nhận bản nháp.")


@click.command("relay")
@_AGENCY
@click.option("--once", is_flag=True, help="Gửi và nhận hết những gì đang có rồi dừng.")
def relay_command(*, agency_code: str, once: bool) -> None:
    """Trao đổi cảnh báo có ký với tỉnh khác và trung ương: gửi tin của ta, nhận tin của họ thành bản nháp."""
    from smarthd.alerts.adapters.exchanges import NatsExchange

    if not settings.RELAY_URL:
        raise click.ClickException("Chưa đặt RELAY_URL và RELAY_CELL, nên không trao đổi với nơi nào.")
    agency_id, stop, failures = _agency(agency_code), _Stop(), 0
    while not stop.asked:
        exchange = NatsExchange(settings.RELAY_URL, ca=settings.RELAY_CA)
        try:
            relaying.begin(exchange, cell=settings.RELAY_CELL, now=clock.now())
            click.echo(f"Đã nối tới máy chủ trao đổi với tên {settings.RELAY_CELL}.")
            failures = 0
            _run(exchange, agency_id, stop, once=once)
        except (ExchangeLost, OperationalError, InterfaceError) as problem:
            _tell_lost(problem)
            if once:
                raise click.ClickException("Không trao đổi được; tin chưa gửi vẫn được giữ.") from problem
        else:
            return
        finally:
            exchange.close()
            close_old_connections()
        _wait(_WAITS_S[min(failures, len(_WAITS_S) - 1)], stop)
        failures += 1


def _run(exchange: Exchange, agency_id: int, stop: _Stop, *, once: bool) -> None:
    cell, seen = settings.RELAY_CELL, time.monotonic()
    while not stop.asked:
        if posted := relaying.post_owed(exchange, cell=cell, now=clock.now()):
            click.echo(f"Đã gửi {posted} bản tin.")
        received = exchange.next(_PATIENCE_S)
        if received is None and once:
            return
        if received is not None:
            arrived = relaying.take_in(received, cell=cell, agency_id=agency_id, actor=_ACTOR, now=clock.now())
            exchange.done(received)
            _tell(arrived)
        if time.monotonic() - seen > _SEEN_EVERY_S:
            relaying.note_seen(cell=cell, now=clock.now())
            seen = time.monotonic()


def _tell(arrived: relaying.Arrived | None) -> None:
    if arrived is None:
        return
    if arrived.why:
        click.echo(f"! {arrived.cell} #{arrived.sequence}: {arrived.why}; giữ riêng, xem “smarthd alerts quarantine”.")
    for taken in arrived.taken:
        click.echo(
            f"{arrived.cell} #{arrived.sequence} {taken.identifier}: {f'bản nháp {taken.code}' if taken.code else taken.note}"
        )


def _tell_lost(problem: Exception) -> None:
    """Say it, and write it down where the duty desk sees it, if the database can be reached."""
    click.echo(f"Mất liên lạc: {problem}. Sẽ nối lại; tin chưa gửi vẫn được giữ.", err=True)
    if not isinstance(problem, ExchangeLost):
        return
    try:
        relaying.note_fault(cell=settings.RELAY_CELL, why=str(problem), now=clock.now())
    except (OperationalError, InterfaceError) as also:
        click.echo(f"Cơ sở dữ liệu cũng không trả lời: {also}", err=True)


def _wait(seconds: float, stop: _Stop) -> None:
    ends = time.monotonic() + seconds
    while not stop.asked and time.monotonic() < ends:
        time.sleep(0.1)


@click.command("quarantine")
@click.option("--retry", is_flag=True, help="Thử nhận lại (sau khi đã ghim chứng thư).")
@click.option("--agency", "agency_code", default="", metavar="MÃ", help="Mã cơ quan nhận bản nháp, khi --retry.")
def quarantine_command(*, retry: bool, agency_code: str) -> None:
    """Liệt kê bản tin của nơi khác chưa tin được; --retry để thử nhận lại."""
    if retry:
        if not agency_code:
            raise click.ClickException("--retry cần --agency MÃ: cơ quan nhận bản nháp.")
        for arrived in relaying.try_again(agency_id=_agency(agency_code), actor=_ACTOR, now=clock.now()):
            _tell(arrived)
        return
    found = cells.quarantine()
    for one in found:
        at = one.received_at.astimezone(clock.ZONE)
        kept = "" if one.kept else " (chỉ giữ số thứ tự)"
        click.echo(
            f"{one.id}  {one.cell} #{one.sequence}  {at:%H:%M %d/%m/%Y}  {one.sender or 'không rõ nơi gửi'}: {one.why}{kept}"
        )
    if not found:
        click.echo("Không có bản tin nào bị giữ riêng.")


@click.command("dismiss")
@click.argument("number", type=int, metavar="SỐ")
def dismiss_command(*, number: int) -> None:
    """Thôi giữ riêng một bản tin: đã hỏi nơi gửi, không phải tin thật."""
    if not relaying.dismiss(number, actor=_ACTOR, now=clock.now()):
        raise click.ClickException("Không có bản tin nào đang giữ riêng với số ấy.")
    click.echo("Đã thôi giữ; bản ghi vẫn còn.")
