"""``smarthd connectors``: the departments' systems played on this machine."""

from __future__ import annotations

import click

from smarthd.connectors.adapters import play


@click.group("connectors")
def group() -> None:
    """Dữ liệu của sở, ngành, xã, phường."""


@group.command("play")
@click.option("--port", type=int, default=8790, show_default=True, help="Cổng trên 127.0.0.1.")
def play_command(port: int) -> None:
    """Đóng vai hệ thống một cửa và camera của các sở, cho bản dùng thử. Dừng bằng Ctrl-C."""
    click.echo(f"Đang đóng vai hệ thống các sở tại http://127.0.0.1:{port}")
    play.serve(port)
