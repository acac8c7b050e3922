"""``smarthd``: every command of the product. Each context brings a click group in its ``commands.py``, found by name."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from importlib.util import find_spec

import click

CONTEXTS = (
    "places",
    "people",
    "messaging",
    "agencies",
    "content",
    "rollout",
    "fieldreports",
    "alerts",
    "channels",
    "connectors",
    "insights",
)


class Smarthd(click.Group):
    """Loads a context's commands only when they are asked for, so that ``smarthd --help`` is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        own = super().list_commands(ctx)
        return sorted([*own, *(name for name in CONTEXTS if find_spec(f"smarthd.{name}.commands"))])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in CONTEXTS or find_spec(f"smarthd.{cmd_name}.commands") is None:
            return super().get_command(ctx, cmd_name)
        prepare()
        command: click.Command = import_module(f"smarthd.{cmd_name}.commands").group
        return command


def prepare() -> None:
    """Make Django ready, or say in Vietnamese what is wrong with the environment."""
    from config.env import EnvProblems

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        import django

        django.setup()
    except EnvProblems as problems:
        click.echo("Cấu hình chưa dùng được:", err=True)
        for line in problems.lines:
            click.echo(f"  - {line}", err=True)
        sys.exit(2)


@click.group(cls=Smarthd, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Smart-HaiDuong: ứng dụng của tỉnh dành cho người dân, việc triển khai và những con số trung thực."""


if __name__ == "__main__":
    main()
