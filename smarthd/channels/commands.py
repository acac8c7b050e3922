"""``smarthd channels``: bulletins and outlets from the terminal, a voice to listen to, a cluster of loudspeakers to play."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any
from uuid import UUID

import click

from smarthd.channels.rules.refusals import WORDS
from smarthd.kernel import actor, clock
from smarthd.kernel.errors import Refusal


class _Refusing(click.Group):
    """Says a refusal in Vietnamese and ends with code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Refusal as refusal:
            title, body, _status = WORDS.get(refusal.name, (refusal.name, "", None))
            raise click.ClickException(f"{title}. {body}".strip()) from refusal


@click.group("channels", cls=_Refusing)
def group() -> None:
    """Kênh phát: bản tin tới báo, đài, cổng thông tin, mạng xã hội, loa truyền thanh."""


@group.command("list")
def list_command() -> None:
    """Các bản tin mới nhất và số lượt gửi theo từng trạng thái."""
    from smarthd.channels.rules.dispatches import STATE_WORDS, State
    from smarthd.channels.selectors import desk

    for row in desk.board(actor.system("cli"), stand="tat-ca", now=clock.now()).rows:
        counts = ", ".join(f"{STATE_WORDS[State(state)].lower()} {count}" for state, count in row.counts.items())
        drill = "[DIỄN TẬP] " if row.drill else ""
        click.echo(
            f"{row.uid}  {row.taken_at.astimezone(clock.ZONE):%H:%M %d/%m/%Y}  {drill}{row.title}: {counts or 'chưa có nơi nhận'}"
        )


@group.command("resend")
@click.argument("uid", type=click.UUID)
def resend_command(uid: UUID) -> None:
    """Gửi lại một lượt gửi."""
    from smarthd.channels.services import dispatching

    dispatching.resend(uid, actor=actor.system("cli"), now=clock.now())
    click.echo("Đã xếp hàng gửi lại.")


@group.command("say")
@click.argument("text")
@click.option(
    "--to", "path", type=click.Path(path_type=Path, dir_okay=False), help="Tệp MP3 để ghi; không có thì chỉ in lời đọc."
)
def say_command(text: str, path: Path | None) -> None:
    """In lời văn như giọng đọc sẽ đọc, và ghi ra tệp MP3 để nghe thử."""
    from smarthd.channels.ports import VoiceUnavailable
    from smarthd.channels.rules import spoken
    from smarthd.channels.services import speaking

    said = spoken.read(text)
    click.echo(said)
    if path is None:
        return
    try:
        made = speaking.voice().speak(said)
    except VoiceUnavailable as fault:
        msg = f"Chưa có giọng đọc trên máy này ({fault}). Cài bằng: uv sync --extra speech"
        raise click.ClickException(msg) from None
    path.write_bytes(made.mp3)
    click.echo(f"Đã ghi {path}, dài {made.milliseconds / 1000:.1f} giây.")


@group.command("speaker")
@click.option("--cluster", default="cum-thu", show_default=True, help="Tên cụm loa.")
@click.option("--mqtt", default="", help="Máy chủ MQTT, ví dụ mqtt://127.0.0.1:1883; không có thì nhận qua HTTP.")
@click.option("--port", default=8765, show_default=True, help="Cổng HTTP trên chính máy này.")
@click.option("--secret", default="", envvar="SPEAKER_SECRET", help="Mã truy cập HTTP, hoặc tên:mật-khẩu MQTT.")
@click.option("--fail", "fails", default="", help="Lý do báo không phát được, ví dụ “mất điện”.")
@click.option("--refuse", "refuses", is_flag=True, help="Từ chối mọi lệnh phát.")
@click.option("--silent", is_flag=True, help="Không trả lời, như khi mất mạng.")
@click.option("--seconds", default=0, help="Tự dừng sau bấy nhiêu giây; 0 thì chạy đến khi bấm Ctrl-C.")
def speaker_command(
    *, cluster: str, mqtt: str, port: int, secret: str, fails: str, refuses: bool, silent: bool, seconds: int
) -> None:
    """Đóng vai cụm loa của một xã: nhận lệnh, in lời phát đúng giờ, báo kết quả."""
    from smarthd.channels.adapters import cluster as clusters

    played = clusters.Cluster(cluster, fails=fails, refuses=refuses, silent=silent, say=click.echo)
    stop = threading.Event()
    if seconds:
        threading.Timer(seconds, stop.set).start()
    try:
        if mqtt:
            with clusters.over_mqtt(played, mqtt, secret=secret) as tell:
                click.echo(
                    f"Cụm loa {cluster} đang nghe tại {mqtt}, chủ đề loa/{cluster}/viec. Địa chỉ nơi nhận: {mqtt}/{cluster}"
                )
                clusters.play_on(played, tell, stop=stop)
        else:
            with clusters.over_http(played, port=port, token=secret) as address:
                click.echo(f"Cụm loa {cluster} đang nghe. Địa chỉ nơi nhận: {address}")
                clusters.play_on(played, lambda _words: None, stop=stop)
    except KeyboardInterrupt:
        click.echo("Đã dừng.")
    except OSError as fault:
        raise click.ClickException(f"Không mở được: {fault}") from None
