"""``smarthd messaging``: the sending processes, the local push service, and what operators ask."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

import click
from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections

from smarthd.kernel import actor, clock
from smarthd.messaging import selectors, services
from smarthd.messaging.adapters.sink.server import Sink
from smarthd.messaging.services import pushing
from smarthd.messaging.services.sending import Sender

IDLE_S = 0.5
LOST_S = 2.0
MOST_FAREWELLS = 5
"""Tries to write down the last answers when told to stop while the database is away."""


@click.group("messaging")
def group() -> None:
    """Gửi tới người dân: thông báo đẩy, thư, tin nhắn."""


class _Stop:
    """Set by SIGTERM or Ctrl-C: what is under way is finished first."""

    def __init__(self) -> None:
        self.asked = False
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, self._ask)

    def _ask(self, _signal: int, _frame: FrameType | None) -> None:
        self.asked = True


@group.command("send")
@click.option("--processes", type=int, default=1, show_default=True, help="Số tiến trình gửi cùng lúc.")
@click.option("--once", is_flag=True, help="Gửi hết phần đang chờ rồi dừng.")
@click.option("--console", is_flag=True, help="In ra màn hình thay vì gửi.")
def send(*, processes: int, once: bool, console: bool) -> None:
    """Gửi các thông báo đẩy đang chờ; chạy mãi cho tới khi được bảo dừng."""
    stop = _Stop()
    others = [
        subprocess.Popen([sys.executable, "-m", "config.cli", "messaging", "send", *(["--once"] if once else [])])
        for _ in range(processes - 1)
    ]
    try:
        _send(stop, once=once, console=console)
    finally:
        for other in others:
            if not once:
                other.terminate()
            other.wait()


def _send(stop: _Stop, *, once: bool, console: bool) -> None:
    """Send until told to stop. While the database is away what was answered is kept, and written down when it is back."""
    began, sender, farewells = time.process_time(), pushing.sender(console=console), 0
    while farewells < MOST_FAREWELLS:
        try:
            _work(sender, stop, once=once)
            sender.finish()
        except (OperationalError, InterfaceError) as lost:
            click.echo(f"  ! Cơ sở dữ liệu không ghi được ({str(lost).splitlines()[0]}); thử lại.", err=True)
            close_old_connections()
            sender.listen_for(LOST_S)
            farewells += stop.asked
            continue
        if once:
            click.echo(f"Máy chủ thông báo đã nhận: {sender.accepted}. CPU {time.process_time() - began:.2f} giây.")
        return
    sender.abandon()


def _work(sender: Sender, stop: _Stop, *, once: bool) -> None:
    while not stop.asked:
        if sender.step():
            continue
        if once:
            return
        if not pushing.fill_pool(now=clock.now()):
            time.sleep(IDLE_S)


@group.command("sink")
@click.option("--port", type=int, default=9443, show_default=True, help="Cổng lắng nghe trên máy này.")
def sink(*, port: int) -> None:
    """Chạy máy chủ thông báo giả trên máy này, để thử và diễn tập (cần PUSH_LOOPBACK=true ở bên gửi)."""
    service = Sink(Path(settings.DATA_DIR) / pushing.SINK, port=port)
    click.echo(f"Máy chủ thông báo giả: https://127.0.0.1:{port}/p/ok/<tên>   (đếm: /counts, điều khiển: /control)")
    try:
        asyncio.run(service.serve())
    except KeyboardInterrupt:
        click.echo(str(service.box.facts()))


@group.command("pool")
@click.option("--seconds", type=float, default=0.0, help="Làm thêm khóa trong ngần ấy giây.")
def pool(*, seconds: float) -> None:
    """Số khóa làm sẵn cho cảnh báo; làm thêm nếu được bảo."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends and pushing.fill_pool(now=clock.now()):
        pass
    level, phones = pushing.pool_level()
    click.echo(f"Khóa làm sẵn: {level} / {phones} máy")


@group.command("status")
def status() -> None:
    """Phần đang chờ gửi, các máy chủ thông báo đang từ chối."""
    waiting = selectors.backlog(now=clock.now())
    since = f", cũ nhất từ {waiting.oldest_at.astimezone(clock.ZONE):%H:%M:%S %d/%m/%Y}" if waiting.oldest_at else ""
    click.echo(f"Đang chờ: {waiting.phones} máy trong {waiting.chunks} gói{since}")
    for alarm in selectors.push_alarms():
        when = f"{alarm.since.astimezone(clock.ZONE):%H:%M %d/%m/%Y}"
        click.echo(f"! {alarm.origin} từ chối ta từ {when}: {alarm.fault}")


@group.command("reopen")
@click.argument("origin")
def reopen(*, origin: str) -> None:
    """Gửi lại tới một máy chủ thông báo đã từ chối, sau khi đã sửa nguyên nhân."""
    if not services.reopen_origin(origin, actor=actor.system("command"), now=clock.now()):
        raise click.ClickException(f"“{origin}” không ở trong danh sách đang bị từ chối. Xem: smarthd messaging status")
    click.echo(f"Đã mở lại {origin}.")
